/* "Something changed" for every open panel: GET /api/events. Rooms say what kind of thing changed,
 * never what it is now; the browser asks again for what it shows. Words that pile up are sent
 * together, at most once a second: `event: changed`, `data: {"what": ["stations", "airings"]}`. */
#pragma once

#include "http/event_stream.h"

#define PANEL_EVENTS_BATCH_MS     1000
#define PANEL_EVENTS_HEARTBEAT_MS 15000
#define PANEL_EVENTS_MAX_STREAMS  500

typedef struct PanelEvents PanelEvents;

PanelEvents *panel_events_new(void);
void panel_events_free(PanelEvents *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PanelEvents, panel_events_free)

/* `what` is one of "stations", "airings", "bulletins", "broadcasts", "groups". Call it after
 * COMMIT. NULL `self` does nothing. */
void panel_events_changed(PanelEvents *self, const char *what);

/* GET /api/events, GATE_USER; the room is the PanelEvents. */
Reply *panel_events_open(void *room, Request *request);
