/* The disk that a station lives on: what its file system has found wrong, and whether what is
 * written is what is read. */
#pragma once

#include "base/clock.h"

#define STORAGE_CANARY_US                                                                          \
    (INT64_C(6) * 3600 * G_USEC_PER_SEC) /* between two of them: cards wear out */

typedef struct StorageFacts {
    int64_t errors; /* counted by the file system since it was made; -1 = it does not say */
    bool changed;   /* the canary came back as something else, or not at all */
    bool unwritable;
} StorageFacts;

typedef struct Storage Storage;

/* Of the file system that `dir` lies on. `root` stands before /sys; NULL = the machine's. */
Storage *storage_new(const char *dir, const char *root, const Clock *clock);
void storage_free(Storage *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Storage, storage_free)
/* Looks again; writes at most every STORAGE_CANARY_US. */
const StorageFacts *storage_look(Storage *self);
/* Something is wrong that no space mends. */
bool storage_is_failing(const StorageFacts *facts);
