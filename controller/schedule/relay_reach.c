/* Only an order that relays something costs anything here: then the stations that it names are gone
 * through once, each with the formats that it said it can decode. One address that it can play is
 * enough, since it goes on to the next by itself. */
#include "schedule/relay_reach.h"

#include "content/source_reach.h"
#include "registry/area_store.h"
#include "schedule/named_stations.h"
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

static bool plays_all(const StationFacts *facts, const char *station, const Rundown *rundown)
{
    for (unsigned i = 0; i < rundown->items->len; i++) {
        const Source *source = g_array_index(rundown->items, RundownItem, i).source;
        if (source && !source_reach_plays(facts, station, source))
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

static void note(RelayReach *reach, const Station *station, bool able)
{
    reach->able += able;
    reach->unable += !able;
    if (!able && reach->names->len < RELAY_REACH_NAMES)
        g_ptr_array_add(reach->names, g_strdup(station->name));
}

/* Of `stations`, those that the order reaches. An area's path is read once for its stations. */
static bool judge(Database *database, const StationFacts *facts, const Broadcast *order,
                  const Rundown *rundown, const GPtrArray *stations, RelayReach *reach,
                  GError **error)
{
    g_autoptr(Area) area = NULL;
    g_autoptr(GPtrArray) path = NULL;
    for (unsigned i = 0; i < stations->len; i++) {
        const Station *station = stations->pdata[i];
        if (!area || !g_str_equal(area->id, station->area)) {
            area_free(area);
            area = area_store_get(database, station->area, error);
            if (!area)
                return false;
            g_clear_pointer(&path, g_ptr_array_unref);
            path = area_store_ids(area->path);
        }
        if (broadcast_reaches(order, station->id, path))
            note(reach, station, plays_all(facts, station->id, rundown));
    }
    return true;
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
    g_autoptr(GPtrArray) stations = named_stations(database, order, error);
    return stations && judge(database, facts, order, rundown, stations, ret_reach, error);
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
