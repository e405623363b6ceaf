/* Bulletins and their immutable versions. */
#pragma once

#include "db/database.h"
#include "registry/shelf_store.h"

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
    char *version;  /* id of the version */
    int64_t number; /* of the version, from 1 */
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
    char *approver;      /* user id; who approved or rejected */
    char *reject_reason;
    char *audio_error_vi, *audio_error_en; /* BULLETIN_AUDIO_FAILED only */
    char *upload;                          /* BULLETIN_AUDIO_WORKING only */
    char *original_name;                   /* as the uploader called the file */
    char *original_sha256;
    char *source;           /* a relay: id of what it relays; `frames` is how long; no sha256 */
    GPtrArray *fallback;    /* char*, ids of what stands in; only of one that is to be written */
    char *text;             /* as typed, to be read aloud; NULL when the sound was uploaded */
    int64_t loudness_mlufs; /* of the canonical file, thousandths of a LUFS */
    int64_t peak_mdbtp;
    int64_t created_us, updated_us; /* of the version */
    int64_t made_us;                /* of the first version */
} Bulletin;

void bulletin_free(Bulletin *bulletin);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Bulletin, bulletin_free)

const char *bulletin_state_word(BulletinState state);
bool bulletin_state_from_word(const char *word, BulletinState *ret_state);
const char *bulletin_audio_word(BulletinAudio audio);

/* NULL without error when there is none. */
Bulletin *bulletin_store_get(Database *database, const char *id, GError **error);
/* The version that people work on, approved or not. */
Bulletin *bulletin_store_newest(Database *database, const char *id, GError **error);
Bulletin *bulletin_store_version(Database *database, const char *version, GError **error);
/* All versions, newest first. Bulletin*. */
GPtrArray *bulletin_store_versions(Database *database, const char *id, GError **error);

/* A page of newest versions. Elements are Bulletin*; `created_us` is then the bulletin's.
 * `ret_next` (0 = no more) may be NULL. */
GPtrArray *bulletin_store_page(Database *database, const ShelfQuery *query, int64_t *ret_next,
                               GError **error);
/* Newest versions that came back to their author and were not written anew, last returned first. */
GPtrArray *bulletin_store_sent_back(Database *database, const char *author, unsigned limit,
                                    GError **error);

/* Writes `bulletin` as the first version of a new bulletin, or as the next version of an old one.
 */
bool bulletin_store_add(Database *database, const Bulletin *bulletin,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool bulletin_store_add_version(Database *database, const Bulletin *bulletin,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Moves a version on; `by`/`by_name`/`reason` are kept on approve and reject, NULL otherwise. False
 * without error set never happens: a version that left `from` meanwhile is a constraint error. */
typedef struct BulletinMove {
    const char *bulletin, *version;
    BulletinState from, to;
    const char *by, *by_name, *reason;
    int64_t now_us;
} BulletinMove;
bool bulletin_store_move(Database *database, const BulletinMove *move,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What the content worker brought. Only for a version that is still working. */
bool bulletin_store_sound_ready(Database *database, const Bulletin *sound, int64_t now_us,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A submitted version goes back to draft: there is nothing to approve. */
bool bulletin_store_sound_failed(Database *database, const char *version, const char *vi,
                                 const char *en, int64_t now_us,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Ids of versions whose sound is still being worked on, oldest first. */
GPtrArray *bulletin_store_working(Database *database, GError **error);

/* Who wants to know that a bulletin became approved, changed or was withdrawn (the publisher). */
typedef void (*BulletinChanged)(const char *bulletin, void *user);
