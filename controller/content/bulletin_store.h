/* Bulletins and their immutable versions. */
#pragma once

#include "db/database.h"

typedef enum BulletinState {
    BULLETIN_DRAFT,
    BULLETIN_SUBMITTED,
    BULLETIN_APPROVED,
    BULLETIN_REJECTED,
    BULLETIN_WITHDRAWN,
} BulletinState;

typedef enum BulletinAudio {
    BULLETIN_AUDIO_NONE,
    BULLETIN_AUDIO_WORKING, /* the content worker has it */
    BULLETIN_AUDIO_READY,
    BULLETIN_AUDIO_FAILED, /* audio_error says why */
} BulletinAudio;

/* What schedule, fleet and ledger need of one bulletin: its newest approved version, or its newest
 * version when none is approved yet (then state != BULLETIN_APPROVED). */
typedef struct Bulletin {
    char *id;
    char *version; /* id of the version */
    char *area;
    char *title;
    char *language; /* BCP 47: "vi", "tyz" ... */
    BulletinState state;
    BulletinAudio audio;
    char *sha256; /* canonical file; NULL until ready */
    int64_t bytes;
    int64_t frames; /* at 48 kHz */
    int64_t duration_ms;
    int64_t valid_from_us;  /* 0 = open */
    int64_t valid_until_us; /* 0 = open */
    char *author;           /* user id */
    char *author_name;
    char *approver_name; /* NULL until approved */
} Bulletin;

void bulletin_free(Bulletin *bulletin);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Bulletin, bulletin_free)

Bulletin *bulletin_store_get(Database *database, const char *id, GError **error);
/* Who wants to know that a bulletin became approved, changed or was withdrawn (the publisher). */
typedef void (*BulletinChanged)(const char *bulletin, void *user);
