/* The order of a tick: save what could not be saved, judge the clock, move what is on its way, then
 * look at what is due. Airings are looked at in the plan's order; the first that can start does,
 * the others note what kept them until they may start or their time is over. */
#include "conductor/conductor_private.h"

#include "base/log.h"

#define PREPARE_US     (INT64_C(6) * G_USEC_PER_SEC)
#define ALIVE_EVERY_US (INT64_C(10) * G_USEC_PER_SEC)
#define BUSY_TICK_US   (INT64_C(100) * 1000)
#define IDLE_TICK_US   G_USEC_PER_SEC

SoundingHead conductor_head(Conductor *self)
{
    return (SoundingHead){
        .station = self->station,
        .boot_id = self->boot_id,
        .clock = self->judgement,
        .now_us = clock_wall_us(self->settings.clock),
    };
}

bool conductor_journal_said(Conductor *self, bool good, const GError *error)
{
    if (!good && !self->journal_fault)
        log_warning("%s; nothing starts until it can be written",
                    error ? error->message : "the journal cannot be written");
    if (good && self->journal_fault)
        log_notice("the journal can be written again");
    self->journal_fault = !good;
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
    say(take_receipt);
    g_hash_table_add(self->known, g_strdup(take_receipt->airing));
    agenda_remove(self->agenda, take_receipt->airing);
    if (!save(self, take_receipt)) {
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
}

/* ---- the clock ---- */

static void learn_time(Conductor *self, int64_t boottime_us)
{
    int64_t now_us = clock_wall_us(self->settings.clock);
    self->untrusted = false;
    if (self->life.trusted_since_us)
        return;
    bool from_start = self->life.up_since_us == -1;
    self->life.up_since_us = now_us - (boottime_us - self->born_us);
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

/* ---- what is due ---- */

static void look_at_due(Conductor *self)
{
    int64_t horizon_us = clock_wall_us(self->settings.clock) + PREPARE_US;
    for (unsigned i = 0; i < agenda_length(self->agenda);) {
        AgendaEntry *entry = agenda_at(self->agenda, i);
        if (entry->airing->start_us > horizon_us)
            return;
        bool sounds = self->current && g_str_equal(self->current->airing->id, entry->airing->id);
        if (!sounds && absence_judge(self, entry))
            continue; /* closed, and gone from the list */
        unsigned before = agenda_length(self->agenda);
        if (!self->current && !self->closing && performance_begin(self, entry))
            performance_tick(self); /* it may be high time */
        i += agenda_length(self->agenda) == before;
    }
}

int64_t conductor_tick(Conductor *self)
{
    save_unsaved(self);
    judge_clock(self);
    mark_alive(self);
    if (self->current)
        performance_tick(self);
    look_at_due(self);
    performance_tick_amplifier(self);
    return self->current || self->amplifier_off_us ? BUSY_TICK_US : IDLE_TICK_US;
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
        if (!g_str_equal(left->sha256, right->sha256) ||
            !g_str_equal(left->bulletin_version, right->bulletin_version))
            return false;
    }
    return true;
}

/* What is on its way stays, unless the new plan took it back or, before it sounds, changed it. */
static void follow_plan(Conductor *self, const Plan *plan)
{
    Sounding *current = self->current;
    if (!current || current->dropped)
        return;
    const PlanAiring *airing = find(plan, current->airing->id);
    bool taken_back = !airing && current->airing->start_us >= plan->from_us;
    bool changed = airing && !current->armed && !is_same(airing, current->airing);
    if (taken_back)
        performance_stop(self, STOP_CANCELLED);
    else if (changed)
        performance_drop(self);
}

void conductor_set_plan(Conductor *self, Plan *plan)
{
    follow_plan(self, plan);
    agenda_load(self->agenda, plan, self->known);
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

Conductor *conductor_new(const ConductorSettings *settings, GError **error)
{
    g_autoptr(Conductor) self = g_new0(Conductor, 1);
    self->settings = *settings;
    self->station = g_strdup(settings->station);
    self->boot_id = g_strdup(settings->boot_id);
    self->agenda = agenda_new();
    self->happenings = happenings_new();
    self->unsaved = g_ptr_array_new_with_free_func((GDestroyNotify)receipt_free);
    self->born_us = clock_boottime_us(settings->clock);
    self->life.up_since_us = -1; /* the first look at the clock decides */
    self->known = journal_known(settings->journal, error);
    if (!self->known)
        return NULL;
    read_last_life(self);
    judge_clock(self);
    if (!absence_recover(self, error))
        return NULL;
    performance_listen(self);
    return g_steal_pointer(&self);
}

void conductor_free(Conductor *self)
{
    if (!self)
        return;
    self->settings.audio->events = (AudioEvents){0};
    agenda_free(self->agenda);
    happenings_free(self->happenings);
    sounding_free(self->current);
    g_ptr_array_unref(self->unsaved);
    g_clear_pointer(&self->known, g_hash_table_unref);
    g_free(self->station);
    g_free(self->boot_id);
    g_free(self);
}

void conductor_shut_down(Conductor *self)
{
    self->closing = true;
    performance_stop(self, STOP_SHUTDOWN);
}

void conductor_stop_local(Conductor *self)
{
    performance_stop(self, STOP_LOCAL);
}

HappeningTaken conductor_alert(Conductor *self, const HappeningAlert *alert)
{
    return happenings_alert(self->happenings, alert, clock_wall_us(self->settings.clock),
                            clock_boottime_us(self->settings.clock));
}

void conductor_cancel(Conductor *self, const char *id, int64_t until_us)
{
    happenings_cancel(self->happenings, id, until_us, clock_wall_us(self->settings.clock),
                      clock_boottime_us(self->settings.clock));
}

void conductor_confirm(Conductor *self, const char *id)
{
    happenings_confirm(self->happenings, id);
}

bool conductor_is_idle(const Conductor *self)
{
    return !self->current;
}

const char *conductor_now_playing(const Conductor *self)
{
    return self->current && self->current->armed ? self->current->airing->id : NULL;
}

bool conductor_device_fault(const Conductor *self)
{
    return self->device_fault;
}

bool conductor_journal_fault(const Conductor *self)
{
    return self->journal_fault;
}
