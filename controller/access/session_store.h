/* Sessions and failed logins as rows, so that they outlive a restart. */
#pragma once

#include "db/database.h"

#define SESSION_IDLE_US    (12LL * 3600 * G_USEC_PER_SEC)
#define SESSION_TOUCH_US   (5LL * 60 * G_USEC_PER_SEC) /* how stale "last seen" may be */
#define LOGIN_FAILURES_MAX 5
#define LOGIN_LOCK_US      (15LL * 60 * G_USEC_PER_SEC)

/* Makes a session; `ret_token` is what the cookie holds, the row only knows its SHA-256. */
bool session_store_add(Database *database, const char *user, const char *remote, const char *device,
                       int64_t now_us, char **ret_token, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The session of a token: true with `ret_user` and `ret_id` (free both), or with both NULL when it
 * is unknown or was idle too long. */
bool session_store_find(Database *database, const char *token, int64_t now_us, char **ret_user,
                        char **ret_id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool session_store_remove(Database *database, const char *id,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct SessionRow {
    char *id;
    char *device; /* NULL: not known */
    char *remote;
    int64_t created_us;
    int64_t seen_us;
} SessionRow;

void session_row_free(SessionRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SessionRow, session_row_free)

/* Elements are SessionRow*, the last seen first; those that are over are left out. */
GPtrArray *session_store_list(Database *database, const char *user, int64_t now_us, GError **error);
/* `ret_removed` false: this person has no such session. */
bool session_store_remove_of(Database *database, const char *user, const char *id,
                             bool *ret_removed, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* All of a person's sessions but `kept`, which may be NULL. */
bool session_store_remove_others(Database *database, const char *user, const char *kept,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Counts an attempt before it is judged, so that many at once gain nothing. `ret_locked_until_us`
 * above `now_us`: do not even look. */
bool login_failure_store_count(Database *database, const char *login, int64_t now_us,
                               int64_t *ret_locked_until_us,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* It was the right password. */
bool login_failure_store_clear(Database *database, const char *login,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Drops what is over. */
bool session_store_sweep(Database *database, int64_t now_us,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
