/* What would no longer sound, or not in full, once an order is saved: starts of others, and its own
 * that find no room. A filler gives way by nature and loses nothing. */
#pragma once

#include "schedule/explain.h"

#define LOSSES_SAID_MAX 100 /* in one answer; more are counted */

typedef struct Loss {
    char *broadcast;    /* NULL = a start of what is ordered itself */
    char *title, *area; /* the area that issued it */
    char *zone;         /* of a place where it is lost */
    AiringClass class;
    Outcome outcome; /* missed or partial */
    int64_t first_us;
    unsigned starts;   /* at the station that loses most */
    unsigned stations; /* that lose any */
    Json *why;         /* explain_rule_json() */
    unsigned turn, turn_starts;
} Loss;

typedef struct Losses Losses;

Losses *losses_new(void);
void losses_free(Losses *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Losses, losses_free)

/* What is added from here on is about so many stations, alike, in that zone. */
void losses_begin(Losses *self, unsigned stations, const char *zone);
/* Airing `who` of a world, on so many days. */
void losses_add(Losses *self, const Explained *world, unsigned who, bool own, unsigned days);
/* Those of another order beside it. */
void losses_join(Losses *self, const Losses *other);
unsigned losses_length(const Losses *self);
/* Loss*, by first start. */
GPtrArray *losses_list(const Losses *self);
/* What names exactly this list, whoever asks and whenever: a confirmation of it. g_free(); NULL
 * where nothing is lost. */
char *losses_digest(const Losses *self);
