/* Waking stations. What is pushed only says "ask again"; the signed plan is fetched after. Behind
 * this header stands an event hub today; a faster engine may take its place. */
#pragma once

#include "http/event_stream.h"

#define PUSH_HEARTBEAT_MS 25000
#define PUSH_MAX_STATIONS 12000
#define PUSH_COMMAND_MAX  (128 * 1024) /* bytes of an envelope in the stream; larger are fetched */

typedef struct Push Push;

Push *push_new(void);
void push_free(Push *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Push, push_free)

/* Makes a request the station's stream; its first event says which plan is in force. */
Reply *push_open(Push *self, Request *request, const char *station, int64_t epoch, int64_t version);
void push_plan_changed(Push *self, const char *station, int64_t epoch, int64_t version);
/* The signed envelope itself, to each of the stations (char*); one that is too large only says "ask
 * for your commands". `seq` is the stream's cursor and nothing else. */
void push_command(Push *self, const GPtrArray *stations, int64_t seq, const char *envelope);
void push_commands_changed(Push *self, const char *station);
