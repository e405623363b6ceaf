/* A session is a random token in a cookie and its SHA-256 in a row: who steals the database cannot
 * log in with it. "Last seen" is written every few minutes only; a read that costs an fsync would
 * be paid by every click. */
#include "access/session_store.h"

#include <string.h>

#include "crypto.h"
#include "digest.h"

#define TOKEN_BYTES 32

bool session_store_add(Database *database, const char *user, const char *remote, const char *device,
                       int64_t now_us, char **ret_token, GError **error)
{
    g_autofree char *token = crypto_random_hex(TOKEN_BYTES);
    g_autofree char *id = digest_hex_of(token, strlen(token));
    g_autoptr(Query) query = database_query(
        database, "INSERT INTO sessions (id, user_id, created_us, seen_us, remote, device) "
                  "VALUES ($1, $2, $3, $3, $4, $5)");
    query_text(query, id);
    query_text(query, user);
    query_int(query, now_us);
    query_text(query, remote);
    query_text(query, device);
    if (!query_run(query, error))
        return false;
    *ret_token = g_steal_pointer(&token);
    return true;
}

static bool touch(Database *database, const char *id, int64_t now_us, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "UPDATE sessions SET seen_us = $1 WHERE id = $2");
    query_int(query, now_us);
    query_text(query, id);
    return query_run(query, error);
}

bool session_store_find(Database *database, const char *token, int64_t now_us, char **ret_user,
                        char **ret_id, GError **error)
{
    g_autofree char *id = digest_hex_of(token, strlen(token));
    g_autoptr(Query) query = database_query(
        database, "SELECT user_id, seen_us FROM sessions WHERE id = $1 AND seen_us > $2");
    query_text(query, id);
    query_int(query, now_us - SESSION_IDLE_US);
    int found = query_next(query, error);
    *ret_user = NULL;
    *ret_id = NULL;
    if (found != 1)
        return found == 0;
    g_autofree char *user = g_strdup(row_text(query, 0));
    if (row_int(query, 1) < now_us - SESSION_TOUCH_US && !touch(database, id, now_us, error))
        return false;
    *ret_user = g_steal_pointer(&user);
    *ret_id = g_steal_pointer(&id);
    return true;
}

bool session_store_remove(Database *database, const char *id, GError **error)
{
    g_autoptr(Query) query = database_query(database, "DELETE FROM sessions WHERE id = $1");
    query_text(query, id);
    return query_run(query, error);
}

void session_row_free(SessionRow *row)
{
    if (!row)
        return;
    g_free(row->id);
    g_free(row->device);
    g_free(row->remote);
    g_free(row);
}

GPtrArray *session_store_list(Database *database, const char *user, int64_t now_us, GError **error)
{
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)session_row_free);
    g_autoptr(Query) query =
        database_query(database, "SELECT id, device, remote, created_us, seen_us FROM sessions "
                                 "WHERE user_id = $1 AND seen_us > $2 ORDER BY seen_us DESC, id");
    int more;
    query_text(query, user);
    query_int(query, now_us - SESSION_IDLE_US);
    while ((more = query_next(query, error)) == 1) {
        SessionRow *row = g_new0(SessionRow, 1);
        row->id = g_strdup(row_text(query, 0));
        row->device = g_strdup(row_text(query, 1));
        row->remote = g_strdup(row_text(query, 2));
        row->created_us = row_int(query, 3);
        row->seen_us = row_int(query, 4);
        g_ptr_array_add(rows, row);
    }
    return more == 0 ? g_steal_pointer(&rows) : NULL;
}

bool session_store_remove_of(Database *database, const char *user, const char *id,
                             bool *ret_removed, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "DELETE FROM sessions WHERE id = $1 AND user_id = $2");
    query_text(query, id);
    query_text(query, user);
    if (!query_run(query, error))
        return false;
    *ret_removed = query_changes(query) > 0;
    return true;
}

bool session_store_remove_others(Database *database, const char *user, const char *kept,
                                 GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "DELETE FROM sessions WHERE user_id = $1 AND id <> $2");
    query_text(query, user);
    query_text(query, kept ? kept : "");
    return query_run(query, error);
}

static bool write_attempt(Database *database, const char *login, int64_t failures, int64_t now_us,
                          GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "INSERT INTO login_failures (login, failures, locked_until_us, last_us) "
                  "VALUES ($1, $2, $3, $4) ON CONFLICT (login) DO UPDATE SET "
                  "failures = excluded.failures, locked_until_us = excluded.locked_until_us, "
                  "last_us = excluded.last_us");
    query_text(query, login);
    query_int(query, failures);
    query_int(query, failures >= LOGIN_FAILURES_MAX ? now_us + LOGIN_LOCK_US : 0);
    query_int(query, now_us);
    return query_run(query, error);
}

bool login_failure_store_count(Database *database, const char *login, int64_t now_us,
                               int64_t *ret_locked_until_us, GError **error)
{
    g_autofree char *lower = g_utf8_strdown(login, -1);
    g_autoptr(Query) query = database_query(
        database, "SELECT failures, locked_until_us, last_us FROM login_failures WHERE login = $1");
    query_text(query, lower);
    int found = query_next(query, error);
    if (found < 0)
        return false;
    int64_t locked_until_us = found ? row_int(query, 1) : 0;
    bool is_fresh = found && row_int(query, 2) > now_us - LOGIN_LOCK_US && locked_until_us == 0;
    int64_t failures = (is_fresh ? row_int(query, 0) : 0) + 1;
    if (locked_until_us <= now_us && !write_attempt(database, lower, failures, now_us, error))
        return false;
    *ret_locked_until_us = locked_until_us;
    return true;
}

bool login_failure_store_clear(Database *database, const char *login, GError **error)
{
    g_autofree char *lower = g_utf8_strdown(login, -1);
    g_autoptr(Query) query =
        database_query(database, "DELETE FROM login_failures WHERE login = $1");
    query_text(query, lower);
    return query_run(query, error);
}

bool session_store_sweep(Database *database, int64_t now_us, GError **error)
{
    g_autoptr(Query) sessions =
        database_query(database, "DELETE FROM sessions WHERE seen_us <= $1");
    query_int(sessions, now_us - SESSION_IDLE_US);
    g_autoptr(Query) failures =
        database_query(database, "DELETE FROM login_failures WHERE last_us <= $1");
    query_int(failures, now_us - LOGIN_LOCK_US);
    return query_run(sessions, error) && query_run(failures, error);
}
