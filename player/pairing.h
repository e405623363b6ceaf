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
    Audio *audio; /* what it does not sound itself is told to whoever listened before */
    const Clock *clock;
    bool (*is_busy)(void *user); /* an alert has horn and amplifier */
    /* The sound is silent and the amplifier off again. */
    void (*on_accepted)(Identity *take_identity, void *user);
    void *user;
} PairingSettings;

typedef struct Pairing Pairing;

Pairing *pairing_new(const PairingSettings *settings, GError **error);
void pairing_free(Pairing *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Pairing, pairing_free)
/* Something more important is to be heard. */
void pairing_hush(Pairing *self);
/* Any button: silence while it speaks, else it speaks again. */
void pairing_button(Pairing *self);
