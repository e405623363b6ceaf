/* The room, and what stations tell of plays that only they know: when a loop repeats, and what a
 * button at the pole started. Such a play is believed only where it can be recomputed: the number
 * of a repeat follows from alert, repeat and station, and a button's message is a clip of the area.
 */
#include "alerts/alerts_parts.h"

#include "registry/area_store.h"
#include "registry/station_store.h"
#include "schedule/airing_store_play.h"

#include <string.h>

#define BUTTON_PREFIX "local-"

Alerts *alerts_new(const AlertsParts *parts)
{
    Alerts *self = g_new0(Alerts, 1);
    self->parts = *parts;
    self->heard = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    self->drills = g_ptr_array_new_with_free_func(g_free);
    drill_resume(self);
    return self;
}

void alerts_free(Alerts *self)
{
    if (!self)
        return;
    g_clear_handle_id(&self->look, g_source_remove);
    g_hash_table_unref(self->heard);
    g_ptr_array_unref(self->drills);
    g_free(self);
}

/* ---- what a station tells ---- */

static bool add_play(Database *database, const Receipt *receipt, AiringPlay *play, GError **error)
{
    g_autoptr(Station) station = station_store_get(database, receipt->station, error);
    g_autoptr(Area) area = station ? area_store_get(database, station->area, error) : NULL;
    if (!area)
        return false;
    play->id = receipt->airing;
    play->planned_us = receipt->planned_us;
    play->station = receipt->station;
    play->broadcast = receipt->broadcast;
    play->area = area->id;
    play->area_path = area->path;
    return airing_store_add_play(database, play, error);
}

static bool note_repeat(Database *database, const Receipt *receipt, GError **error)
{
    g_autofree char *id = plan_airing_id(receipt->broadcast, 0, receipt->repeat, receipt->station);
    g_autoptr(Alert) alert = alert_store_get(database, receipt->broadcast, error);
    if (!alert || !g_str_equal(id, receipt->airing))
        return false;
    AiringPlay play = {.bulletin = alert->bulletin,
                       .version = alert->version,
                       .title = alert->title,
                       .class = alert->drill ? CLASS_PRIORITY : CLASS_EMERGENCY,
                       .duration_ms = alert->duration_ms,
                       .author = alert->author_name};
    return add_play(database, receipt, &play, error);
}

/* Before anybody accepted the station: "local-N" is the message that root of that machine had put
 * behind button N, and all that is known of it. */
static bool note_unaccepted(Database *database, const Receipt *receipt, const char *name,
                            GError **error)
{
    char *end;
    uint64_t button = g_ascii_strtoull(name + strlen(BUTTON_PREFIX), &end, 10);
    g_autofree char *id = plan_airing_id(receipt->broadcast, 0, receipt->repeat, receipt->station);
    if (button < 1 || button > PLAN_BUTTONS || *end || !g_str_equal(id, receipt->airing))
        return false;
    g_autofree char *title =
        g_strdup_printf("Nút khẩn %u bấm tại trạm, trước khi ghép", (unsigned)button);
    AiringPlay play = {.bulletin = "", .version = name, .title = title, .class = CLASS_EMERGENCY};
    return add_play(database, receipt, &play, error);
}

static bool note_button(Database *database, const Receipt *receipt, GError **error)
{
    const ReceiptItem *item = receipt->items->len ? receipt->items->pdata[0] : NULL;
    if (!item)
        return false;
    if (g_str_has_prefix(item->bulletin_version, BUTTON_PREFIX))
        return note_unaccepted(database, receipt, item->bulletin_version, error);
    g_autoptr(Bulletin) bulletin = bulletin_store_version(database, item->bulletin_version, error);
    if (!bulletin)
        return false;
    AiringPlay play = {.bulletin = bulletin->id,
                       .version = bulletin->version,
                       .title = bulletin->title,
                       .class = CLASS_EMERGENCY,
                       .duration_ms = bulletin->duration_ms};
    return add_play(database, receipt, &play, error);
}

bool alerts_note_play(Database *database, const Receipt *receipt, GError **error)
{
    switch (receipt->kind) {
    case RECEIPT_ALERT: return note_repeat(database, receipt, error);
    case RECEIPT_LOCAL: return note_button(database, receipt, error);
    case RECEIPT_AIRING:
    case RECEIPT_TEST:
    case RECEIPT_ORDER: break;
    }
    return false;
}
