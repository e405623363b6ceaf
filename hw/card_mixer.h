/* The card's own mixer: set, and always read back, because HDA boards wake up muted at zero. */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef struct CardMixerState {
    bool present; /* the card has a playback volume at all */
    double db;    /* gain now, dB relative to full scale; 0 = loudest */
    bool muted;
} CardMixerState;

/* `device`: ALSA ctl name, e.g. "hw:0" or the simulated one; `element`: "Master", or NULL for the
 * first element with a playback volume. */
bool card_mixer_set(const char *device, const char *element, double db, bool muted,
                    CardMixerState *ret_read_back, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool card_mixer_read(const char *device, const char *element, CardMixerState *ret_state,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
