/* Signing of what goes down to the stations, behind one small interface: today a key in this
 * process, later a process of its own without network. */
#pragma once

#include "envelope.h"

typedef struct SignerOps {
    /* The envelope of `payload` as `type`, or NULL with an error. */
    Envelope *(*sign)(void *self, const char *type, GBytes *payload, GError **error);
    void (*free)(void *self);
} SignerOps;

typedef struct Signer {
    const SignerOps *ops;
    void *self;
} Signer;

Envelope *signer_sign(const Signer *signer, const char *type, GBytes *payload, GError **error);
/* Copies the key; it is wiped by signer_clear(). */
void signer_init_in_process(Signer *signer, const Key *key);
void signer_clear(Signer *signer);
