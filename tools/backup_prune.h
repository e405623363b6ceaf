/* Retention: which backups of a directory stay. */
#pragma once

#include <gio/gio.h>
#include <stdbool.h>

#define BACKUP_PREFIX "loa-"
#define BACKUP_SUFFIX ".tar.age"

/* Names of backups in `directory`, newest first; other files are not looked at. */
GPtrArray *backup_prune_list(const char *directory, GError **error);
/* What stays: the newest ones, the last of each of the last days that have one, and the last of
 * each of the last weeks (Monday to Sunday, UTC). Each may be 0. */
typedef struct BackupKeep {
    unsigned newest, days, weeks;
} BackupKeep;

/* Removes the others; the very newest always stays. `ret_removed` counts them. */
bool backup_prune(const char *directory, const BackupKeep *keep, unsigned *ret_removed,
                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
