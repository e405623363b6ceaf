/* One walk over the stations of an area.
 *
 * Readiness: a broadcast goes to whole areas as a rule, and where the log is settled an area with
 * as many stations as the block has there is that area as a whole. Otherwise (one was left out,
 * one has just moved) the log is asked which stations they are. */
#include "ledger/home_stations.h"

#include "base/clock.h"
#include "fleet/station_view.h"

typedef struct HomeTrouble {
    const RosterStation *station;
    int rank;
} HomeTrouble;

typedef struct HomeArea {
    int64_t stations;
    int64_t ready;
} HomeArea;

typedef struct ReadyCount {
    const HomeStations *stations;
    int64_t ready;
    bool is_partial; /* some area is not in it as a whole */
} ReadyCount;

void home_stations_clear(HomeStations *self)
{
    if (self->troubled)
        g_array_unref(self->troubled);
    if (self->areas)
        g_hash_table_unref(self->areas);
    *self = (HomeStations){0};
}

/* Neighbours in the roster share their area, and as a rule what they play. */
static void note_playing(Ledger *ledger, const RosterStation *station, const char *airing,
                         int64_t now_us, const HomeDay *day, HomeBlock **last)
{
    const OnAirPlace *place = on_air_find(ledger->on_air, station->id, airing, now_us);
    if (!place->is_open)
        return;
    HomeBlock *block = *last;
    if (!block || block->of->planned_us != place->planned_us ||
        !g_str_equal(block->of->broadcast, place->broadcast))
        block = home_day_find(day, place->planned_us, place->broadcast);
    if (block)
        block->playing++;
    *last = block;
}

static HomeArea *area_of(HomeStations *self, const char *path)
{
    HomeArea *area = g_hash_table_lookup(self->areas, path);
    if (!area) {
        area = g_new0(HomeArea, 1);
        g_hash_table_insert(self->areas, (char *)path, area);
    }
    return area;
}

static void look_at(HomeStations *self, const RosterStation *station, const HealthView *view)
{
    int rank = roster_trouble(self->ledger->fleet->roster, station->id, view);
    bool is_online = g_str_equal(view->state, "online");
    HomeTrouble trouble = {.station = station, .rank = rank};
    if (rank)
        g_array_append_val(self->troubled, trouble);
    self->online += is_online;
    self->fine += is_online && rank == 0;
}

bool home_stations_read(HomeStations *self, Ledger *ledger, const char *area_path, int64_t now_us,
                        HomeDay *day, GError **error)
{
    g_autoptr(GError) failed = NULL;
    *self = (HomeStations){.ledger = ledger};
    self->first = roster_below(ledger->fleet->roster, area_path, &self->count, &failed);
    if (failed) {
        g_propagate_error(error, g_steal_pointer(&failed));
        return false;
    }
    self->is_settled = fleet_is_settled(ledger->fleet);
    self->troubled = g_array_new(FALSE, FALSE, sizeof(HomeTrouble));
    self->areas = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
    HomeBlock *last = NULL;
    HomeArea *area = NULL;
    const char *path = NULL;
    for (unsigned i = 0; i < self->count; i++) {
        RosterStation *station = &self->first[i];
        HealthView view;
        roster_view(ledger->fleet->roster, station, &view);
        if (station->area_path != path)
            area = area_of(self, path = station->area_path);
        area->stations++;
        area->ready += view.is_ready;
        look_at(self, station, &view);
        if (view.playing)
            note_playing(ledger, station, view.playing, now_us, day, &last);
    }
    return true;
}

static gint by_trouble(gconstpointer left, gconstpointer right)
{
    const HomeTrouble *a = left, *b = right;
    if (a->rank != b->rank)
        return b->rank - a->rank;
    int names = g_strcmp0(a->station->name, b->station->name);
    return names ? names : g_strcmp0(a->station->id, b->station->id);
}

static Json *station_json(const HomeStations *self, const RosterStation *station, Language language)
{
    HealthView view;
    health_state_view(station->health, &view);
    g_autofree char *last = view.last_us ? clock_format_utc(view.last_us) : NULL;
    Json *one = json_new_object();
    json_set_text(one, "id", station->id);
    json_set_text(one, "name", station->name);
    json_set_text(one, "area", station->area);
    json_set_text(one, "area_name", station->area_name);
    json_set_text(one, "state", view.state);
    json_set_text(one, "last_contact", last);
    json_set_take(one, "faults", station_view_faults(self->ledger->fleet, station->id, language));
    return one;
}

Json *home_stations_attention(const HomeStations *self, unsigned most, Language language)
{
    Json *list = json_new_array();
    g_array_sort(self->troubled, by_trouble);
    for (unsigned i = 0; i < self->troubled->len && i < most; i++)
        json_append_take(
            list,
            station_json(self, g_array_index(self->troubled, HomeTrouble, i).station, language));
    return list;
}

static void add_area(const char *path, int64_t stations, void *user)
{
    ReadyCount *count = user;
    const HomeArea *area = g_hash_table_lookup(count->stations->areas, path);
    if (area && area->stations == stations)
        count->ready += area->ready;
    else
        count->is_partial = true;
}

/* Station by station. */
static int64_t count_each(const HomeStations *self, const AiringBlock *block, const char *area_path,
                          GError **error)
{
    int64_t ready = 0;
    g_autoptr(GPtrArray) ids = airing_store_group_stations(
        self->ledger->database, area_path, block->broadcast, block->planned_us, error);
    for (unsigned i = 0; ids && i < ids->len; i++) {
        HealthView view;
        health_view(self->ledger->fleet->health, g_ptr_array_index(ids, i), &view);
        ready += view.is_ready;
    }
    return ids ? ready : -1;
}

int64_t home_stations_ready(const HomeStations *self, const AiringBlock *block,
                            const char *area_path, GError **error)
{
    ReadyCount count = {.stations = self};
    if (!self->is_settled)
        return count_each(self, block, area_path, error);
    if (!airing_block_store_areas(self->ledger->database, block->planned_us, block->broadcast,
                                  area_path, add_area, &count, error))
        return -1;
    return count.is_partial ? count_each(self, block, area_path, error) : count.ready;
}
