/* The panel's event stream. Changes are collected as words in a small set and sent by a timer that
 * only runs while something waits, so a burst of 5,000 receipts is one event a second for each open
 * browser, not 5,000. The first change after a quiet second goes out at once. */
#include "registry/panel_events.h"

struct PanelEvents {
    EventHub *hub;
    GPtrArray *waiting; /* const char*, interned */
    unsigned timer;     /* runs while the last event is younger than a second */
};

PanelEvents *panel_events_new(void)
{
    PanelEvents *self = g_new0(PanelEvents, 1);
    self->hub = event_hub_new(PANEL_EVENTS_HEARTBEAT_MS, PANEL_EVENTS_MAX_STREAMS);
    self->waiting = g_ptr_array_new();
    return self;
}

void panel_events_free(PanelEvents *self)
{
    if (!self)
        return;
    if (self->timer)
        g_source_remove(self->timer);
    event_hub_free(self->hub);
    g_ptr_array_unref(self->waiting);
    g_free(self);
}

static void send_waiting(PanelEvents *self)
{
    g_autoptr(Json) what = json_new_array();
    for (unsigned i = 0; i < self->waiting->len; i++)
        json_append_text(what, g_ptr_array_index(self->waiting, i));
    g_ptr_array_set_size(self->waiting, 0);
    g_autoptr(Json) data = json_new_object();
    json_set_take(data, "what", g_steal_pointer(&what));
    g_autofree char *text = json_print(data, NULL);
    event_hub_send(self->hub, NULL, "changed", NULL, text);
}

static gboolean on_second(void *user)
{
    PanelEvents *self = user;
    if (self->waiting->len == 0) {
        self->timer = 0;
        return G_SOURCE_REMOVE;
    }
    send_waiting(self);
    return G_SOURCE_CONTINUE;
}

void panel_events_changed(PanelEvents *self, const char *what)
{
    if (!self)
        return;
    const char *word = g_intern_string(what);
    if (!g_ptr_array_find(self->waiting, word, NULL))
        g_ptr_array_add(self->waiting, (void *)word);
    if (self->timer)
        return;
    send_waiting(self);
    self->timer = g_timeout_add(PANEL_EVENTS_BATCH_MS, on_second, self);
}

Reply *panel_events_open(void *room, Request *request)
{
    PanelEvents *self = room;
    return event_hub_open(self->hub, request, "panel", NULL, NULL);
}
