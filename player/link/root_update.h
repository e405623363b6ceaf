/* Follows the controller's root documents, one after the other. */
#pragma once

#include "link/connection.h"
#include "link/identity.h"

typedef struct RootUpdate RootUpdate;

/* `identity` must outlive it and is changed in place; `on_root` comes after each new root. */
RootUpdate *root_update_new(Connection *connection, Identity *identity, const char *dir,
                            void (*on_root)(void *user), void *user);
void root_update_free(RootUpdate *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RootUpdate, root_update_free)
/* Somebody signs whom the root does not know: ask now. Does nothing while it is asking or waiting
 * to try again. */
void root_update_wake(RootUpdate *self);
