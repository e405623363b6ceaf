/* What a broadcast sounds, item by item, as things stand: each with its newest approved version. */
#pragma once

#include "content/bulletin_store.h"
#include "content/source_store.h"
#include "schedule/broadcast.h"

typedef struct RundownItem {
    Bulletin *bulletin; /* the version that airs; its newest one where none is approved */
    bool is_tune;       /* goes along with others, never alone */
    bool waits;         /* approved, but not for where and as what it is broadcast */
    bool refused;       /* a leader said no to that */
    int gain_mdb;
    Source *source;      /* of a relay; else NULL */
    GPtrArray *named;    /* char*, ids of what stands in for it */
    GPtrArray *fallback; /* Bulletin*, those of them that are approved for it, in order */
} RundownItem;

typedef struct Rundown {
    char *title;
    char *author,
        *approver;      /* of all items but tunes, each name once; approver NULL = nobody yet */
    GArray *items;      /* RundownItem, in order */
    int64_t updated_us; /* of the newest version among them */
    bool is_given;      /* a draft: treated as if all were approved */
} Rundown;

Rundown *rundown_new(const char *title);
void rundown_free(Rundown *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Rundown, rundown_free)
/* True when all of it is relayed. */
bool rundown_is_relay(const Rundown *self);
/* In order. Names and times follow from what is added. */
void rundown_add(Rundown *self, Bulletin *take_bulletin, bool is_tune, int gain_mdb);

/* NULL without error when the bulletin or the programme is not there (any more). */
Rundown *rundown_load(Database *database, const Broadcast *broadcast, GError **error);

/* An item that is approved, with a sound, and valid at that start. A single start that an edit left
 * outside the validity sounds as far as a plan goes: the station states it as expired. */
bool rundown_sounds_item(const Rundown *self, unsigned index, int64_t start_us, bool repeats);
/* Something but tunes sounds. */
bool rundown_sounds(const Rundown *self, int64_t start_us, bool repeats);
/* The item that stands for all in the log: the first that sounds and is no tune. */
unsigned rundown_main(const Rundown *self, int64_t start_us, bool repeats);

/* Length in frames of what is in it, approved or not. */
int64_t rundown_frames(const Rundown *self);
int64_t rundown_length_us(const Rundown *self);
bool rundown_holds(const Rundown *self, const char *bulletin);
/* Items but tunes: any approved; any that may still come to air. */
bool rundown_is_approved(const Rundown *self);
bool rundown_is_alive(const Rundown *self);
/* Any item but tunes that a leader refused for this broadcast. */
bool rundown_is_refused(const Rundown *self);
/* Counts as if it were approved where it may still be: orders that wait take their room, too. */
void rundown_expect(Rundown *self);
/* When nothing of it may be heard any more; 0 = open. And from when something may. */
int64_t rundown_valid_until(const Rundown *self);
int64_t rundown_valid_from(const Rundown *self);
typedef enum { RUNDOWN_VALID, RUNDOWN_NOT_VALID_YET, RUNDOWN_EXPIRED } RundownValidity;
RundownValidity rundown_validity(const Rundown *self, int64_t start_us);
/* "expired", and what people read; NULL of RUNDOWN_VALID. */
const char *rundown_validity_word(RundownValidity validity);
const char *rundown_validity_text(RundownValidity validity, Language language);
