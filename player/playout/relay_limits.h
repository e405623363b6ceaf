/* How long a relay waits before it changes its mind about a source. */
#pragma once

/* Milliseconds; 0 = as named below. */
typedef struct RelayLimits {
    unsigned stall_ms;   /* without a frame: the source is left */
    unsigned silence_ms; /* without a sound that anybody could hear: it is left for another */
    unsigned return_ms;  /* on a later source; then the ones before it are listened to */
    unsigned good_ms;    /* so long one of those must be heard before it is gone back to */
} RelayLimits;

#define RELAY_STALL_MS       2000
#define RELAY_SILENCE_MS     15000
#define RELAY_RETURN_MS      60000
#define RELAY_RETURN_MOST_MS 900000 /* return_ms doubles up to this with each time in vain */
#define RELAY_GOOD_MS        10000
