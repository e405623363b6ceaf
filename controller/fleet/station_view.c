/* Identity from the registry, the rest from what the station says of itself. */
#include "fleet/station_view.h"

Json *station_view_json(Fleet *fleet, const Station *station, int64_t now_us, Language language)
{
    g_autofree char *accepted_at = clock_format_utc(station->accepted_us);
    g_autoptr(Area) area = area_store_get(fleet->settings.database, station->area, NULL);
    Json *body = json_new_object();
    json_set_text(body, "id", station->id);
    json_set_text(body, "name", station->name);
    json_set_text(body, "area", station->area);
    json_set_text(body, "area_name", area ? area->name : NULL);
    json_set_real(body, "volume_db", station->volume_mdb / 1000.0);
    json_set_text(body, "model", station->model);
    json_set_text(body, "serial", station->serial);
    json_set_text(body, "accepted_at", accepted_at);
    fleet_station_facts.add(fleet, station->id, now_us, language, body);
    return body;
}
