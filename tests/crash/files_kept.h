/* The station's plain files and what it was promised about them: a text of its own, its key, its
 * plan, its media. */
#pragma once

#include "cache/media_cache.h"
#include "dice.h"
#include "plan/plan_file.h"

#define KEPT_MEDIA    3
#define KEPT_VERSIONS 24

/* Made once: plans and media that can be had. */
typedef struct Outside {
    Key signer;
    Identity *identity;
    GBytes *plans[KEPT_VERSIONS + 1]; /* envelopes; version 0 is NULL */
    GBytes *media[KEPT_MEDIA];
    char *sha256[KEPT_MEDIA];
} Outside;

Outside *outside_new(void);
void outside_free(Outside *self);

/* Promises. Versions go up from 1; 0: the file is not there. */
typedef struct FilesKept {
    int note, note_next; /* next: being written; equal when nothing is under way */
    int plan, plan_next;
    char key[65]; /* id; "" none */
    bool key_changes;
    bool media[KEPT_MEDIA];
} FilesKept;

/* What a station does; each moves `kept` on. False when the code under test refused to. */
bool files_write_note(FilesKept *kept, const char *dir, Dice *dice);
bool files_make_key(FilesKept *kept, const char *dir, Dice *dice);
bool files_take_plan(FilesKept *kept, const char *dir, const Outside *outside);
bool files_fetch_media(FilesKept *kept, const char *dir, const Outside *outside, Dice *dice);
bool files_drop_media(FilesKept *kept, const char *dir);

/* The rule that `dir` breaks, or NULL and what stands there now. `ret_what` is to be freed. */
const char *files_judge(const FilesKept *kept, const char *dir, const Outside *outside, Dice *dice,
                        FilesKept *ret_found, char **ret_what);
