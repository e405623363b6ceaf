/* The secret carries a prefix, so that people and scanners know one that lies where it should not.
 * It has 256 random bits: its plain SHA-256 is as good as a slow hash. */
#include "access/token_store.h"

#include <string.h>

#include "access/session_store.h"
#include "crypto.h"
#include "digest.h"

#define ID_BYTES     8
#define SECRET_BYTES 32
#define COLUMNS      "id, user_id, name, verbs, created_us, expires_us, used_us, used_remote, calendar"

void token_free(Token *token)
{
    if (!token)
        return;
    g_free(token->id);
    g_free(token->user);
    g_free(token->name);
    g_free(token->used_remote);
    g_free(token->calendar);
    g_free(token);
}

static Token *read_token(Query *row)
{
    Token *token = g_new0(Token, 1);
    token->id = g_strdup(row_text(row, 0));
    token->user = g_strdup(row_text(row, 1));
    token->name = g_strdup(row_text(row, 2));
    token->verbs = (unsigned)row_int(row, 3);
    token->created_us = row_int(row, 4);
    token->expires_us = row_int(row, 5);
    token->used_us = row_int(row, 6);
    token->used_remote = g_strdup(row_text(row, 7));
    token->calendar = g_strdup(row_text(row, 8));
    return token;
}

void token_set_id(Token *token, const char *key)
{
    g_free(token->id);
    if (!key || !*key) {
        token->id = crypto_random_hex(ID_BYTES);
        return;
    }
    g_autofree char *text =
        g_strjoin("\n", token->user, token->calendar ? token->calendar : "", key, NULL);
    token->id = digest_hex_of(text, strlen(text));
    token->id[2 * ID_BYTES] = '\0';
}

bool token_store_add(Database *database, const Token *token, char **ret_secret, GError **error)
{
    bool replaced;
    if (!token_store_remove(database, token, &replaced, error))
        return false;
    g_autofree char *digits = crypto_random_hex(SECRET_BYTES);
    g_autofree char *secret = g_strconcat(TOKEN_PREFIX, digits, NULL);
    g_autofree char *hash = digest_hex_of(secret, strlen(secret));
    g_autoptr(Query) query = database_query(
        database, "INSERT INTO tokens (id, sha256, user_id, name, verbs, created_us, expires_us, "
                  "calendar) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
    query_text(query, token->id);
    query_text(query, hash);
    query_text(query, token->user);
    query_text(query, token->name);
    query_int(query, token->verbs);
    query_int(query, token->created_us);
    query_int(query, token->expires_us);
    query_text(query, token->calendar);
    if (!query_run(query, error))
        return false;
    *ret_secret = g_steal_pointer(&secret);
    return true;
}

static bool touch(Database *database, const char *id, const char *remote, int64_t now_us,
                  GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "UPDATE tokens SET used_us = $1, used_remote = $2 WHERE id = $3");
    query_int(query, now_us);
    query_text(query, remote);
    query_text(query, id);
    return query_run(query, error);
}

static Token *find(Database *database, const char *secret, const char *remote, int64_t now_us,
                   bool calendar, GError **error)
{
    g_autofree char *hash = digest_hex_of(secret, strlen(secret));
    g_autoptr(Token) token = NULL;
    {
        g_autoptr(Query) query =
            database_query(database, "SELECT " COLUMNS " FROM tokens "
                                     "WHERE sha256 = $1 AND (expires_us = 0 OR expires_us > $2) "
                                     "AND (calendar IS NOT NULL) = $3");
        query_text(query, hash);
        query_int(query, now_us);
        query_bool(query, calendar);
        if (query_next(query, error) != 1)
            return NULL;
        token = read_token(query);
    }
    bool is_stale = token->used_us < now_us - SESSION_TOUCH_US;
    if (is_stale && !touch(database, token->id, remote, now_us, error))
        return NULL;
    return g_steal_pointer(&token);
}

Token *token_store_find_calendar(Database *database, const char *secret, const char *remote,
                                 int64_t now_us, GError **error)
{
    return find(database, secret, remote, now_us, true, error);
}

Token *token_store_find(Database *database, const char *secret, const char *remote, int64_t now_us,
                        GError **error)
{
    return find(database, secret, remote, now_us, false, error);
}

GPtrArray *token_store_list(Database *database, const char *user, bool calendars, GError **error)
{
    g_autoptr(GPtrArray) tokens = g_ptr_array_new_with_free_func((GDestroyNotify)token_free);
    g_autoptr(Query) query =
        database_query(database, "SELECT " COLUMNS " FROM tokens WHERE user_id = $1 "
                                 "AND (calendar IS NOT NULL) = $2 ORDER BY created_us DESC, id");
    int more;
    query_text(query, user);
    query_bool(query, calendars);
    while ((more = query_next(query, error)) == 1)
        g_ptr_array_add(tokens, read_token(query));
    return more == 0 ? g_steal_pointer(&tokens) : NULL;
}

bool token_store_count_others(Database *database, const Token *token, unsigned *ret_count,
                              GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "SELECT count(*) FROM tokens WHERE user_id = $1 AND id <> $2 "
                                 "AND (calendar IS NOT NULL) = $3");
    query_text(query, token->user);
    query_text(query, token->id);
    query_bool(query, token->calendar != NULL);
    if (query_next(query, error) != 1)
        return false;
    *ret_count = (unsigned)row_int(query, 0);
    return true;
}

bool token_store_remove(Database *database, const Token *token, bool *ret_removed, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "DELETE FROM tokens WHERE id = $1 AND user_id = $2 "
                                 "AND (calendar IS NOT NULL) = $3");
    query_text(query, token->id);
    query_text(query, token->user);
    query_bool(query, token->calendar != NULL);
    if (!query_run(query, error))
        return false;
    *ret_removed = query_changes(query) > 0;
    return true;
}

bool token_store_remove_all(Database *database, const char *user, GError **error)
{
    g_autoptr(Query) query = database_query(database, "DELETE FROM tokens WHERE user_id = $1");
    query_text(query, user);
    return query_run(query, error);
}
