/* Asks the controller what time it is, and brings tickets to the connection. */
#pragma once

#include "clock/trust.h"
#include "link/connection.h"
#include "link/identity.h"
#include "link/refusals.h"

typedef struct TimeSync TimeSync;

/* `refusals` may be NULL. */
TimeSync *time_sync_new(Connection *connection, Trust *trust, const Clock *clock,
                        Refusals *refusals);
void time_sync_free(TimeSync *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TimeSync, time_sync_free)
void time_sync_start(TimeSync *self);
/* Who may tell the time from now on; borrowed. NULL = nobody: tickets only. */
void time_sync_set_identity(TimeSync *self, const Identity *identity);
/* The controller answers elsewhere: a question that waits comes within a second. */
void time_sync_hasten(TimeSync *self);
