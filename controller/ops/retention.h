/* What is old goes, and a trace stays: bodies of signed papers, sound that nothing can play any
 * more. Hashes, counters and outcomes stay for good. */
#pragma once

#include "content/media_store.h"
#include "db/database.h"

typedef struct RetentionRules {
    unsigned papers_months; /* bodies of receipts and plans; 0 = for good */
    unsigned media_days;    /* sound out of use; 0 = for good */
} RetentionRules;

typedef struct RetentionParts {
    Database *database;
    MediaStore *media;
    const char *data_dir;
    RetentionRules rules;
} RetentionParts;

typedef struct Retention Retention;

/* Looks once soon after the start and then every hour whether a day has passed; works in small
 * steps, so that nobody waits for it. */
Retention *retention_start(const RetentionParts *parts);
void retention_stop(Retention *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Retention, retention_stop)

/* One whole run at once, for tests: true when it came to its end. */
bool retention_run(const RetentionParts *parts, int64_t now_us,
                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
