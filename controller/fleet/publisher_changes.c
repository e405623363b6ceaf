/* What changed, and whom it touches. Each of these marks what the world has to read again and puts
 * the stations it reaches into the queue, commune by commune; nothing is planned here. */
#include "base/log.h"
#include "content/clip_store.h"
#include "fleet/publisher_private.h"
#include "schedule/broadcast_store.h"
#include "schedule/named_stations.h"

void publisher_station_changed(Publisher *self, const char *station)
{
    if (self->world)
        publisher_world_forget_areas(self->world);
    publisher_enqueue(self, station);
}

static int by_area(gconstpointer left, gconstpointer right)
{
    const Station *a = *(Station *const *)left, *b = *(Station *const *)right;
    return g_strcmp0(a->area, b->area);
}

static void enqueue_list(Publisher *self, GPtrArray *stations)
{
    if (stations)
        g_ptr_array_sort(stations, by_area);
    for (unsigned i = 0; stations && i < stations->len; i++)
        publisher_enqueue(self, ((const Station *)g_ptr_array_index(stations, i))->id);
}

void publisher_area_changed(const char *area, void *user)
{
    Publisher *self = user;
    if (self->world)
        publisher_world_forget_areas(self->world);
    g_autoptr(GPtrArray) stations = station_store_in_area(self->settings.database, area, NULL);
    if (stations)
        enqueue_list(self, stations);
}

void publisher_all_changed(Publisher *self)
{
    publisher_forget_world(self);
    g_autoptr(GPtrArray) areas = area_store_list(self->settings.database, NULL, NULL);
    for (unsigned i = 0; areas && i < areas->len; i++) {
        const Area *area = g_ptr_array_index(areas, i);
        if (area->parent)
            continue;
        g_autoptr(GPtrArray) stations =
            station_store_in_area(self->settings.database, area->id, NULL);
        enqueue_list(self, stations);
    }
}

/* An area's path is read once for its stations. */
static void enqueue_reached(Publisher *self, const Broadcast *broadcast, const GPtrArray *stations)
{
    const char *area_id = NULL;
    g_autoptr(GPtrArray) path = NULL;
    for (unsigned i = 0; i < stations->len; i++) {
        const Station *station = g_ptr_array_index(stations, i);
        if (g_strcmp0(area_id, station->area) != 0) {
            g_autoptr(Area) area = area_store_get(self->settings.database, station->area, NULL);
            g_clear_pointer(&path, g_ptr_array_unref);
            path = area_store_ids(area ? area->path : "");
            area_id = station->area;
        }
        if (broadcast_reaches(broadcast, station->id, path))
            publisher_enqueue(self, station->id);
    }
}

void publisher_broadcast_changed(const Broadcast *broadcast, void *user)
{
    Publisher *self = user;
    if (self->world)
        publisher_world_forget_broadcast(self->world, broadcast->id);
    g_autoptr(GPtrArray) stations = named_stations(self->settings.database, broadcast, NULL);
    if (stations)
        enqueue_reached(self, broadcast, stations);
}

void publisher_clips_changed(Publisher *self, const char *area)
{
    if (self->world)
        publisher_world_forget_areas(self->world);
    g_autoptr(GPtrArray) stations = station_store_in_area(self->settings.database, area, NULL);
    enqueue_list(self, stations);
}

void publisher_group_changing(const char *group, void *user)
{
    Publisher *self = user;
    g_autoptr(GPtrArray) list = broadcast_store_of_group(self->settings.database, group, NULL);
    for (unsigned i = 0; list && i < list->len; i++)
        publisher_broadcast_changed(g_ptr_array_index(list, i), self);
}

void publisher_bulletin_changed(const char *bulletin_id, void *user)
{
    Publisher *self = user;
    Database *database = self->settings.database;
    g_autoptr(GError) error = NULL;
    if (self->world)
        publisher_world_forget_bulletin(self->world, bulletin_id);
    g_autoptr(Bulletin) bulletin = bulletin_store_get(database, bulletin_id, NULL);
    int64_t start_us = clock_wall_us(self->settings.clock) + BROADCAST_NOW_DELAY_US;
    if (bulletin && bulletin->state == BULLETIN_APPROVED &&
        !broadcast_store_start_waiting(database, bulletin_id, start_us, &error))
        log_warning("a waiting broadcast keeps its old start: %s", error->message);
    g_autoptr(GPtrArray) list = broadcast_store_of_bulletin(database, bulletin_id, NULL);
    for (unsigned i = 0; list && i < list->len; i++)
        publisher_broadcast_changed(g_ptr_array_index(list, i), self);
    g_autoptr(GPtrArray) areas = clip_store_areas_of(database, bulletin_id, NULL);
    for (unsigned i = 0; areas && i < areas->len; i++)
        publisher_clips_changed(self, areas->pdata[i]);
}
