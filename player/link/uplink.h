/* Brings the waiting receipts to the controller, in counter order, until each is acknowledged. */
#pragma once

#include "journal/journal.h"
#include "link/connection.h"

typedef struct Uplink Uplink;

Uplink *uplink_new(Connection *connection, Journal *journal);
void uplink_free(Uplink *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Uplink, uplink_free)
/* There may be something to send. Does nothing while it is sending or waiting to try again. */
void uplink_wake(Uplink *self);
/* The controller answers elsewhere: what waits because the way was cut comes within a second. */
void uplink_hasten(Uplink *self);
