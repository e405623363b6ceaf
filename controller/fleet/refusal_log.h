/* Requests that were refused: counted by code and signer, one row a day each, so that neither the
 * database nor the log file grows with what strangers send. */
#pragma once

#include "db/database.h"

typedef struct RefusalLog RefusalLog;

RefusalLog *refusal_log_new(Database *database);
void refusal_log_free(RefusalLog *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RefusalLog, refusal_log_free)

/* `keyid` "" where no known key is concerned. `code` is a constant. */
void refusal_log_add(RefusalLog *self, const char *code, const char *keyid, const char *remote,
                     int64_t now_us);
/* Writes what was counted since the last time, one log line each. */
bool refusal_log_flush(RefusalLog *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
