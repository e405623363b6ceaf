/* The step last used is raised by one conditional UPDATE, so that of two requests with the same
 * code only one finds it fresh. Recovery codes and tickets are random enough for a plain SHA-256.
 */
#include "access/totp_store.h"

#include <string.h>

#include "crypto.h"
#include "digest.h"

#define TICKET_BYTES (LOGIN_TICKET_CHARS / 2)
#define CODE_CHARS   16 /* of 32 letters: 80 bits */
#define CODE_GROUP   4

static bool copy_secret(Query *row, TotpSecret *ret_secret)
{
    size_t length = 0;
    const void *bytes = row_blob(row, 0, &length);
    if (!bytes || length != sizeof ret_secret->bytes)
        return false;
    memcpy(ret_secret->bytes, bytes, length);
    return true;
}

bool totp_store_get(Database *database, const char *user, TotpSecret *ret_secret,
                    int64_t *ret_last_step, bool *ret_has, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "SELECT totp_secret, totp_step FROM users WHERE id = $1");
    query_text(query, user);
    int more = query_next(query, error);
    *ret_has = more == 1 && copy_secret(query, ret_secret);
    *ret_last_step = more == 1 ? row_int(query, 1) : 0;
    return more >= 0;
}

bool totp_store_set_pending(Database *database, const char *user, const TotpSecret *secret,
                            GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "UPDATE users SET totp_pending = $1 WHERE id = $2");
    query_blob(query, secret->bytes, sizeof secret->bytes);
    query_text(query, user);
    return query_run(query, error);
}

bool totp_store_get_pending(Database *database, const char *user, TotpSecret *ret_secret,
                            bool *ret_has, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "SELECT totp_pending FROM users WHERE id = $1");
    query_text(query, user);
    int more = query_next(query, error);
    *ret_has = more == 1 && copy_secret(query, ret_secret);
    return more >= 0;
}

bool totp_store_confirm(Database *database, const char *user, int64_t step, GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "UPDATE users SET totp_secret = totp_pending, totp_pending = NULL, "
                  "totp_step = $1 WHERE id = $2");
    query_int(query, step);
    query_text(query, user);
    return query_run(query, error);
}

bool totp_store_use_step(Database *database, const char *user, int64_t step, bool *ret_used,
                         GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "UPDATE users SET totp_step = $1 WHERE id = $2 AND totp_step < $1");
    query_int(query, step);
    query_text(query, user);
    if (!query_run(query, error))
        return false;
    *ret_used = query_changes(query) > 0;
    return true;
}

static bool forget_codes(Database *database, const char *user, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "DELETE FROM recovery_codes WHERE user_id = $1");
    query_text(query, user);
    return query_run(query, error);
}

bool totp_store_remove(Database *database, const char *user, GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "UPDATE users SET totp_secret = NULL, totp_pending = NULL WHERE id = $1");
    query_text(query, user);
    return query_run(query, error) && forget_codes(database, user, error);
}

/* Letters and digits only, lower case. */
static char *hash_of(const char *typed)
{
    g_autoptr(GString) plain = g_string_new(NULL);
    for (const char *at = typed; *at; at++) {
        if (g_ascii_isalnum(*at))
            g_string_append_c(plain, g_ascii_tolower(*at));
    }
    return digest_hex_of(plain->str, plain->len);
}

static bool add_code(Database *database, const char *user, const char *code, GError **error)
{
    g_autofree char *hash = hash_of(code);
    g_autoptr(Query) query =
        database_query(database, "INSERT INTO recovery_codes (user_id, sha256) VALUES ($1, $2)");
    query_text(query, user);
    query_text(query, hash);
    return query_run(query, error);
}

bool recovery_store_renew(Database *database, const char *user, char ***ret_codes, GError **error)
{
    g_auto(GStrv) codes = g_new0(char *, RECOVERY_CODES + 1);
    bool good = forget_codes(database, user, error);
    for (unsigned i = 0; good && i < RECOVERY_CODES; i++) {
        codes[i] = crypto_random_letters(CODE_CHARS, CODE_GROUP);
        good = add_code(database, user, codes[i], error);
    }
    if (good)
        *ret_codes = g_steal_pointer(&codes);
    return good;
}

bool recovery_store_use(Database *database, const char *user, const char *code, bool *ret_used,
                        GError **error)
{
    g_autofree char *hash = hash_of(code);
    g_autoptr(Query) query =
        database_query(database, "DELETE FROM recovery_codes WHERE user_id = $1 AND sha256 = $2");
    query_text(query, user);
    query_text(query, hash);
    if (!query_run(query, error))
        return false;
    *ret_used = query_changes(query) > 0;
    return true;
}

bool recovery_store_count(Database *database, const char *user, unsigned *ret_left, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "SELECT count(*) FROM recovery_codes WHERE user_id = $1");
    query_text(query, user);
    int more = query_next(query, error);
    *ret_left = more == 1 ? (unsigned)row_int(query, 0) : 0;
    return more >= 0;
}

bool ticket_store_add(Database *database, const char *user, int64_t now_us, char **ret_ticket,
                      GError **error)
{
    g_autofree char *ticket = crypto_random_hex(TICKET_BYTES);
    g_autofree char *hash = digest_hex_of(ticket, strlen(ticket));
    g_autoptr(Query) query = database_query(
        database, "INSERT INTO login_tickets (sha256, user_id, until_us) VALUES ($1, $2, $3)");
    query_text(query, hash);
    query_text(query, user);
    query_int(query, now_us + LOGIN_TICKET_US);
    if (!query_run(query, error))
        return false;
    *ret_ticket = g_steal_pointer(&ticket);
    return true;
}

char *ticket_store_user(Database *database, const char *ticket, int64_t now_us, GError **error)
{
    g_autofree char *hash = digest_hex_of(ticket, strlen(ticket));
    g_autoptr(Query) query = database_query(
        database, "SELECT user_id FROM login_tickets WHERE sha256 = $1 AND until_us > $2");
    query_text(query, hash);
    query_int(query, now_us);
    return query_next(query, error) == 1 ? g_strdup(row_text(query, 0)) : NULL;
}

bool ticket_store_remove_of(Database *database, const char *user, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "DELETE FROM login_tickets WHERE user_id = $1");
    query_text(query, user);
    return query_run(query, error);
}

bool ticket_store_sweep(Database *database, int64_t now_us, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "DELETE FROM login_tickets WHERE until_us <= $1");
    query_int(query, now_us);
    return query_run(query, error);
}
