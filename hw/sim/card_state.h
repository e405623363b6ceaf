/* The shared state of one simulated card: a small mapped file, the "hardware" itself.
 *
 * The PCM plugin, the mixer plugin and the hand that makes faults (loa-simcard) map the same file,
 * so a fault takes effect at the next look of whoever plays. libc only: the plugins are loaded into
 * other people's programs. */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define CARD_STATE_VOLUME_MAX 100 /* 0 dB; one step is 0.5 dB; 0 is silent */

typedef struct CardState {
    uint32_t magic;
    atomic_int volume;     /* 0..CARD_STATE_VOLUME_MAX */
    atomic_int mute;       /* 1 = muted */
    atomic_int unplugged;  /* 1: every call answers ENODEV */
    atomic_int fail_open;  /* errno that opening answers; 0 = opens */
    atomic_int stalled;    /* 1: the pointer stands still */
    atomic_int ppm;        /* error of the card's crystal, parts per million */
    atomic_int generation; /* counts changes of the mixer */
    atomic_llong xruns;    /* since the file was made */
    atomic_llong frames;   /* that left the converter since the file was made */
} CardState;

/* Maps the file, making it (volume full, not muted, no fault) where there is none. NULL with errno.
 * `ret_fd`, if not NULL, receives the descriptor for card_state_claim(); else it is closed. */
CardState *card_state_map(const char *path, int *ret_fd);
void card_state_unmap(CardState *state);

/* One player at a time, like a hardware device. False: somebody else has the card. Lasts as long
 * as `fd` is open, so a killed player gives it back. */
bool card_state_claim(int fd);

/* Linear gain of a mixer setting, 0..1. */
double card_state_gain(int volume, int mute);
