/* Rooms further down the flow put their sources in here when the app is built; the inbox knows none
 * of them. Each source asks access itself, as every handler does. */
#include "access/inbox.h"

#include "base/clock.h"

typedef struct Source {
    const char *kind;
    InboxList list;
    void *room;
} Source;

struct Inbox {
    GArray *sources; /* Source, in the order shown */
};

Inbox *inbox_new(void)
{
    Inbox *self = g_new0(Inbox, 1);
    self->sources = g_array_new(FALSE, FALSE, sizeof(Source));
    return self;
}

void inbox_free(Inbox *self)
{
    if (!self)
        return;
    g_array_unref(self->sources);
    g_free(self);
}

void inbox_add_source(Inbox *self, const char *kind, InboxList list, void *room)
{
    Source source = {.kind = kind, .list = list, .room = room};
    g_array_append_val(self->sources, source);
}

bool inbox_add(InboxRows *rows, const InboxRow *row)
{
    if (json_length(rows->items) >= INBOX_LIMIT) {
        json_drop(row->take_object);
        rows->more = true;
        return false;
    }
    g_autofree char *since = clock_format_utc(row->since_us);
    Json *json = json_new_object();
    json_set_text(json, "id", row->id);
    json_set_text(json, "title", row->title);
    json_set_text(json, "area", row->area);
    json_set_text(json, "area_name", row->area_name);
    json_set_text(json, "by", row->by);
    json_set_text(json, "since", since);
    if (row->take_object)
        json_set_take(json, "object", row->take_object);
    else
        json_set_null(json, "object");
    json_append_take(rows->items, json);
    return true;
}

Reply *inbox_api_get(void *room, Request *request)
{
    Inbox *self = room;
    g_autoptr(Json) kinds = json_new_array();
    int64_t total = 0;
    for (unsigned i = 0; i < self->sources->len; i++) {
        const Source *source = &g_array_index(self->sources, Source, i);
        g_autoptr(GError) error = NULL;
        g_autoptr(Json) items = json_new_array();
        InboxRows rows = {.items = items};
        if (!source->list(source->room, request, &rows, &error))
            return reply_error(error);
        total += (int64_t)json_length(items);
        Json *kind = json_new_object();
        json_set_text(kind, "kind", source->kind);
        json_set_take(kind, "items", g_steal_pointer(&items));
        json_set_bool(kind, "more", rows.more);
        json_append_take(kinds, kind);
    }
    Json *body = json_new_object();
    json_set_int(body, "total", total);
    json_set_take(body, "kinds", g_steal_pointer(&kinds));
    return reply_json_take(200, body);
}
