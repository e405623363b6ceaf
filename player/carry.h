/* Plan and sound that a person carried here on a stick, for a station that no network reaches. */
#pragma once

#include "cache/fetcher.h"
#include "plan/plan_file.h"

#define CARRY_FOLDER "loa-carry" /* on the stick */

typedef struct CarryParts {
    const char *mount; /* where sticks appear */
    const char *data;  /* the station's directory, for roots */
    Identity *identity;
    PlanFile *plan;
    MediaCache *media;
    Fetcher *fetcher;
    Refusals *refusals;
    void (*on_plan)(void *user);                      /* another plan is in force */
    void (*on_ready)(const char *sha256, void *user); /* one more file stands in the cache */
    void *user;
} CarryParts;

typedef struct Carry Carry;

/* The parts must outlive it. Looks every few seconds. */
Carry *carry_new(const CarryParts *parts);
void carry_free(Carry *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Carry, carry_free)
/* Looks now; true while there is something to copy. Called by itself, and by tests. */
bool carry_look(Carry *self);
/* Copies a piece; true while there is more. */
bool carry_step(Carry *self);
