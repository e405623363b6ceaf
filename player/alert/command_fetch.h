/* GET /commands: what is in force, where the stream has no room for it. */
#pragma once

#include "link/connection.h"

typedef struct CommandFetch CommandFetch;

/* `on_command` comes once for each envelope (JSON text). */
CommandFetch *command_fetch_new(Connection *connection,
                                void (*on_command)(const char *envelope, void *user), void *user);
void command_fetch_free(CommandFetch *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CommandFetch, command_fetch_free)
void command_fetch_wake(CommandFetch *self);
/* The controller answers elsewhere: a question that waits comes within a second. */
void command_fetch_hasten(CommandFetch *self);
