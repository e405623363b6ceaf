/* Asks the controller for the plan: when woken, and every five minutes anyway. */
#pragma once

#include "link/connection.h"
#include "link/refusals.h"
#include "plan/plan_file.h"

typedef struct PlanFetchSettings {
    Connection *connection;
    PlanFile *file;
    Refusals *refusals;              /* may be NULL */
    void (*on_plan)(void *user);     /* another plan is in force */
    void (*on_distrust)(void *user); /* one came that the root does not let in */
    void *user;
} PlanFetchSettings;

typedef struct PlanFetch PlanFetch;

PlanFetch *plan_fetch_new(const PlanFetchSettings *settings);
void plan_fetch_free(PlanFetch *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlanFetch, plan_fetch_free)
void plan_fetch_wake(PlanFetch *self);
