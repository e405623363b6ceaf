/* GET /api/home/again: what a unit aired since yesterday and can air once more by one tap, newest
 * first. Each row is the order as it would be repeated: the same content to the same targets, now.
 *
 * It only proposes: the order itself goes through POST /api/broadcasts like any other, with its
 * rights, its policy and its Idempotency-Key. Left out is what an order could not air: content that
 * is no longer approved, and a relay, whose sound was another one.
 *
 * Only what this very unit issued: of all the communes of a province any three would be chance, and
 * a page about them would cost a look at each. Whoever leads from above asks for the unit. */
#include "ledger/ledger.h"

#include "base/clock.h"
#include "content/bulletin_store.h"
#include "ledger/again_store.h"
#include "schedule/broadcast_api.h"
#include "schedule/broadcast_reach_store.h"
#include "schedule/check_policy.h"
#include "schedule/recurrence.h"
#include "schedule/scope.h"

#define AGAIN_ROWS_MAX 3
#define YESTERDAY      (-1) /* days from today */

typedef struct Candidate {
    const Broadcast *broadcast;
    AgainHeard heard;
} Candidate;

static void candidate_clear(gpointer data)
{
    again_heard_clear(&((Candidate *)data)->heard);
}

static gint newest_first(gconstpointer left, gconstpointer right)
{
    int64_t a = ((const Candidate *)left)->heard.planned_us;
    int64_t b = ((const Candidate *)right)->heard.planned_us;
    return a < b ? 1 : a > b ? -1 : 0;
}

static const char *content_of(const Broadcast *broadcast)
{
    return broadcast->bulletin ? broadcast->bulletin : broadcast->programme;
}

/* A programme names its own bulletins, and the planner leaves out of it what is not approved. */
static bool can_air(Database *database, const Broadcast *broadcast)
{
    if (!broadcast->bulletin)
        return true;
    g_autoptr(Bulletin) bulletin = bulletin_store_get(database, broadcast->bulletin, NULL);
    return bulletin && bulletin->state == BULLETIN_APPROVED &&
           bulletin->audio == BULLETIN_AUDIO_READY && !bulletin->source;
}

static GArray *find_candidates(Ledger *self, GPtrArray *broadcasts, int64_t from_us, int64_t now_us,
                               GError **error)
{
    GArray *found = g_array_new(FALSE, TRUE, sizeof(Candidate));
    g_array_set_clear_func(found, candidate_clear);
    for (unsigned i = 0; i < broadcasts->len; i++) {
        Candidate one = {.broadcast = g_ptr_array_index(broadcasts, i)};
        g_autoptr(GError) problem = NULL;
        if (again_store_heard(self->database, one.broadcast->id, from_us, now_us, &one.heard,
                              &problem)) {
            g_array_append_val(found, one);
            continue;
        }
        if (problem) {
            g_propagate_error(error, g_steal_pointer(&problem));
            g_array_unref(found);
            return NULL;
        }
    }
    g_array_sort(found, newest_first);
    return found;
}

/* As it aired, where the person may issue that; else as anybody may who orders at all. */
static AiringClass class_for(Database *database, const Broadcast *broadcast, const User *user)
{
    Reply *refusal = check_policy_issuer(database, broadcast, user);
    AiringClass class = refusal ? CLASS_NORMAL : broadcast->class;
    reply_free(refusal);
    return class;
}

static Json *candidate_json(const Candidate *candidate, AiringClass class)
{
    const Broadcast *broadcast = candidate->broadcast;
    g_autofree char *start = clock_format_utc(candidate->heard.planned_us);
    Json *json = json_new_object();
    json_set_text(json, "broadcast", broadcast->id);
    json_set_text(json, "bulletin", broadcast->bulletin);
    json_set_text(json, "programme", broadcast->programme);
    json_set_text(json, "title", candidate->heard.title);
    json_set_text(json, "area", broadcast->area);
    json_set_take(json, "targets", broadcast_api_targets(broadcast));
    json_set_text(json, "class", class_words[class]);
    json_set_text(json, "start", start);
    json_set_int(json, "duration_ms", candidate->heard.duration_ms);
    return json;
}

static Json *items_json(Ledger *self, const GArray *candidates, const User *user)
{
    Json *items = json_new_array();
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (unsigned i = 0; i < candidates->len && json_length(items) < AGAIN_ROWS_MAX; i++) {
        const Candidate *one = &g_array_index(candidates, Candidate, i);
        if (!g_hash_table_add(seen, (gpointer)content_of(one->broadcast)) ||
            !can_air(self->database, one->broadcast))
            continue;
        AiringClass class = class_for(self->database, one->broadcast, user);
        json_append_take(items, candidate_json(one, class));
    }
    return items;
}

Reply *again_api_get(void *ledger, Request *request)
{
    Ledger *self = ledger;
    Reply *refusal = NULL;
    g_autoptr(Area) area = scope_area(self->database, request, &refusal);
    if (!area)
        return refusal;
    int64_t now_us = request_now_us(request);
    int64_t from_us = recurrence_day_us(area->zone, now_us, YESTERDAY);
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) issued =
        broadcast_reach_store_issued(self->database, area->id, from_us, &error);
    g_autoptr(GArray) found =
        issued ? find_candidates(self, issued, from_us, now_us, &error) : NULL;
    if (!found)
        return reply_error(error);
    Json *body = json_new_object();
    json_set_take(body, "items", items_json(self, found, access_user(request)));
    return reply_json_take(200, body);
}
