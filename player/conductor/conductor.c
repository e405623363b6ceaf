/* The order of a tick: save what could not be saved, judge the clock, ask the timeline, carry out
 * what it says. The conductor keeps no schedule of its own: it keeps what has happened, and the
 * timeline says what follows from that. */
#include "conductor/conductor_private.h"

#include "base/log.h"

#define ALIVE_EVERY_US (INT64_C(10) * G_USEC_PER_SEC)
#define SLEW_US        G_USEC_PER_SEC /* a clock that is steered is not set */

int64_t conductor_wall(const Conductor *self)
{
    return clock_wall_us(self->settings.clock);
}

int64_t conductor_boottime(const Conductor *self)
{
    return clock_boottime_us(self->settings.clock);
}

Sounding *conductor_find(const Conductor *self, const char *id)
{
    for (unsigned i = 0; i < self->soundings->len; i++) {
        Sounding *one = self->soundings->pdata[i];
        if (g_str_equal(one->id, id))
            return one;
    }
    return NULL;
}

char *conductor_play_id(const Conductor *self, const char *alert, unsigned repeat)
{
    return plan_airing_id(alert, 0, repeat, self->station);
}

int64_t conductor_in_frame(const Conductor *self, const AgendaEntry *entry, int64_t at_us)
{
    int64_t shift_us = conductor_wall(self) - conductor_boottime(self) - entry->frame_us;
    return ABS(shift_us) < SLEW_US ? at_us : at_us - shift_us;
}

SoundingHead conductor_head(Conductor *self)
{
    return (SoundingHead){
        .plan_epoch = self->plan ? self->plan->epoch : 0,
        .plan_version = self->plan ? self->plan->version : 0,
        .station = self->station,
        .boot_id = self->boot_id,
        .clock = self->judgement,
        .now_us = clock_wall_us(self->settings.clock),
    };
}

bool conductor_journal_said(Conductor *self, bool good, const GError *error)
{
    if (!good && !self->journal_fault)
        log_warning("%s; what happens meanwhile is kept in memory",
                    error ? error->message : "the journal cannot be written");
    if (good && self->journal_fault)
        log_notice("the journal can be written again");
    self->journal_fault = !good;
    if (!good)
        lost_mark_set(self->settings.lost, true);
    return good;
}

static void say(const Receipt *receipt)
{
    LogField fields[] = {{"AIRING", receipt->airing}, {0}};
    log_write(receipt->outcome == OUTCOME_PLAYED ? G_LOG_LEVEL_INFO : G_LOG_LEVEL_WARNING, fields,
              "airing %s: %s%s%s%s%s%s", receipt->airing, outcome_words[receipt->outcome],
              receipt->reason ? "/" : "", reason_words[receipt->reason], receipt->fault ? " (" : "",
              receipt->fault ? receipt->fault : "", receipt->fault ? ")" : "");
}

/* True when the journal has it, now or since before. */
static bool save(Conductor *self, Receipt *receipt)
{
    g_autoptr(GError) error = NULL;
    if (journal_end(self->settings.journal, receipt, &error)) {
        conductor_journal_said(self, true, NULL);
        return true;
    }
    if (g_error_matches(error, JOURNAL_ERROR, JOURNAL_ERROR_AGAIN)) {
        log_warning("%s; the second receipt is dropped", error->message);
        return true;
    }
    return conductor_journal_said(self, false, error);
}

void conductor_end(Conductor *self, Receipt *take_receipt)
{
    if (take_receipt->kind != RECEIPT_ORDER)
        say(take_receipt);
    g_hash_table_add(self->known, g_strdup(take_receipt->airing));
    agenda_end(self->agenda, take_receipt->airing, take_receipt->made_us);
    self->changed = true;
    if (!save(self, take_receipt)) {
        take_receipt->is_volatile = true;
        if (self->unsaved->len >= JOURNAL_MAX_WAITING)
            g_ptr_array_remove_index(self->unsaved, 0);
        g_ptr_array_add(self->unsaved, take_receipt);
        return;
    }
    receipt_free(take_receipt);
    if (self->settings.on_receipt)
        self->settings.on_receipt(self->settings.user);
}

static void save_unsaved(Conductor *self)
{
    bool any = false;
    while (self->unsaved->len > 0 && save(self, self->unsaved->pdata[0])) {
        g_ptr_array_remove_index(self->unsaved, 0);
        any = true;
    }
    if (any && self->settings.on_receipt)
        self->settings.on_receipt(self->settings.user);
    if (!self->journal_fault && self->unsaved->len == 0)
        lost_mark_set(self->settings.lost, false); /* it knows everything again */
}

/* ---- the clock ---- */

static void learn_time(Conductor *self, int64_t boottime_us)
{
    int64_t now_us = clock_wall_us(self->settings.clock);
    self->changed |= self->untrusted;
    self->untrusted = false;
    life_find_time(&self->life, now_us);
    if (self->life.trusted_since_us)
        return;
    bool from_start = self->life.up_since_us == -1;
    self->life.up_since_us = now_us - (boottime_us - self->life.born_us);
    self->life.trusted_since_us = from_start ? self->life.up_since_us : now_us;
}

static void judge_clock(Conductor *self)
{
    int64_t boottime_us = clock_boottime_us(self->settings.clock);
    self->judgement = trust_now(self->settings.trust);
    if (self->judgement.level >= TRUST_SYNCED) {
        learn_time(self, boottime_us);
        return;
    }
    if (self->life.up_since_us == -1)
        self->life.up_since_us = 0; /* not trusted from the start */
    if (!self->untrusted)
        self->untrusted_since_us = boottime_us;
    if (self->life.trusted_since_us)
        life_lose_time(&self->life, conductor_wall(self));
    self->untrusted = true;
}

static void mark_alive(Conductor *self)
{
    int64_t boottime_us = clock_boottime_us(self->settings.clock);
    bool due = boottime_us - self->marked_alive_us >= ALIVE_EVERY_US;
    if (self->untrusted || (self->marked_alive_us && !due))
        return;
    g_autoptr(GError) error = NULL;
    int64_t now_us = clock_wall_us(self->settings.clock);
    bool good = journal_alive(self->settings.journal, now_us, self->boot_id, &error);
    conductor_journal_said(self, good, error);
    self->marked_alive_us = boottime_us;
}

static void forget_alerts(Conductor *self)
{
    unsigned before = happenings_length(self->happenings);
    happenings_forget_expired(self->happenings, conductor_boottime(self));
    if (happenings_length(self->happenings) != before)
        g_clear_pointer(&self->outlook, outlook_free); /* it names them */
}

int64_t conductor_tick(Conductor *self)
{
    save_unsaved(self);
    judge_clock(self);
    mark_alive(self);
    recovery_give_up(self);
    forget_alerts(self);
    recovery_forbid(self);
    stage_follow(self);
    performance_tick_amplifier(self);
    return stage_wait_us(self);
}

/* ---- plans ---- */

static const PlanAiring *find(const Plan *plan, const char *id)
{
    for (unsigned i = 0; i < plan->airings->len; i++) {
        const PlanAiring *airing = plan->airings->pdata[i];
        if (g_str_equal(airing->id, id))
            return airing;
    }
    return NULL;
}

static bool is_same(const PlanAiring *a, const PlanAiring *b)
{
    if (a->start_us != b->start_us || a->items->len != b->items->len || a->gain_mdb != b->gain_mdb)
        return false;
    for (unsigned i = 0; i < a->items->len; i++) {
        const PlanItem *left = a->items->pdata[i], *right = b->items->pdata[i];
        if (g_strcmp0(left->sha256, right->sha256) != 0 ||
            g_strcmp0(left->bulletin_version, right->bulletin_version) != 0)
            return false;
    }
    return true;
}

/* What is on its way stays, unless the new plan took it back or, before it sounds, changed it. */
static void follow_plan(Conductor *self, const Plan *plan)
{
    for (unsigned i = self->soundings->len; i-- > 0;) {
        Sounding *one = self->soundings->pdata[i];
        if (one->alert)
            continue;
        const PlanAiring *airing = find(plan, one->id);
        if (!airing && one->airing->start_us >= plan->from_us)
            performance_stop(self, one, STOP_CANCELLED, true);
        else if (airing && !one->begun && !is_same(airing, one->airing))
            performance_stop(self, one, STOP_NONE, false);
    }
}

void conductor_set_plan(Conductor *self, Plan *plan)
{
    follow_plan(self, plan);
    agenda_load(self->agenda, plan, self->known, conductor_wall(self));
    plan_free(self->plan);
    self->plan = plan_hold(plan);
    g_clear_pointer(&self->outlook, outlook_free); /* it names entries that are gone */
    self->changed = self->forbids = true;
    recovery_take_plan(self);
}

/* ---- its life ---- */

static void read_last_life(Conductor *self)
{
    g_autofree char *boot_id = NULL;
    int64_t last_us;
    if (!journal_last_alive(self->settings.journal, &last_us, &boot_id))
        return;
    self->life.last_alive_us = last_us;
    self->life.same_boot = g_str_equal(boot_id, self->boot_id);
}

/* What may go on is not over. */
static void forget_drafts(Conductor *self)
{
    for (unsigned i = 0; i < self->drafts->len; i++)
        g_hash_table_remove(self->known, ((Receipt *)self->drafts->pdata[i])->airing);
}

static void heard_gone(gpointer heard)
{
    heard_free(heard);
}

/* A journal that cannot be read stops nobody: what may have sounded before does not sound again. */
static void read_journal(Conductor *self)
{
    g_autoptr(GError) error = NULL;
    self->known = journal_known(self->settings.journal, &error);
    if (self->known)
        read_last_life(self);
    else
        self->known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    self->heard = error ? NULL : journal_heard(self->settings.journal, &error);
    if (!self->heard)
        self->heard = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, heard_gone);
    if (!error && recovery_read(self, &error))
        forget_drafts(self);
    if (!error)
        return;
    self->amnesia = true;
    conductor_journal_said(self, false, error);
}

Conductor *conductor_new(const ConductorSettings *settings, GError **error)
{
    (void)error;
    g_autoptr(Conductor) self = g_new0(Conductor, 1);
    self->settings = *settings;
    self->station = g_strdup(settings->station);
    self->boot_id = g_strdup(settings->boot_id);
    self->agenda = agenda_new();
    self->soundings = g_ptr_array_new_with_free_func((GDestroyNotify)sounding_free);
    self->drafts = g_ptr_array_new_with_free_func((GDestroyNotify)receipt_free);
    self->happenings = happenings_new();
    self->unsaved = g_ptr_array_new_with_free_func((GDestroyNotify)receipt_free);
    self->life.born_us = clock_boottime_us(settings->clock);
    self->life.up_since_us = -1; /* the first look at the clock decides */
    self->amnesia = lost_mark_was_set(settings->lost);
    read_journal(self);
    judge_clock(self);
    ending_listen(self);
    return g_steal_pointer(&self);
}

void conductor_free(Conductor *self)
{
    if (!self)
        return;
    self->settings.audio->events = (AudioEvents){0};
    outlook_free(self->outlook);
    g_ptr_array_unref(self->soundings);
    g_ptr_array_unref(self->drafts);
    agenda_free(self->agenda);
    happenings_free(self->happenings);
    plan_free(self->plan);
    g_ptr_array_unref(self->unsaved);
    g_clear_pointer(&self->known, g_hash_table_unref);
    g_clear_pointer(&self->heard, g_hash_table_unref);
    g_free(self->station);
    g_free(self->boot_id);
    g_free(self);
}

void conductor_shut_down(Conductor *self)
{
    self->closing = true;
    for (unsigned i = self->soundings->len; i-- > 0;) {
        Sounding *one = self->soundings->pdata[i];
        if (one->state != SOUNDING_SILENT)
            performance_stop(self, one, STOP_SHUTDOWN, true);
    }
}

/* What is silent or only prepared is not meant. */
void conductor_stop_local(Conductor *self)
{
    for (unsigned i = self->soundings->len; i-- > 0;) {
        Sounding *one = self->soundings->pdata[i];
        if (one->state == SOUNDING_ARMED)
            performance_stop(self, one, STOP_LOCAL, true);
    }
}

HappeningTaken conductor_alert(Conductor *self, const HappeningAlert *alert)
{
    HappeningTaken taken =
        happenings_alert(self->happenings, alert, conductor_wall(self), conductor_boottime(self));
    if (taken != HAPPENING_TAKEN)
        return taken;
    recovery_take_alert(self, happenings_find(self->happenings, alert->id));
    self->changed = true;
    stage_follow(self);
    return taken;
}

void conductor_cancel(Conductor *self, const char *id, int64_t until_us)
{
    happenings_cancel(self->happenings, id, until_us, conductor_wall(self),
                      conductor_boottime(self));
    /* One that is armed and has not begun has no piece any more that could tell of its end. */
    Sounding *one = conductor_find(self, id);
    if (one && !one->alert)
        performance_stop(self, one, STOP_CANCELLED, true);
    self->changed = true;
    stage_follow(self);
}

void conductor_confirm(Conductor *self, const char *id)
{
    happenings_confirm(self->happenings, id);
    self->changed = true;
}

bool conductor_is_idle(const Conductor *self)
{
    for (unsigned i = 0; i < self->soundings->len; i++)
        if (((Sounding *)self->soundings->pdata[i])->state != SOUNDING_SILENT)
            return false;
    return true;
}

const char *conductor_now_playing(const Conductor *self)
{
    const Sounding *best = NULL;
    for (unsigned i = 0; i < self->soundings->len; i++) {
        const Sounding *one = self->soundings->pdata[i];
        if (one->state == SOUNDING_ARMED && one->heard && !one->apart &&
            (!best || one->rank < best->rank))
            best = one;
    }
    return best ? best->id : NULL;
}

bool conductor_is_alerting(const Conductor *self)
{
    for (unsigned i = 0; i < self->soundings->len; i++) {
        const Sounding *one = self->soundings->pdata[i];
        if (one->state == SOUNDING_ARMED && one->heard && one->alert)
            return true;
    }
    return false;
}

const char *conductor_device_fault(const Conductor *self)
{
    return *self->device_fault ? self->device_fault : NULL;
}

void conductor_note_device(Conductor *self, const Receipt *receipt)
{
    if (receipt->outcome == OUTCOME_PLAYED)
        *self->device_fault = '\0';
    else if (receipt->reason == REASON_DEVICE_FAULT)
        g_strlcpy(self->device_fault, receipt->fault ? receipt->fault : "device",
                  sizeof self->device_fault);
}

bool conductor_journal_fault(const Conductor *self)
{
    return self->journal_fault;
}
