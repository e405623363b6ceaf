/* Argon2id off the loop, a bounded number at once: each takes 64 MiB and a tenth of a second. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#define PASSWORDS_PARALLEL 2
#define PASSWORDS_WAITING  30 /* more are turned away: log-in again in a moment */

typedef struct Passwords Passwords;

Passwords *passwords_new(void);
/* Waits for what is being computed; every callback still outstanding gets its negative answer. */
void passwords_free(Passwords *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Passwords, passwords_free)

/* Both copy their texts and call back from the loop; false = too many wait, no callback comes.
 * `hash` NULL: nobody of that name; takes as long and fails. */
bool passwords_verify(Passwords *self, const char *hash, const char *password,
                      void (*done)(bool good, void *user), void *user) G_GNUC_WARN_UNUSED_RESULT;
/* `done` gets the PHC string (its own to keep), or NULL when memory was short. */
bool passwords_hash(Passwords *self, const char *password, void (*done)(char *hash, void *user),
                    void *user) G_GNUC_WARN_UNUSED_RESULT;
