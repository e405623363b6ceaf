/* Area by area, and in it each kind of station (those that the same rules reach).
 *
 * Of several orders each is judged beside those before it. The areas come one after the other, so
 * what an area refuses has been counted by the areas before it: the answer is never too mild, and
 * asking again with what is left may take more. An order that leaves areas out is asked about once
 * more as a whole. */
#include "schedule/minutes_private.h"

#include "schedule/area_walk.h"

#define DAY_US (INT64_C(86400) * G_USEC_PER_SEC)

/* A target that refuses by itself still refuses. */
static bool may_leave_out(const MinutesOrder *order, const Area *area)
{
    const Broadcast *broadcast = order->broadcast;
    const GArray *breaches = order->breaches;
    if (!broadcast->leave_out_refusing || order->is_settled ||
        broadcast->targets->len >= BROADCAST_MAX_TARGETS)
        return false;
    for (unsigned i = 0; i < broadcast->targets->len; i++) {
        const BroadcastTarget *target = g_ptr_array_index(broadcast->targets, i);
        if (target->kind != TARGET_AREA || g_str_equal(target->id, area->id))
            return false;
    }
    return g_str_equal(g_array_index(breaches, MinutesBreach, breaches->len - 1).area, area->id);
}

/* Then all is asked again without it: what was found so far counted it in. */
static void leave_out(MinutesOrder *order, const Area *area)
{
    broadcast_add_target(order->broadcast, TARGET_AREA, area->id, true);
    g_array_set_size(order->breaches, order->breaches->len - 1);
    order->left_out = true;
}

/* Where it has its minutes, it stays in the agenda for those after it: true. */
static bool judge_order(const Minutes *self, unsigned index, Agenda *agenda,
                        const MinutesPlace *place)
{
    MinutesOrder *order = minutes_order(self, index);
    agenda_add_draft(agenda, order->broadcast, order->rundown);
    if (minutes_judge(self, index, agenda, place))
        return true;
    agenda_remove_draft(agenda);
    if (may_leave_out(order, place->area))
        leave_out(order, place->area);
    return false;
}

/* What another area refused is asked no more; what this one did may be refused by all its kinds. */
static bool is_open(const MinutesOrder *order, const Area *area)
{
    const GArray *breaches = order->breaches;
    return breaches->len == 0 || !order->is_one_of_many ||
           g_str_equal(g_array_index(breaches, MinutesBreach, 0).area, area->id);
}

static void judge_kind(const Minutes *self, Agenda *agenda, const Area *area,
                       const StationKind *kind)
{
    const MinutesPlace place = {area, kind};
    unsigned added = 0;
    for (unsigned i = 0; i < self->orders->len; i++) {
        MinutesOrder *order = minutes_order(self, i);
        if (is_open(order, area) &&
            broadcast_reaches(order->broadcast, kind->station, agenda_path(agenda)))
            added += judge_order(self, i, agenda, &place);
    }
    while (added-- > 0)
        agenda_remove_draft(agenda);
}

static GArray *kinds_of(const Minutes *self, const Agenda *agenda, const GPtrArray *stations)
{
    g_autoptr(GPtrArray) drafts = g_ptr_array_new();
    for (unsigned i = 0; i < self->orders->len; i++)
        g_ptr_array_add(drafts, minutes_order(self, i)->broadcast);
    return station_kinds(agenda, stations, drafts);
}

/* From the first start of any order on, as far as the trial looks. */
static void span_of(const Minutes *self, int64_t *ret_from_us, int64_t *ret_until_us)
{
    *ret_from_us = G_MAXINT64;
    *ret_until_us = self->now_us;
    for (unsigned i = 0; i < self->orders->len; i++) {
        int64_t first_us = trial_first_us(minutes_order(self, i)->trial);
        if (!first_us)
            continue;
        *ret_from_us = MIN(*ret_from_us, first_us - (MINUTES_ONCE_DAYS + 1) * DAY_US);
        *ret_until_us = MAX(*ret_until_us, trial_last_us(minutes_order(self, i)->trial));
    }
    *ret_until_us += (MINUTES_ONCE_DAYS + 1) * DAY_US;
}

typedef struct Run {
    Database *database;
    Minutes *minutes;
    AgendaShare *share;
    MinutesDone done;
    void *user;
} Run;

static bool on_area(void *user, const Area *area, G_GNUC_UNUSED const GPtrArray *path,
                    const GPtrArray *stations, GError **error)
{
    const Run *run = user;
    int64_t from_us, until_us;
    span_of(run->minutes, &from_us, &until_us);
    g_autoptr(Agenda) agenda =
        agenda_new_sharing(run->database, area, from_us, until_us, run->share, error);
    if (!agenda)
        return false;
    agenda_expect(agenda);
    g_autoptr(GArray) kinds = kinds_of(run->minutes, agenda, stations);
    for (unsigned i = 0; i < kinds->len; i++)
        judge_kind(run->minutes, agenda, area, &g_array_index(kinds, StationKind, i));
    return true;
}

/* Orders that left areas out are asked about once more; false where none did. */
static bool begin_again(Minutes *self)
{
    bool again = false;
    for (unsigned i = 0; i < self->orders->len; i++)
        again |= minutes_order(self, i)->left_out;
    for (unsigned i = 0; again && i < self->orders->len; i++) {
        MinutesOrder *order = minutes_order(self, i);
        order->left_out = false;
        order->is_settled = true;
        g_array_set_size(order->breaches, 0);
        g_ptr_array_set_size(order->slots, 0);
        losses_free(order->losses);
        order->losses = losses_new();
    }
    return again;
}

static void on_done(void *user, const GError *error)
{
    g_autofree Run *run = user;
    g_autoptr(GError) failed = error ? g_error_copy(error) : NULL;
    if (!failed && begin_again(run->minutes) &&
        area_walk(run->database, minutes_broadcast(run->minutes, 0), on_area, on_done, run,
                  &failed)) {
        g_steal_pointer(&run);
        return;
    }
    agenda_share_free(run->share);
    run->done(g_steal_pointer(&run->minutes), failed, run->user);
}

bool minutes_run(Database *database, Minutes *take_minutes, MinutesDone done, void *user,
                 GError **error)
{
    g_autoptr(Minutes) minutes = take_minutes;
    g_return_val_if_fail(minutes->orders->len > 0, false);
    for (unsigned i = 0; i < minutes->orders->len; i++)
        minutes_order(minutes, i)->is_one_of_many = minutes->orders->len > 1;
    g_autofree Run *run = g_new0(Run, 1);
    *run = (Run){.database = database, .minutes = minutes, .done = done, .user = user};
    if (!area_walk(database, minutes_broadcast(minutes, 0), on_area, on_done, run, error))
        return false;
    g_steal_pointer(&minutes);
    g_steal_pointer(&run)->share = agenda_share_new();
    return true;
}
