/* Says every 30 s how the station is. */
#pragma once

#include "health/facts.h"
#include "link/connection.h"

typedef struct Reporter Reporter;

/* `on_heard` comes after each report that the controller took. */
Reporter *reporter_new(Connection *connection, const FactsParts *parts,
                       void (*on_heard)(void *user), void *user);
void reporter_free(Reporter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Reporter, reporter_free)
void reporter_start(Reporter *self);
/* Something worth telling happened: the next report comes within a second. */
void reporter_hurry(Reporter *self);
/* The controller is back: what it knows may be old, so do not wait out a back-off. */
void reporter_wake(Reporter *self);
/* The controller took the last report. */
bool reporter_is_heard(const Reporter *self);
/* What the last report told, whether it arrived or not. */
bool reporter_has_fault(const Reporter *self);
