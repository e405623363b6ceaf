/* The orders about the station itself that hold until a later one: its volume, its silence. They
 * come as commands and with each plan; the later generation holds, whichever way it came. */
#pragma once

#include "conductor/conductor.h"
#include "wire/command.h"

/* Which order is in force; 0 and 0 = none. */
typedef struct StandingMark {
    int64_t epoch, generation;
} StandingMark;

typedef struct StandingOrders StandingOrders;

/* What was in force when the station went down is in force again. The conductor must outlive it. */
StandingOrders *standing_orders_new(const char *path, Conductor *conductor);
void standing_orders_free(StandingOrders *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StandingOrders, standing_orders_free)

/* Both are written down, durably, before they take effect. One that is not later than what is in
 * force changes nothing. */
void standing_orders_command(StandingOrders *self, const Command *command);
void standing_orders_plan(StandingOrders *self, const Plan *plan);

StandingMark standing_orders_volume(const StandingOrders *self);
StandingMark standing_orders_mute(const StandingOrders *self);
