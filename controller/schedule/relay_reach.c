/* Only an order that relays something costs anything here: then the stations of its area are gone
 * through once, each with the formats that it said it can decode. One address that it can play is
 * enough, since it goes on to the next by itself. */
#include "schedule/relay_reach.h"

#include "registry/area_store.h"
#include "registry/station_store.h"
#include "schedule/rundown.h"

#include <string.h>

static const ProblemKind problem_unplayable = {
    "relay-unplayable", 409,
    "Không trạm loa nào được chọn phát được loại luồng tiếp âm này ({names}). Hãy thêm một địa chỉ "
    "dạng khác cho nguồn, hoặc cài bộ giải mã còn thiếu tại trạm.",
    "None of the chosen stations can play this kind of stream ({names}). Give the source an "
    "address "
    "of another kind, or install the missing decoder at the stations."};

void relay_reach_clear(RelayReach *reach)
{
    if (reach->names)
        g_ptr_array_unref(reach->names);
    *reach = (RelayReach){0};
}

static bool plays_source(const StationFacts *facts, const char *station, const Source *source)
{
    for (unsigned i = 0; i < source->addresses->len; i++) {
        const SourceAddress *address = source->addresses->pdata[i];
        if (facts->ops->plays(facts->self, station, address->format))
            return true;
    }
    return source->addresses->len == 0;
}

static bool plays_all(const StationFacts *facts, const char *station, const Rundown *rundown)
{
    for (unsigned i = 0; i < rundown->items->len; i++) {
        const Source *source = g_array_index(rundown->items, RundownItem, i).source;
        if (source && !plays_source(facts, station, source))
            return false;
    }
    return true;
}

static bool relays(const Rundown *rundown)
{
    for (unsigned i = 0; rundown && i < rundown->items->len; i++)
        if (g_array_index(rundown->items, RundownItem, i).source)
            return true;
    return false;
}

/* Ids of an area and those above it, top first; kept by area. */
static const GPtrArray *path_of(Database *database, GHashTable *paths, const char *id)
{
    GPtrArray *path = g_hash_table_lookup(paths, id);
    g_autoptr(Area) area = path ? NULL : area_store_get(database, id, NULL);
    if (path)
        return path;
    path = g_ptr_array_new_with_free_func(g_free);
    g_auto(GStrv) words = g_strsplit(area ? area->path : "", "/", -1);
    for (char **word = words; *word; word++)
        if (**word)
            g_ptr_array_add(path, g_strdup(*word));
    g_hash_table_insert(paths, g_strdup(id), path);
    return path;
}

bool relay_reach(Database *database, const StationFacts *facts, const Broadcast *order,
                 RelayReach *ret_reach, GError **error)
{
    g_autoptr(GError) failed = NULL;
    g_autoptr(Rundown) rundown = rundown_load(database, order, &failed);
    *ret_reach = (RelayReach){.names = g_ptr_array_new_with_free_func(g_free)};
    if (failed) {
        g_propagate_error(error, g_steal_pointer(&failed));
        return false;
    }
    if (!facts->ops || !facts->ops->plays || !relays(rundown))
        return true;
    g_autoptr(GPtrArray) stations = station_store_in_area(database, order->area, error);
    g_autoptr(GHashTable) paths =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
    for (unsigned i = 0; stations && i < stations->len; i++) {
        const Station *station = stations->pdata[i];
        if (!broadcast_reaches(order, station->id, path_of(database, paths, station->area)))
            continue;
        bool able = plays_all(facts, station->id, rundown);
        ret_reach->able += able;
        ret_reach->unable += !able;
        if (!able && ret_reach->names->len < RELAY_REACH_NAMES)
            g_ptr_array_add(ret_reach->names, g_strdup(station->name));
    }
    return stations != NULL;
}

Reply *relay_reach_refusal(const RelayReach *reach)
{
    if (reach->able > 0 || reach->unable == 0)
        return NULL;
    g_autoptr(GString) names = g_string_new(NULL);
    for (unsigned i = 0; i < reach->names->len; i++)
        g_string_append_printf(names, "%s%s", i ? ", " : "", (char *)reach->names->pdata[i]);
    Problem *problem = problem_new(&problem_unplayable);
    problem_set(problem, "names", names->str);
    return reply_problem_take(problem);
}
