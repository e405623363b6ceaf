/* Retention: the newest backups of a directory stay. */
#pragma once

#include <gio/gio.h>
#include <stdbool.h>

#define BACKUP_PREFIX "loa-"
#define BACKUP_SUFFIX ".tar.age"

/* Names of backups in `directory`, newest first; other files are not looked at. */
GPtrArray *backup_prune_list(const char *directory, GError **error);
/* Removes all but the newest `keep` (at least 1); `ret_removed` counts them. */
bool backup_prune(const char *directory, unsigned keep, unsigned *ret_removed,
                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
