/* The ledger's room, and the last airings of a station for the panel's detail page. */
#include "ledger/ledger.h"

#include "ledger/airing_view.h"

#define RECENT_DAYS 62
#define DAY_US      (INT64_C(86400) * G_USEC_PER_SEC)

/* What has been or is sounding, newest first. */
static Json *recent(void *ledger, const char *station, unsigned limit, int64_t now_us,
                    Language language)
{
    Ledger *self = ledger;
    AiringFilter filter = {.from_us = now_us - RECENT_DAYS * DAY_US,
                           .to_us = now_us,
                           .station = station,
                           .limit = limit};
    g_autoptr(GPtrArray) list = airing_store_list(self->database, &filter, NULL);
    g_autoptr(AiringView) view = airing_view_new(self, language, now_us);
    Json *items = json_new_array();
    for (unsigned i = 0; list && i < list->len; i++)
        json_append_take(items, airing_view_json(view, g_ptr_array_index(list, i)));
    return items;
}

static void replanned(void *ledger, const char *station)
{
    on_air_forget(((Ledger *)ledger)->on_air, station);
}

Ledger *ledger_new(Database *database, Fleet *fleet, PanelEvents *events)
{
    Ledger *self = g_new0(Ledger, 1);
    self->database = database;
    self->fleet = fleet;
    self->events = events;
    self->on_air = on_air_new(database);
    fleet->recent = recent;
    fleet->replanned = replanned;
    fleet->ledger = self;
    return self;
}

void ledger_free(Ledger *self)
{
    if (!self)
        return;
    self->fleet->recent = NULL;
    self->fleet->replanned = NULL;
    self->fleet->ledger = NULL;
    on_air_free(self->on_air);
    g_free(self);
}
