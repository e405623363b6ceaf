/* Facts to events, and back.
 *
 * What has begun is given as it was: when the plan wanted it, when it was silent, when it ended. So
 * the timeline's past is the true one, whatever the card, a decoder or the clock did to it, and its
 * future starts where the sound is. Facts are kept on the wall clock of their time; when that clock
 * is set meanwhile, they move along with it, because they are about sound and not about clocks.
 * What ended in an earlier run comes from the journal as it stands there, and counts in the minutes
 * of its day even when no plan names it any more. */
#include "conductor/outlook.h"

#define OVERDUE_US (3 * G_USEC_PER_SEC) /* a tick and a decoder's start are no lateness */
#define SLEW_US    G_USEC_PER_SEC       /* a clock that is steered is not set */

struct Outlook {
    GArray *airings;    /* TimelineAiring */
    GArray *events;     /* TimelineEvent */
    GPtrArray *entries; /* AgendaEntry* or NULL, one per airing */
    GPtrArray *lengths; /* TimelineItem*: of airings that are in no agenda */
    GPtrArray *alerts;  /* Happening* or NULL, one per event */
    Timeline *timeline;
    int64_t beyond_us; /* the first airing that lies too far ahead; INT64_MAX = none does */
};

static void add_event(Outlook *self, TimelineEvent event)
{
    g_array_append_val(self->events, event);
    g_ptr_array_add(self->alerts, NULL);
}

/* ---- airings ---- */

static int64_t shift_of(const OutlookInput *input, const AgendaEntry *entry)
{
    int64_t shift_us = input->now_us - input->boottime_us - entry->frame_us;
    return ABS(shift_us) < SLEW_US ? 0 : shift_us;
}

static void add_facts(Outlook *self, const OutlookInput *input, const AgendaEntry *entry)
{
    const char *id = entry->airing->id;
    int64_t shift_us = shift_of(input, entry);
    add_event(self, (TimelineEvent){.kind = TIMELINE_STARTED,
                                    .id = id,
                                    .at_us = entry->resolved_us + shift_us});
    for (unsigned i = 0; i < entry->silences->len; i++) {
        AgendaSpan span = g_array_index(entry->silences, AgendaSpan, i);
        add_event(self, (TimelineEvent){
                            .kind = TIMELINE_SILENT,
                            .id = id,
                            .at_us = span.from_us + shift_us,
                            .until_us = span.until_us ? span.until_us + shift_us : 0,
                        });
    }
    if (entry->ended_us)
        add_event(self, (TimelineEvent){
                            .kind = TIMELINE_ENDED, .id = id, .at_us = entry->ended_us + shift_us});
}

static void add_failure(Outlook *self, const OutlookInput *input, const AgendaEntry *entry)
{
    int64_t wait_us = MAX(entry->retry_us - input->boottime_us, 0);
    bool for_good = entry->retry_us == INT64_MAX;
    add_event(self, (TimelineEvent){
                        .kind = TIMELINE_FAILED,
                        .id = entry->airing->id,
                        .at_us = MIN(entry->failed_us, input->now_us),
                        .until_us = for_good ? 0 : input->now_us + wait_us,
                        .reason = entry->reason,
                    });
}

/* ---- of an earlier run ---- */

static void add_heard(Outlook *self, const Heard *heard)
{
    const char *id = heard->airing;
    add_event(self,
              (TimelineEvent){.kind = TIMELINE_STARTED, .id = id, .at_us = heard_first_us(heard)});
    for (unsigned i = 1; i < heard->spans->len; i++)
        add_event(self, (TimelineEvent){
                            .kind = TIMELINE_SILENT,
                            .id = id,
                            .at_us = g_array_index(heard->spans, HeardSpan, i - 1).until_us,
                            .until_us = g_array_index(heard->spans, HeardSpan, i).from_us,
                        });
    add_event(self,
              (TimelineEvent){.kind = TIMELINE_ENDED, .id = id, .at_us = heard_last_us(heard)});
}

/* One that ends in the future was read off a clock that was wrong, then or now. */
static bool is_recent(const OutlookInput *input, const Heard *heard)
{
    return heard_last_us(heard) <= input->now_us &&
           heard_first_us(heard) > input->now_us - AGENDA_REMEMBER_US;
}

static const Heard *heard_before(const OutlookInput *input, const AgendaEntry *entry)
{
    const Heard *heard = g_hash_table_lookup(input->heard, entry->airing->id);
    return heard && !entry->has_facts && is_recent(input, heard) ? heard : NULL;
}

/* No plan tells any more what it was: it was sound for so long. */
static void add_forgotten(Outlook *self, const Heard *heard)
{
    TimelineItem *item = g_new0(TimelineItem, 1);
    item->length_us = heard_length_us(heard);
    g_ptr_array_add(self->lengths, item);
    TimelineAiring one = {
        .id = heard->airing,
        .start_us = heard_first_us(heard),
        .tolerance_us = -1,
        .rank = RANK_NORMAL,
        .class = CLASS_NORMAL,
        .items = item,
        .n_items = 1,
    };
    add_heard(self, heard);
    g_array_append_val(self->airings, one);
    g_ptr_array_add(self->entries, NULL);
}

static void add_all_forgotten(Outlook *self, const OutlookInput *input)
{
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, input->heard);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const Heard *heard = value;
        if (is_recent(input, heard) && !agenda_find(input->agenda, heard->airing))
            add_forgotten(self, heard);
    }
}

/* Nothing of it was heard: it held its place in the plan, and that is all that matters of it. */
static void add_place(Outlook *self, const AgendaEntry *entry)
{
    add_event(self, (TimelineEvent){.kind = TIMELINE_FAILED,
                                    .id = entry->airing->id,
                                    .at_us = entry->airing->start_us,
                                    .reason = REASON_NONE});
}

static bool is_within(const OutlookInput *input, const AgendaEntry *entry)
{
    if (entry->airing->start_us > input->now_us + OUTLOOK_AHEAD_US)
        return false;
    return entry->state != AGENDA_ENDED ||
           entry->airing->start_us > input->now_us - AGENDA_REMEMBER_US;
}

/* One from the future was read off a clock that was wrong. */
static bool is_late_known(const OutlookInput *input, const AgendaEntry *entry)
{
    return entry->known_us > entry->airing->start_us && entry->known_us <= input->now_us;
}

static void add_airing(Outlook *self, const OutlookInput *input, AgendaEntry *entry)
{
    const PlanAiring *airing = entry->airing;
    const Heard *heard = heard_before(input, entry);
    TimelineAiring one = {
        .id = airing->id,
        .start_us = airing->start_us,
        .tolerance_us = airing->start_by_us - airing->start_us,
        .known_us = is_late_known(input, entry) ? entry->known_us : 0,
        .valid_until_us = airing->valid_until_us,
        .order = airing->order,
        .level = airing->level,
        .came_us = airing->came_us,
        .rank = airing->rank,
        .class = airing->class,
        .on_preempt = airing->on_preempt,
        .items = entry->items,
        .n_items = airing->items->len,
        .gain_mdb = airing->gain_mdb,
        .outputs = airing->outputs,
    };
    if (entry->has_facts) {
        int64_t resolved_us = entry->resolved_us + shift_of(input, entry);
        one.start_us = MIN(one.start_us, resolved_us);
        add_facts(self, input, entry);
    } else if (heard) {
        one.start_us = MIN(one.start_us, heard_first_us(heard));
        add_heard(self, heard);
    } else if (entry->state == AGENDA_ENDED) {
        add_place(self, entry);
    } else if (entry->failed) {
        add_failure(self, input, entry);
    }
    g_array_append_val(self->airings, one);
    g_ptr_array_add(self->entries, entry);
}

static void add_plan(Outlook *self, const OutlookInput *input)
{
    for (unsigned i = 0; i < agenda_length(input->agenda); i++) {
        AgendaEntry *entry = agenda_at(input->agenda, i);
        if (is_within(input, entry))
            add_airing(self, input, entry);
        else if (entry->airing->start_us > input->now_us)
            self->beyond_us = MIN(self->beyond_us, entry->airing->start_us);
    }
    add_all_forgotten(self, input);
}

/* ---- the answer ---- */

Outlook *outlook_new(const OutlookInput *input)
{
    Outlook *self = g_new0(Outlook, 1);
    self->beyond_us = INT64_MAX;
    self->airings = g_array_new(FALSE, FALSE, sizeof(TimelineAiring));
    self->events = g_array_new(FALSE, FALSE, sizeof(TimelineEvent));
    self->entries = g_ptr_array_new();
    self->lengths = g_ptr_array_new_with_free_func(g_free);
    self->alerts = g_ptr_array_new();
    happenings_events(input->happenings, input->now_us, input->boottime_us, input->trusted,
                      self->events, self->alerts);
    add_plan(self, input);
    TimelineEvent off[LIFE_MAX_OFF];
    unsigned n_off = life_events(input->life, input->now_us, input->boottime_us, off);
    for (unsigned i = 0; i < n_off; i++)
        add_event(self, off[i]);

    TimelineEvent muted[MUTE_MAX];
    unsigned n_muted = mute_events(input->mute, muted);
    for (unsigned i = 0; i < n_muted; i++)
        add_event(self, muted[i]);

    g_autoptr(InterlockRules) rules = interlock_rules(input->interlock, input->plan);
    self->timeline = timeline_resolve(
        (TimelineAirings){(const TimelineAiring *)(void *)self->airings->data, self->airings->len},
        (TimelineEvents){(const TimelineEvent *)(void *)self->events->data, self->events->len},
        interlock_policies(rules), input->now_us);
    return self;
}

void outlook_free(Outlook *self)
{
    if (!self)
        return;
    timeline_free(self->timeline);
    g_array_unref(self->airings);
    g_array_unref(self->events);
    g_ptr_array_unref(self->entries);
    g_ptr_array_unref(self->lengths);
    g_ptr_array_unref(self->alerts);
    g_free(self);
}

const Timeline *outlook_timeline(const Outlook *self)
{
    return self->timeline;
}

OutlookWho outlook_who(const Outlook *self, TimelineWho who, unsigned repeat)
{
    unsigned index = (unsigned)who;
    if (who < 0)
        return (OutlookWho){0};
    if (index < self->entries->len)
        return (OutlookWho){.entry = self->entries->pdata[index]};
    return (OutlookWho){.alert = self->alerts->pdata[index - self->entries->len], .repeat = repeat};
}

const char *outlook_id(const Outlook *self, TimelineWho who)
{
    if (who >= 0 && (unsigned)who < self->airings->len)
        return g_array_index(self->airings, TimelineAiring, who).id;
    const Happening *alert = outlook_who(self, who, 0).alert;
    return alert ? alert->id : NULL;
}

const TimelineFate *outlook_fate(const Outlook *self, TimelineWho who)
{
    return who >= 0 && (unsigned)who < self->timeline->n_fates ? &self->timeline->fates[who] : NULL;
}

static int64_t sooner(int64_t edge_us, int64_t at_us, int64_t now_us)
{
    return at_us > now_us ? MIN(edge_us, at_us) : edge_us;
}

int64_t outlook_next_edge(const Outlook *self, int64_t now_us)
{
    bool more = self->beyond_us < INT64_MAX;
    int64_t edge_us = more ? self->beyond_us - OUTLOOK_AHEAD_US : INT64_MAX;
    const Timeline *timeline = self->timeline;
    for (unsigned i = 0; i < timeline->n_pieces; i++) {
        edge_us = sooner(edge_us, timeline->pieces[i].from_us, now_us);
        edge_us = sooner(edge_us, timeline->pieces[i].until_us, now_us);
    }
    for (unsigned i = 0; i < timeline->n_absences; i++)
        edge_us = sooner(edge_us, timeline->absences[i].at_us, now_us);
    return edge_us;
}

bool outlook_correct(const Outlook *self, int64_t now_us)
{
    bool any = false;
    for (unsigned i = 0; i < self->entries->len; i++) {
        AgendaEntry *entry = self->entries->pdata[i];
        const TimelineFate *fate = &self->timeline->fates[i];
        bool overdue = fate->first_us && fate->first_us < now_us - OVERDUE_US;
        if (!entry || entry->state != AGENDA_OPEN || entry->held || !overdue)
            continue;
        entry->known_us = now_us;
        any = true;
    }
    return any;
}
