/* When an airing was heard: all that the minutes of a session and of a day need of it later. */
#pragma once

#include "wire/receipt.h"

#define HEARD_MAX_SPANS                                                                            \
    64 /* more are taken as one long last one: rather too much than too little */
#define HEARD_GAP_US G_USEC_PER_SEC /* a shorter silence is none */

typedef struct HeardSpan {
    int64_t from_us, until_us;
} HeardSpan;

typedef struct Heard {
    char *airing;
    GArray *spans; /* HeardSpan, ascending, at least one */
} Heard;

/* Of a planned airing that was heard, whatever stood in for it included; else NULL. */
Heard *heard_of(const Receipt *receipt);
Heard *heard_new(const char *airing);
void heard_add(Heard *self, HeardSpan span); /* none begins before those already there */
int64_t heard_first_us(const Heard *self);
int64_t heard_last_us(const Heard *self);
int64_t heard_length_us(const Heard *self);
void heard_free(Heard *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Heard, heard_free)
