/* Over random worlds: every occurrence at every station that a broadcast reaches is an airing that
 * sounds, or a named absence; and nothing else is said. LOA_WORLDS says how many, LOA_SEED the
 * first. */
#include "fleet_desk.h"

#include <stdlib.h>

#include "http/reply_parts.h"
#include "registry/policy.h"
#include "registry/registry.h"
#include "schedule/agenda_api.h"
#include "schedule/broadcast_store.h"
#include "schedule/rundown.h"

#define WORLDS     8
#define BROADCASTS 8
#define DAYS       5

static const char *const areas[] = {"province", "a", "b"};
static const char *const stations[] = {"a1", "a2", "b1"};
static const char *const station_areas[] = {"a", "a", "b"};
static const char *const rules[] = {"FREQ=DAILY", "FREQ=DAILY;BYHOUR=5,12,17",
                                    "FREQ=WEEKLY;BYDAY=SA,MO", "FREQ=DAILY;INTERVAL=2",
                                    "FREQ=DAILY;COUNT=3"};

static unsigned below(GRand *dice, unsigned most)
{
    return (unsigned)g_rand_int_range(dice, 0, (gint32)most);
}

/* Starts lie close together, so that many of them clash; some fall into quiet hours. */
static Broadcast *random_broadcast(GRand *dice, unsigned number)
{
    Broadcast *self = broadcast_new();
    unsigned issuer = below(dice, 3);
    self->id = g_strdup_printf("b%u", number);
    self->bulletin = g_strdup("notice");
    self->area = g_strdup(areas[issuer]);
    self->kind = BROADCAST_RULE;
    self->rrule = g_strdup(rules[below(dice, G_N_ELEMENTS(rules))]);
    self->start_us = DESK_NOW + below(dice, 30) * DESK_HOUR + below(dice, 3) * 5 * G_USEC_PER_SEC;
    self->zone = g_strdup("Asia/Ho_Chi_Minh");
    self->class = below(dice, 4) ? CLASS_NORMAL : CLASS_PRIORITY;
    self->tolerance_s = below(dice, 2) * 600;
    self->repeats = 1 + below(dice, 3);
    self->gap_s = below(dice, 120);
    self->created_by = g_strdup("an");
    self->created_by_name = g_strdup("An");
    self->created_us = DESK_NOW;
    broadcast_add_target(self, TARGET_AREA, areas[issuer], false);
    if (below(dice, 4) == 0)
        broadcast_add_target(self, TARGET_STATION, stations[below(dice, 3)], true);
    return self;
}

static void random_changes(GRand *dice, Broadcast *self)
{
    Series series = broadcast_series(self);
    g_autoptr(GArray) list = series_expand(&series, DESK_NOW, DESK_NOW + DAYS * 24 * DESK_HOUR);
    for (unsigned i = 0; i < list->len; i++) {
        const SeriesOccurrence *one = &g_array_index(list, SeriesOccurrence, i);
        if (below(dice, 5) == 0)
            broadcast_add_date(self, true, one->recurrence_us);
    }
}

static GHashTable *said_by(FleetDesk *desk, User *user, const char *station)
{
    Registry registry = {.database = desk->database};
    g_autoptr(Request) request = request_new(
        "GET", "/api/stations/x/agenda?from=2026-11-21T00:00:00Z&to=2026-11-26T00:00:00Z");
    g_assert_true(request_settle(request, "192.0.2.8", false));
    request->now_us = DESK_NOW;
    request->places = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_hash_table_insert(request->places, g_strdup("id"), g_strdup(station));
    request_set_caller(request, user, NULL);
    g_autoptr(Json) agenda = fleet_desk_json(agenda_api_get(&registry, request), 200);
    GHashTable *said = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    static const char *const lists[] = {"sounds", "silent"};
    for (unsigned k = 0; k < G_N_ELEMENTS(lists); k++) {
        const Json *list = json_peek(agenda, lists[k]);
        for (size_t i = 0; i < json_length(list); i++) {
            const Json *one = json_at(list, i);
            g_assert_nonnull(json_peek_text(json_peek(one, "why"), "vi"));
            g_hash_table_add(said, g_strdup(json_peek_text(one, "airing")));
        }
    }
    return said;
}

/* Takes what the broadcast means at one station out of what was said; complains of what is not. */
static void settle(const Broadcast *broadcast, unsigned station, GHashTable *said)
{
    g_autoptr(GPtrArray) path = g_ptr_array_new();
    g_ptr_array_add(path, (char *)"province");
    g_ptr_array_add(path, (char *)station_areas[station]);
    if (!broadcast_reaches(broadcast, stations[station], path))
        return;
    g_autoptr(GArray) plays =
        broadcast_plays(broadcast, 10 * G_USEC_PER_SEC, DESK_NOW, DESK_NOW + DAYS * 24 * DESK_HOUR);
    for (unsigned i = 0; i < plays->len; i++) {
        const SeriesOccurrence *one = &g_array_index(plays, SeriesOccurrence, i);
        g_autofree char *id =
            plan_airing_id(broadcast->id, one->recurrence_us, one->repeat, stations[station]);
        if (!g_hash_table_remove(said, id))
            g_test_fail_printf("%s at %s: occurrence %u of %u is not in the agenda", broadcast->id,
                               stations[station], i, plays->len);
    }
}

/* One province for all worlds: making its tables anew costs more than asking about them. */
static void empty(FleetDesk *desk)
{
    static const char *const all[] = {"DELETE FROM broadcast_dates", "DELETE FROM broadcast_rules",
                                      "DELETE FROM broadcast_targets", "DELETE FROM broadcasts"};
    for (unsigned i = 0; i < G_N_ELEMENTS(all); i++) {
        g_autoptr(Query) query = database_query(desk->database, all[i]);
        g_assert_true(query_run(query, NULL));
    }
}

static void judge_world(FleetDesk *desk, uint32_t seed)
{
    g_autoptr(GRand) dice = g_rand_new_with_seed(seed);
    g_autoptr(GError) error = NULL;
    empty(desk);
    fleet_desk_set_bulletin(desk, below(dice, 4) ? "approved" : "submitted");
    g_autoptr(GPtrArray) made = g_ptr_array_new_with_free_func((GDestroyNotify)broadcast_free);
    for (unsigned i = 0; i < BROADCASTS; i++) {
        Broadcast *broadcast = random_broadcast(dice, i);
        random_changes(dice, broadcast);
        g_ptr_array_add(made, broadcast);
        g_assert_true(broadcast_store_add(desk->database, broadcast, &error));
    }
    User user = {.id = (char *)"an", .grants = g_array_new(FALSE, FALSE, sizeof(UserGrant))};
    UserGrant grant = {.role = ROLE_ADMINISTRATOR, .area = (char *)"province"};
    g_array_append_val(user.grants, grant);
    for (unsigned s = 0; s < G_N_ELEMENTS(stations); s++) {
        g_autoptr(GHashTable) said = said_by(desk, &user, stations[s]);
        for (unsigned i = 0; i < made->len; i++)
            settle(g_ptr_array_index(made, i), s, said);
        if (g_hash_table_size(said) > 0)
            g_test_fail_printf("%s: %u airings that nobody ordered", stations[s],
                               g_hash_table_size(said));
    }
    g_array_unref(user.grants);
}

static void test_every_occurrence_at_every_station_is_said(void)
{
    const char *count = g_getenv("LOA_WORLDS"), *first = g_getenv("LOA_SEED");
    unsigned worlds = count ? MIN((unsigned)atoi(count), 2000) : WORLDS;
    FleetDesk desk;
    fleet_desk_init(&desk);
    for (unsigned i = 0; i < worlds && !g_test_failed(); i++) {
        uint32_t seed = (first ? (uint32_t)atoi(first) : g_random_int()) + i;
        judge_world(&desk, seed);
        if (g_test_failed())
            g_test_message("seed: LOA_SEED=%u LOA_WORLDS=1", seed);
    }
    fleet_desk_clear(&desk);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/named/every-occurrence-at-every-station-is-said",
                    test_every_occurrence_at_every_station_is_said);
    return g_test_run();
}
