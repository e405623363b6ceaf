/* Only what names single stations, itself or through a group, can tell two stations of one area
 * apart; of such rules, each station has a mark of one digit each. */
#include "schedule/station_kinds.h"

#include "registry/station_store.h"

static bool names_stations(const Broadcast *broadcast)
{
    for (unsigned i = 0; i < broadcast->targets->len; i++) {
        const BroadcastTarget *target = g_ptr_array_index(broadcast->targets, i);
        if (target->kind == TARGET_STATION)
            return true;
        for (unsigned j = 0; target->members && j < target->members->len; j++)
            if (((const GroupMember *)g_ptr_array_index(target->members, j))->kind == GROUP_STATION)
                return true;
    }
    return false;
}

static GPtrArray *telling(const Agenda *agenda, const GPtrArray *drafts)
{
    const GArray *rules = agenda_rules(agenda);
    GPtrArray *list = g_ptr_array_new();
    for (unsigned i = 0; i < rules->len; i++) {
        const Broadcast *rule = g_array_index(rules, PlannerRule, i).broadcast;
        if (names_stations(rule))
            g_ptr_array_add(list, (gpointer)rule);
    }
    for (unsigned i = 0; drafts && i < drafts->len; i++)
        if (names_stations(g_ptr_array_index(drafts, i)))
            g_ptr_array_add(list, g_ptr_array_index(drafts, i));
    return list;
}

GArray *station_kinds(const Agenda *agenda, const GPtrArray *stations, const GPtrArray *drafts)
{
    g_autoptr(GPtrArray) rules = telling(agenda, drafts);
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GString) mark = g_string_new(NULL);
    GArray *kinds = g_array_new(FALSE, FALSE, sizeof(StationKind));
    for (unsigned i = 0; i < stations->len; i++) {
        const char *station = ((const Station *)g_ptr_array_index(stations, i))->id;
        g_string_truncate(mark, 0);
        for (unsigned k = 0; k < rules->len; k++)
            g_string_append_c(
                mark, broadcast_reaches(g_ptr_array_index(rules, k), station, agenda_path(agenda))
                          ? '1'
                          : '0');
        unsigned known = GPOINTER_TO_UINT(g_hash_table_lookup(seen, mark->str));
        if (known) {
            g_array_index(kinds, StationKind, known - 1).stations++;
            continue;
        }
        StationKind one = {.station = station, .stations = 1};
        g_array_append_val(kinds, one);
        g_hash_table_insert(seen, g_strdup(mark->str), GUINT_TO_POINTER(kinds->len));
    }
    return kinds;
}
