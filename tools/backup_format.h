/* What a backup holds: an ordinary tar file, so that `age -d | tar -t` reads it without Loa.
 *
 * First comes loa-backup.json, which says what this is and of when; then loa.db, keys/, media/ and
 * the configuration; last manifest.json with the SHA-256 of every member, so that a backup that
 * ends early is never taken for a whole one. */
#pragma once

#include <stdbool.h>

#define BACKUP_HEAD     "loa-backup.json"
#define BACKUP_MANIFEST "manifest.json"
#define BACKUP_DATABASE "loa.db"
#define BACKUP_ONLINE   "keys/online.key"
#define BACKUP_ROOT     "keys/root.key"
#define BACKUP_CONFIG   "controller.conf"
#define BACKUP_VERSION  1
#define BACKUP_LAST     "last-backup.json" /* in the data directory: {made_us, file, bytes, sha256} */

/* "media/ab/ab...": the SHA-256 within, or NULL. Borrowed. */
const char *backup_format_media(const char *path);
/* A member that a backup may hold between head and manifest. */
bool backup_format_allows(const char *path);
