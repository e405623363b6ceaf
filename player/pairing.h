/* A station that nobody has accepted yet: shows its pairing code, says it through the horn, and
 * waits until a person types it. */
#pragma once

#include "board.h"
#include "link/enrol.h"
#include "playout/audio.h"
#include "settings.h"

typedef struct PairingSettings {
    const Settings *settings;
    const Key *key;
    Connection *connection;
    Board *board;
    Audio *audio; /* nobody else's until on_accepted */
    const Clock *clock;
    /* The sound is silent and the amplifier off again. */
    void (*on_accepted)(Identity *take_identity, void *user);
    void *user;
} PairingSettings;

typedef struct Pairing Pairing;

Pairing *pairing_new(const PairingSettings *settings, GError **error);
void pairing_free(Pairing *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Pairing, pairing_free)
/* Any button: silence while it speaks, else it speaks again. */
void pairing_button(Pairing *self);
