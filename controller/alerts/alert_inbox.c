/* Alerts that nobody has reviewed yet, for those who may: not drills, not one's own. */
#include "alerts/alerts_parts.h"
#include "registry/area_store.h"

#define LOOK_AT 200 /* of the newest; beyond, it says that there are more */

static bool waits_for(Alerts *self, const Alert *alert, const User *user)
{
    return !g_str_equal(alert->author, user->id) &&
           access_allows(self->parts.database, user, VERB_APPROVE_CONTENT, alert->area);
}

bool alert_inbox(void *alerts, const Request *request, InboxRows *rows, GError **error)
{
    Alerts *self = alerts;
    const User *user = access_user(request);
    if (!access_anywhere(user, VERB_APPROVE_CONTENT))
        return true;
    AlertFilter filter = {.area_path = "", .unreviewed = true, .limit = LOOK_AT + 1};
    g_autoptr(GPtrArray) list = alert_store_list(self->parts.database, &filter, error);
    rows->more |= list && list->len > LOOK_AT;
    for (unsigned i = 0; list && i < MIN(list->len, LOOK_AT); i++) {
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
