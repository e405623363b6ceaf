/* ALSA's negative errno codes as CARD_ERRORs; shared by card_alsa.c and card_mixer.c only. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* Sets `error` from an ALSA code: "<what>: <ALSA's text>". Always false, for `return`. */
bool card_alsa_fail(GError **error, int code, const char *what);

/* alsa-lib writes to stderr on its own; a card that is tried again four times a second must not.
 * Nothing is lost: every code comes back in a GError. */
void card_alsa_hush(void);
