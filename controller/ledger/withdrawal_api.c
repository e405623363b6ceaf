/* GET /api/broadcasts/{id}/withdrawal: how far an order that was taken back has come. What is said
 * rests on stations alone: one is out of danger when the plan without the airing is stored here and
 * held there; one that plays or has played is named; of one that is silent nothing is known. */
#include "ledger/ledger.h"

#include "access/access.h"
#include "fleet/plan_store.h"
#include "schedule/airing_store_play.h"
#include "schedule/broadcast_store.h"

typedef struct Withdrawal {
    int64_t stations, dropped, played;
} Withdrawal;

static bool holds_newest_plan(const Ledger *self, const char *station, const HealthView *health)
{
    const Json *said = json_peek(health->facts, "plan");
    g_auto(StoredPlan) newest = {0};
    return g_str_equal(health->state, "online") &&
           plan_store_newest(self->database, station, false, &newest, NULL) && newest.epoch > 0 &&
           json_peek_int(said, "epoch", 0) == newest.epoch &&
           json_peek_int(said, "version", 0) == newest.version;
}

/* The log says "cancelled" in the transaction that stores the plan without the airing: before that
 * the newest plan still holds it, and the station may play. */
static bool is_dropped(const Ledger *self, const AiringPlayed *airing, const HealthView *health)
{
    if (airing->by_station)
        return true; /* and it was not played */
    return g_str_equal(airing->outcome, "cancelled") &&
           holds_newest_plan(self, airing->station, health);
}

static void count(const Ledger *self, const AiringPlayed *airing, Withdrawal *withdrawal)
{
    HealthView health;
    health_view(self->fleet->health, airing->station, &health);
    bool sounded =
        g_str_equal(airing->outcome, "played") || g_str_equal(airing->outcome, "partial");
    withdrawal->stations++;
    if (sounded || g_strcmp0(health.playing, airing->id) == 0)
        withdrawal->played++;
    else if (is_dropped(self, airing, &health))
        withdrawal->dropped++;
}

Reply *withdrawal_api_get(void *ledger, Request *request)
{
    Ledger *self = ledger;
    g_autoptr(GError) error = NULL;
    g_autoptr(Broadcast) broadcast =
        broadcast_store_get(self->database, request_place(request, "id"), &error);
    if (!broadcast)
        return error ? reply_error(error) : reply_problem(&problem_not_found);
    Reply *refusal = access_check(self->database, request, VERB_VIEW, broadcast->area);
    if (refusal)
        return refusal;
    g_autoptr(GPtrArray) airings =
        airing_store_first_plays(self->database, broadcast->id, broadcast->start_us, &error);
    if (!airings)
        return reply_error(error);
    Withdrawal withdrawal = {0};
    for (unsigned i = 0; i < airings->len; i++)
        count(self, g_ptr_array_index(airings, i), &withdrawal);
    Json *body = json_new_object();
    json_set_bool(body, "deleted", broadcast->deleted_us != 0);
    json_set_int(body, "stations", withdrawal.stations);
    json_set_int(body, "dropped", withdrawal.dropped);
    json_set_int(body, "played", withdrawal.played);
    return reply_json_take(200, body);
}
