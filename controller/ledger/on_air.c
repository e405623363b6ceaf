/* At 05:00 five thousand stations say that they play. Where each of those airings stands in the log
 * is looked up once and remembered until the log changes for that station: by a receipt or by a
 * new plan, which are the only two that write about it. So what is shown is what the log says. */
#include "ledger/on_air.h"

#include "schedule/airing_store.h"

typedef struct Known {
    char *airing;
    char *broadcast;
    OnAirPlace place;
} Known;

struct OnAir {
    Database *database;
    GHashTable *stations; /* id -> Known */
};

static void known_free(void *data)
{
    Known *known = data;
    g_free(known->airing);
    g_free(known->broadcast);
    g_free(known);
}

OnAir *on_air_new(Database *database)
{
    OnAir *self = g_new0(OnAir, 1);
    self->database = database;
    self->stations = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, known_free);
    return self;
}

void on_air_free(OnAir *self)
{
    if (!self)
        return;
    g_hash_table_unref(self->stations);
    g_free(self);
}

static void look(const OnAir *self, const char *station, Known *known, int64_t now_us)
{
    OnAirPlace *place = &known->place;
    if (!airing_store_find(self->database, station, known->airing, now_us, &place->planned_us,
                           NULL))
        return;
    g_autoptr(Airing) airing =
        airing_store_get(self->database, place->planned_us, known->airing, NULL);
    if (!airing)
        return;
    known->broadcast = g_strdup(airing->broadcast);
    place->broadcast = known->broadcast;
    place->is_known = true;
    place->is_open = *airing->outcome == '\0';
}

const OnAirPlace *on_air_find(OnAir *self, const char *station, const char *airing, int64_t now_us)
{
    Known *known = g_hash_table_lookup(self->stations, station);
    if (known && g_str_equal(known->airing, airing))
        return &known->place;
    known = g_new0(Known, 1);
    known->airing = g_strdup(airing);
    look(self, station, known, now_us);
    g_hash_table_replace(self->stations, g_strdup(station), known);
    return &known->place;
}

void on_air_forget(OnAir *self, const char *station)
{
    g_hash_table_remove(self->stations, station);
}
