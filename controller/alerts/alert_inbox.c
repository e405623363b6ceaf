/* Alerts that nobody has reviewed yet, for those who may: not drills, not one's own. */
#include "alerts/alerts_parts.h"
#include "registry/area_store.h"

#define LOOK_AT 200 /* of the newest */

static bool waits_for(Alerts *self, const Alert *alert, const User *user)
{
    return !*alert->verdict && !alert->drill && !g_str_equal(alert->author, user->id) &&
           access_allows(self->parts.database, user, VERB_APPROVE_CONTENT, alert->area);
}

bool alert_inbox(void *alerts, const Request *request, Json *rows, GError **error)
{
    Alerts *self = alerts;
    const User *user = access_user(request);
    if (!access_anywhere(user, VERB_APPROVE_CONTENT))
        return true;
    AlertFilter filter = {.area_path = "", .limit = LOOK_AT};
    g_autoptr(GPtrArray) list = alert_store_list(self->parts.database, &filter, error);
    for (unsigned i = 0; list && i < list->len; i++) {
        const Alert *alert = list->pdata[i];
        if (!waits_for(self, alert, user))
            continue;
        g_autoptr(Area) area = area_store_get(self->parts.database, alert->area, NULL);
        InboxRow row = {.id = alert->id,
                        .title = alert->title,
                        .area = alert->area,
                        .area_name = area ? area->name : NULL,
                        .by = alert->author_name,
                        .since_us = alert->issued_us};
        if (!inbox_add(rows, &row))
            break;
    }
    return list != NULL;
}
