/* Follows the controller's root documents, one after the other. */
#pragma once

#include "link/connection.h"
#include "link/identity.h"
#include "link/refusals.h"

typedef struct RootUpdate RootUpdate;

typedef struct RootUpdateSettings {
    Connection *connection;
    Identity *identity; /* must outlive it; changed in place */
    const char *dir;
    Refusals *refusals;          /* may be NULL */
    void (*on_root)(void *user); /* after each new root */
    void *user;
} RootUpdateSettings;

RootUpdate *root_update_new(const RootUpdateSettings *settings);
void root_update_free(RootUpdate *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RootUpdate, root_update_free)
/* Somebody signs whom the root does not know: ask now. Does nothing while it is asking or waiting
 * to try again. */
void root_update_wake(RootUpdate *self);
/* The controller answers elsewhere: what waits because the way was cut comes within a second. */
void root_update_hasten(RootUpdate *self);
