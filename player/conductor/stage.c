/* From what the outlook says to what is done about it: what is due soon is prepared, what has to
 * give way fades out, what the outlook knows nothing of is dropped. What comes to its own end is
 * left alone: there the card has the last word, not the plan. */
#include "conductor/conductor_private.h"

#define PREPARE_US      (INT64_C(6) * G_USEC_PER_SEC)
#define FADE_US         (INT64_C(300) * 1000)
#define MOVED_US        G_USEC_PER_SEC        /* a run that begins this much later is another one */
#define SOONER_US       (INT64_C(200) * 1000) /* one that begins this much earlier is prepared anew */
#define STEPPED_BACK_US (INT64_C(30) * G_USEC_PER_SEC) /* prepared, and now far ahead again */
#define BUSY_US         (INT64_C(100) * 1000)
#define IDLE_US         G_USEC_PER_SEC
#define LEAST_US        (INT64_C(5) * 1000)
#define PASSES          4

static bool is_about(const Conductor *self, const Sounding *sounding, TimelineWho who,
                     unsigned repeat)
{
    OutlookWho one = outlook_who(self->outlook, who, repeat);
    if (one.entry)
        return !sounding->alert && g_str_equal(one.entry->airing->id, sounding->id);
    return one.alert && sounding->alert && repeat == sounding->receipt->repeat &&
           g_str_equal(one.alert->id, sounding->alert);
}

/* ---- the outlook ---- */

static Outlook *ask(const Conductor *self)
{
    return outlook_new(&(OutlookInput){
        .agenda = self->agenda,
        .happenings = self->happenings,
        .life = &self->life,
        .mute = &self->mute,
        .interlock = self->settings.interlock,
        .plan = self->plan,
        .heard = self->heard,
        .now_us = conductor_wall(self),
        .boottime_us = conductor_boottime(self),
        .trusted = !self->untrusted,
    });
}

static void refresh(Conductor *self)
{
    int64_t now_us = conductor_wall(self);
    bool stale = !self->outlook || self->changed || self->untrusted || now_us >= self->edge_us ||
                 now_us < self->outlook_us;
    if (!stale)
        return;
    for (unsigned i = 0; i < PASSES; i++) {
        g_clear_pointer(&self->outlook, outlook_free);
        self->outlook = ask(self);
        if (self->untrusted || !outlook_correct(self->outlook, now_us))
            break;
    }
    self->changed = false;
    self->outlook_us = now_us;
    self->edge_us = outlook_next_edge(self->outlook, now_us);
}

/* ---- what is due ---- */

static bool is_taken(const Conductor *self, const OutlookWho *who)
{
    g_autofree char *play =
        who->alert ? conductor_play_id(self, who->alert->id, who->repeat) : NULL;
    const Sounding *sounding = conductor_find(self, play ? play : who->entry->airing->id);
    if (sounding)
        return sounding->state != SOUNDING_SILENT;
    return play ? g_hash_table_contains(self->known, play) : who->entry->state != AGENDA_OPEN;
}

static void begin_due(Conductor *self)
{
    const Timeline *timeline = outlook_timeline(self->outlook);
    int64_t now_us = conductor_wall(self);
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
    for (unsigned i = 0; i < timeline->n_pieces && !self->closing; i++) {
        const TimelinePiece *piece = &timeline->pieces[i];
        if (piece->from_us > now_us + PREPARE_US)
            return;
        OutlookWho who = outlook_who(self->outlook, piece->who, piece->repeat);
        bool first = piece->until_us > now_us &&
                     g_hash_table_add(seen, who.entry ? (gpointer)who.entry : (gpointer)who.alert);
        if (first && (who.entry || who.alert) && !is_taken(self, &who))
            performance_begin(self, &who, piece);
    }
}

/* ---- what sounds ---- */

static bool is_own_end(TimelineRule rule)
{
    return rule == TIMELINE_RULE_COMPLETE || rule == TIMELINE_RULE_ENDED ||
           rule == TIMELINE_RULE_CONTINUED || rule == TIMELINE_RULE_OFF ||
           rule == TIMELINE_RULE_FAILED;
}

/* The piece that ends the run of a piece. */
static const TimelinePiece *run_end(const Timeline *timeline, const TimelinePiece *piece)
{
    const TimelinePiece *last = piece, *end = timeline->pieces + timeline->n_pieces;
    for (const TimelinePiece *one = piece + 1; one < end && one->from_us <= last->until_us; one++)
        if (one->who == last->who && one->repeat == last->repeat && one->from_us == last->until_us)
            last = one;
    return last;
}

static StopCause cause_of(TimelineRule rule)
{
    return rule == TIMELINE_RULE_QUIET       ? STOP_POLICY
           : rule == TIMELINE_RULE_CANCELLED ? STOP_CANCELLED
           : rule == TIMELINE_RULE_MUTED     ? STOP_MUTED
                                             : STOP_DISPLACED;
}

/* What comes back after the silence is not what was silenced, unless it goes on without us. */
static bool is_final(const Sounding *sounding, TimelineRule rule)
{
    if (rule == TIMELINE_RULE_MUTED)
        return !plan_item_is_stream(sounding->airing->items->pdata[sounding->item]);
    return rule == TIMELINE_RULE_DROP || rule == TIMELINE_RULE_QUIET ||
           rule == TIMELINE_RULE_CANCELLED;
}

static void give_way(Conductor *self, Sounding *sounding, TimelineRule rule, TimelineWho by)
{
    OutlookWho who = outlook_who(self->outlook, by, 0);
    StopCause cause = cause_of(rule);
    if (cause == STOP_MUTED) {
        sounding->lost_to_others = true;
        sounding->lost = STOP_MUTED;
    }
    if (cause == STOP_DISPLACED) {
        g_free(sounding->winner);
        sounding->winner = g_strdup(outlook_id(self->outlook, by));
        sounding->lost_to_others |= who.alert != NULL;
        sounding->lost = who.alert ? STOP_DISPLACED : sounding->lost;
    }
    performance_stop(self, sounding, cause, is_final(sounding, rule));
}

/* Who sounds at this instant, other than this one. */
static TimelineWho holder(const Conductor *self, const Sounding *sounding, int64_t now_us)
{
    const Timeline *timeline = outlook_timeline(self->outlook);
    for (unsigned i = 0; i < timeline->n_pieces; i++) {
        const TimelinePiece *piece = &timeline->pieces[i];
        if (piece->from_us <= now_us && piece->until_us > now_us &&
            !is_about(self, sounding, piece->who, piece->repeat))
            return piece->who;
    }
    return TIMELINE_NOBODY;
}

/* The outlook has it begin later, or not at all any more. */
static void hold_back(Conductor *self, Sounding *sounding, int64_t now_us)
{
    TimelineWho by = holder(self, sounding, now_us);
    if (sounding->state == SOUNDING_PREPARED)
        performance_stop(self, sounding, STOP_NONE, false);
    else if (by != TIMELINE_NOBODY)
        give_way(self, sounding, TIMELINE_RULE_RANK, by);
}

static void set_gain(Conductor *self, Sounding *sounding, int gain_mdb)
{
    Audio *audio = self->settings.audio;
    if (sounding->ceiling_mdb == gain_mdb || sounding->state != SOUNDING_ARMED)
        return;
    sounding->ceiling_mdb = gain_mdb;
    double db = MIN(gain_mdb - sounding->gain_mdb, 0) / 1000.0;
    audio->ops->duck(audio, sounding->audio, db);
    if (sounding->standin.audio)
        audio->ops->duck(audio, sounding->standin.audio, db);
}

static void follow_run(Conductor *self, Sounding *sounding, const TimelinePiece *piece,
                       int64_t now_us)
{
    const TimelinePiece *last = run_end(outlook_timeline(self->outlook), piece);
    int64_t begins_us = sounding->heard ? now_us : MAX(sounding->start_us, now_us);
    bool prepared = sounding->state == SOUNDING_PREPARED;
    bool sooner =
        prepared && sounding->start_us > MAX(piece->from_us, now_us + MOVED_US) + SOONER_US;
    if (piece->from_us > begins_us + MOVED_US || sooner ||
        (prepared && sounding->start_us > now_us + STEPPED_BACK_US)) {
        hold_back(self, sounding, now_us);
        return;
    }
    if (is_own_end(last->end_rule)) {
        set_gain(self, sounding, piece->gain_mdb);
        return;
    }
    sounding->cut_us = last->until_us;
    if (sounding->state == SOUNDING_ARMED && last->until_us - FADE_US <= now_us)
        give_way(self, sounding, last->end_rule, last->end_by);
    else
        set_gain(self, sounding, piece->gain_mdb);
}

static void follow(Conductor *self, Sounding *sounding)
{
    const Timeline *timeline = outlook_timeline(self->outlook);
    int64_t now_us = conductor_wall(self);
    const TimelinePiece *before = NULL;
    sounding->cut_us = 0;
    for (unsigned i = 0; i < timeline->n_pieces; i++) {
        const TimelinePiece *piece = &timeline->pieces[i];
        if (!is_about(self, sounding, piece->who, piece->repeat))
            continue;
        if (piece->until_us > now_us) {
            follow_run(self, sounding, piece, now_us);
            return;
        }
        before = piece;
    }
    if (!before || sounding->state == SOUNDING_PREPARED)
        hold_back(self, sounding, now_us);
    else if (!is_own_end(before->end_rule))
        give_way(self, sounding, before->end_rule, before->end_by);
}

static void follow_all(Conductor *self)
{
    g_autoptr(GPtrArray) now = g_ptr_array_copy(self->soundings, NULL, NULL);
    g_ptr_array_set_free_func(now, NULL);
    for (unsigned i = 0; i < now->len; i++) {
        Sounding *one = now->pdata[i];
        bool going = one->state == SOUNDING_PREPARED || one->state == SOUNDING_ARMED;
        if (going && !one->apart)
            follow(self, one);
    }
    for (unsigned i = 0; i < now->len; i++) {
        performance_tick(self, now->pdata[i]);
        standin_tick(self, now->pdata[i]);
    }
    test_tone_yield(self);
}

void stage_follow(Conductor *self)
{
    for (unsigned i = 0; i < PASSES; i++) {
        refresh(self);
        absence_settle(self);
        if (self->changed)
            continue;
        begin_due(self);
        follow_all(self);
        if (!self->changed)
            return;
    }
}

int64_t stage_wait_us(const Conductor *self)
{
    int64_t now_us = conductor_wall(self);
    bool busy = self->amplifier_off_us > 0;
    for (unsigned i = 0; i < self->soundings->len; i++)
        busy |= ((Sounding *)self->soundings->pdata[i])->state != SOUNDING_SILENT;
    int64_t wait_us = busy ? BUSY_US : IDLE_US;
    for (unsigned i = 0; i < self->soundings->len; i++) {
        const Sounding *one = self->soundings->pdata[i];
        if (one->state == SOUNDING_ARMED && one->cut_us > now_us)
            wait_us = MIN(wait_us, MAX(one->cut_us - FADE_US - now_us, LEAST_US));
    }
    if (self->edge_us > now_us)
        wait_us = MIN(wait_us, MAX(self->edge_us - now_us, LEAST_US));
    return self->changed ? LEAST_US : wait_us;
}
