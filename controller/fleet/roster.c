/* The roster of stations. 5,000 rows are read once and then only when the count of changes that the
 * database keeps has moved, so a question about a province costs a walk over an array and no row.
 *
 * What a station says of itself stays in health.c: the roster holds the way to it, which never
 * moves, and copies nothing that could grow old. */
#include "fleet/roster.h"

#include <string.h>

#include "access/access.h"
#include "fleet/fault_text.h"
#include "fleet/roster_store.h"

struct Roster {
    Database *database;
    const Health *health;
    const CloneWatch *clones;
    GArray *stations;    /* RosterStation, by path of the area, then by name */
    GStringChunk *areas; /* ids, paths and names of the areas */
    int64_t change;      /* as read with the stations; -1 = not yet */
};

static void clear_station(void *data)
{
    RosterStation *station = data;
    g_free(station->id);
    g_free(station->name);
}

Roster *roster_new(Database *database, const Health *health, const CloneWatch *clones)
{
    Roster *self = g_new0(Roster, 1);
    self->database = database;
    self->health = health;
    self->clones = clones;
    self->change = -1;
    self->stations = g_array_new(FALSE, TRUE, sizeof(RosterStation));
    g_array_set_clear_func(self->stations, clear_station);
    self->areas = g_string_chunk_new(4096);
    return self;
}

void roster_free(Roster *self)
{
    if (!self)
        return;
    g_array_unref(self->stations);
    g_string_chunk_free(self->areas);
    g_free(self);
}

static void take(const RosterRow *row, void *user)
{
    Roster *self = user;
    RosterStation station = {.id = g_strdup(row->id),
                             .name = g_strdup(row->name),
                             .area = g_string_chunk_insert_const(self->areas, row->area),
                             .area_path = g_string_chunk_insert_const(self->areas, row->area_path),
                             .area_name = g_string_chunk_insert_const(self->areas, row->area_name)};
    station.health = health_find(self->health, station.id);
    g_array_append_val(self->stations, station);
}

static bool refresh(Roster *self, GError **error)
{
    int64_t change = 0;
    if (!roster_store_change(self->database, &change, error))
        return false;
    if (change == self->change)
        return true;
    g_array_set_size(self->stations, 0);
    g_string_chunk_clear(self->areas);
    self->change = -1; /* read again where reading fails in the middle */
    if (!roster_store_load(self->database, take, self, error))
        return false;
    self->change = change;
    return true;
}

/* The first whose area's path is not before `path`. */
static unsigned lower_bound(const Roster *self, const char *path)
{
    unsigned low = 0, high = self->stations->len;
    while (low < high) {
        unsigned middle = low + (high - low) / 2;
        const RosterStation *station = &g_array_index(self->stations, RosterStation, middle);
        if (strcmp(station->area_path, path) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

RosterStation *roster_below(Roster *self, const char *area_path, unsigned *ret_count,
                            GError **error)
{
    *ret_count = 0;
    if (!refresh(self, error))
        return NULL;
    g_autofree char *end = access_path_end(area_path);
    unsigned first = lower_bound(self, area_path);
    *ret_count = lower_bound(self, end) - first;
    return *ret_count ? &g_array_index(self->stations, RosterStation, first) : NULL;
}

int64_t roster_change(const Roster *self)
{
    return self->change;
}

unsigned roster_size(const Roster *self)
{
    return self->stations->len;
}

void roster_view(const Roster *self, RosterStation *station, HealthView *ret_view)
{
    if (!station->health)
        station->health = health_find(self->health, station->id);
    health_state_view(station->health, ret_view);
}

int roster_trouble(const Roster *self, const char *station, const HealthView *view)
{
    int worst = view->urgency;
    if (g_str_equal(view->state, "offline"))
        worst = MAX(worst, fault_text_find("offline")->urgency);
    if (clone_watch_since(self->clones, station))
        worst = MAX(worst, fault_text_find("cloned_key")->urgency);
    return worst;
}
