/* The stream on which the controller wakes the station. What counts is fetched afterwards. */
#pragma once

#include "link/connection.h"

typedef struct Events Events;

/* `on_wake` comes on every connect and whenever the plan changed. */
Events *events_new(Connection *connection, void (*on_wake)(void *user), void *user);
/* Who takes signed commands off the stream, and is told to ask for them. May be left out. */
void events_listen(Events *self, void (*on_command)(const char *envelope, void *user),
                   void (*on_commands)(void *user), void *user);
void events_free(Events *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Events, events_free)
void events_start(Events *self);
/* The controller answers elsewhere: a stream that waits comes back within a second. */
void events_hasten(Events *self);
