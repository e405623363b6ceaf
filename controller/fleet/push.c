/* The event hub, with a topic for each station. A station that connects twice (its 4G came back on
 * another address) has two streams for a while; both are told, and the dead one goes with its
 * connection. */
#include "fleet/push.h"

#include <string.h>

struct Push {
    EventHub *hub;
};

Push *push_new(void)
{
    Push *self = g_new0(Push, 1);
    self->hub = event_hub_new(PUSH_HEARTBEAT_MS, PUSH_MAX_STATIONS);
    return self;
}

void push_free(Push *self)
{
    if (!self)
        return;
    event_hub_free(self->hub);
    g_free(self);
}

static void send_version(Push *self, const char *station, const char *event, int64_t epoch,
                         int64_t version)
{
    g_autofree char *data = g_strdup_printf(
        "{\"epoch\":%" G_GINT64_FORMAT ",\"version\":%" G_GINT64_FORMAT "}", epoch, version);
    event_hub_send(self->hub, station, event, NULL, data);
}

Reply *push_open(Push *self, Request *request, const char *station, int64_t epoch, int64_t version)
{
    Reply *reply = event_hub_open(self->hub, request, station, NULL, NULL);
    if (reply_status(reply) == 200)
        send_version(self, station, "hello", epoch, version);
    return reply;
}

void push_plan_changed(Push *self, const char *station, int64_t epoch, int64_t version)
{
    send_version(self, station, "plan-changed", epoch, version);
}

void push_command(Push *self, const GPtrArray *stations, int64_t seq, const char *envelope)
{
    char id[24];
    g_snprintf(id, sizeof id, "%" G_GINT64_FORMAT, seq);
    bool fits = strlen(envelope) <= PUSH_COMMAND_MAX;
    g_autoptr(GBytes) event = fits ? event_hub_event("command", id, envelope)
                                   : event_hub_event("commands-changed", id, "{}");
    for (unsigned i = 0; i < stations->len; i++)
        event_hub_push(self->hub, stations->pdata[i], event);
}

void push_commands_changed(Push *self, const char *station)
{
    event_hub_send(self->hub, station, "commands-changed", NULL, "{}");
}
