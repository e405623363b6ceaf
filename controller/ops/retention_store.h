/* SQL of the retention: a few rows of one kind. */
#pragma once

#include "content/media_store.h"
#include "db/database.h"

#define RETENTION_ROWS 250 /* at once; some milliseconds */

typedef enum {
    RETENTION_RECEIPTS,
    RETENTION_QUARANTINED,
    RETENTION_PLANS,
    RETENTION_MEDIA,
    RETENTION_KINDS,
} RetentionKind;

typedef struct RetentionRun {
    Database *database;
    MediaStore *media;
    int64_t papers_before_us; /* 0 = nothing of that kind goes */
    int64_t plans_before_us;
    int64_t media_before_us;
    RetentionKind kind; /* at work on */
    int64_t removed[RETENTION_KINDS];
    int64_t bytes; /* of sound */
} RetentionRun;

/* Rows of `run->kind` that were looked at, 0 when there are no more, -1 on error. To be called in a
 * transaction. */
int retention_store_step(RetentionRun *run, GError **error) G_GNUC_WARN_UNUSED_RESULT;
