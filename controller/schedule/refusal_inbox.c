/* A row stays until the order is deleted, over, or made pointless by a new version: only then has
 * the person who asked nothing left to do about it. */
#include "schedule/refusal_inbox.h"

#include "registry/area_store.h"
#include "schedule/broadcast_api_parts.h"
#include "schedule/refusal_store.h"

static Json *object_of(const Refusal *refusal)
{
    Json *object = json_new_object();
    json_set_text(object, "broadcast", refusal->broadcast);
    json_set_text(object, "bulletin", refusal->bulletin);
    json_set_text(object, "reason", refusal->reason);
    json_set_text(object, "scope", refusal->scope);
    json_set_text(object, "scope_name", refusal->scope_name);
    json_set_text(object, "class", class_words[refusal->class]);
    return object;
}

bool refusal_inbox(void *room, const Request *request, InboxRows *rows, GError **error)
{
    BroadcastApi *self = room;
    const User *user = access_user(request);
    g_autoptr(GPtrArray) list = refusal_store_of_user(
        self->database, user->id, request_now_us(request), INBOX_LIMIT + 1, error);
    rows->more |= list && list->len > INBOX_LIMIT;
    for (unsigned i = 0; list && i < list->len; i++) {
        const Refusal *one = g_ptr_array_index(list, i);
        if (!access_allows(self->database, user, VERB_VIEW, one->area))
            continue;
        g_autoptr(Area) area = area_store_get(self->database, one->area, NULL);
        const InboxRow row = {.id = one->broadcast,
                              .title = one->title,
                              .area = one->area,
                              .area_name = area ? area->name : NULL,
                              .by = one->by_name,
                              .since_us = one->at_us,
                              .take_object = object_of(one)};
        if (!inbox_add(rows, &row))
            break;
    }
    return list != NULL;
}
