/* A programme: ordered items that sound without a gap, as one airing. Also the one table of what an
 * item may be and which stations can play it. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define PROGRAMME_ITEMS_MAX 32
#define PROGRAMME_TITLE_MAX 200 /* characters */

typedef enum ProgrammeKind {
    PROGRAMME_BULLETIN, /* newest approved version of a bulletin */
    PROGRAMME_TUNE, /* signature tune: goes along, never alone; without a bulletin: the area's */
    PROGRAMME_PAUSE,
    PROGRAMME_RELAY,
    PROGRAMME_LIVE,
    PROGRAMME_KINDS
} ProgrammeKind;
extern const char *const programme_kind_words[]; /* NULL-terminated */

typedef struct ProgrammeKindFacts {
    const char *format; /* what a station must list in the `formats` of its health */
    bool planned;       /* plans can carry it */
} ProgrammeKindFacts;
const ProgrammeKindFacts *programme_kind_facts(ProgrammeKind kind);

typedef struct ProgrammeItem {
    ProgrammeKind kind;
    char *bulletin; /* NULL: a tune that follows the area's lead-in tune */
    int gain_mdb;   /* at most 0, on top of the broadcast's */
} ProgrammeItem;

typedef struct Programme {
    char *id;
    char *area;
    char *title;
    GPtrArray *items; /* ProgrammeItem* */
    char *created_by, *created_by_name;
    int64_t created_us, updated_us;
    int64_t deleted_us; /* 0 = there */
} Programme;

Programme *programme_new(void);
void programme_free(Programme *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Programme, programme_free)
void programme_add(Programme *self, ProgrammeKind kind, const char *bulletin, int gain_mdb);
