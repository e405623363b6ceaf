/* Accounts in rows. Logins are stored and compared in lower case, so that a phone's keyboard that
 * begins with a capital does not lock anybody out. */
#include "access/user_store.h"

#include <string.h>

#define COLUMNS "id, name, login, phone, language, disabled_us, must_change"

static void clear_grant(void *data)
{
    g_free(((UserGrant *)data)->area);
}

Language language_from_word(const char *word)
{
    return g_strcmp0(word, "en") == 0 ? LANGUAGE_EN : LANGUAGE_VI;
}

const char *language_word(Language language)
{
    return language == LANGUAGE_EN ? "en" : "vi";
}

static bool read_grants(Database *database, User *user, GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "SELECT role, area FROM grants WHERE user_id = $1 ORDER BY area, role");
    int more;
    query_text(query, user->id);
    while ((more = query_next(query, error)) == 1) {
        UserGrant grant = {0};
        if (!role_from_word(row_text(query, 0), &grant.role))
            continue; /* a role of an older program: it gives nothing */
        grant.area = g_strdup(row_text(query, 1));
        g_array_append_val(user->grants, grant);
    }
    return more == 0;
}

static User *read_user(Query *row)
{
    User *user = g_new0(User, 1);
    user->id = g_strdup(row_text(row, 0));
    user->name = g_strdup(row_text(row, 1));
    user->login = g_strdup(row_text(row, 2));
    user->phone = g_strdup(row_text(row, 3));
    user->language = language_from_word(row_text(row, 4));
    user->disabled = row_int(row, 5) != 0;
    user->must_change = row_bool(row, 6);
    user->grants = g_array_new(FALSE, FALSE, sizeof(UserGrant));
    g_array_set_clear_func(user->grants, clear_grant);
    return user;
}

User *user_store_get(Database *database, const char *id, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "SELECT " COLUMNS " FROM users WHERE id = $1");
    query_text(query, id);
    if (query_next(query, error) != 1)
        return NULL;
    g_autoptr(User) user = read_user(query);
    return read_grants(database, user, error) ? g_steal_pointer(&user) : NULL;
}

User *user_store_by_login(Database *database, const char *login, char **ret_hash, GError **error)
{
    g_autofree char *lower = g_utf8_strdown(login, -1);
    g_autoptr(Query) query =
        database_query(database, "SELECT " COLUMNS ", password_hash FROM users "
                                 "WHERE login = $1 AND disabled_us = 0");
    query_text(query, lower);
    if (query_next(query, error) != 1)
        return NULL;
    g_autoptr(User) user = read_user(query);
    g_autofree char *hash = g_strdup(row_text(query, 7));
    if (!read_grants(database, user, error))
        return NULL;
    *ret_hash = g_steal_pointer(&hash);
    return g_steal_pointer(&user);
}

GPtrArray *user_store_list(Database *database, GError **error)
{
    g_autoptr(GPtrArray) users = g_ptr_array_new_with_free_func((GDestroyNotify)user_free);
    g_autoptr(Query) query = database_query(
        database, "SELECT " COLUMNS " FROM users ORDER BY disabled_us > 0, name, id");
    int more;
    while ((more = query_next(query, error)) == 1) {
        User *user = read_user(query);
        g_ptr_array_add(users, user);
        if (!read_grants(database, user, error))
            return NULL;
    }
    return more == 0 ? g_steal_pointer(&users) : NULL;
}

static bool add_grant(Database *database, const char *user, const UserGrant *grant, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "INSERT INTO grants (user_id, role, area) VALUES ($1, $2, $3) "
                                 "ON CONFLICT DO NOTHING");
    query_text(query, user);
    query_text(query, role_word(grant->role));
    query_text(query, grant->area);
    return query_run(query, error);
}

static bool add_row(Database *database, const User *user, const char *password_hash, int64_t now_us,
                    GError **error)
{
    g_autofree char *login = g_utf8_strdown(user->login, -1);
    g_autoptr(Query) query = database_query(
        database, "INSERT INTO users (id, login, name, phone, language, password_hash, created_us) "
                  "VALUES ($1, $2, $3, $4, $5, $6, $7)");
    query_text(query, user->id);
    query_text(query, login);
    query_text(query, user->name);
    query_text(query, user->phone);
    query_text(query, language_word(user->language));
    query_text(query, password_hash);
    query_int(query, now_us);
    return query_run(query, error);
}

bool user_store_add(Database *database, const User *user, const char *password_hash, int64_t now_us,
                    GError **error)
{
    if (!database_begin(database, error))
        return false;
    bool added = add_row(database, user, password_hash, now_us, error);
    for (unsigned i = 0; added && i < user->grants->len; i++)
        added = add_grant(database, user->id, &g_array_index(user->grants, UserGrant, i), error);
    if (added)
        return database_commit(database, error);
    database_rollback(database);
    return false;
}

void user_store_put_text(char **place, const char *text)
{
    if (!text)
        return;
    g_free(*place);
    *place = *text ? g_strdup(text) : NULL;
}

bool user_store_set_person(Database *database, const User *user, GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "UPDATE users SET name = $1, phone = $2, language = $3 WHERE id = $4");
    query_text(query, user->name);
    query_text(query, user->phone);
    query_text(query, language_word(user->language));
    query_text(query, user->id);
    return query_run(query, error);
}

bool user_store_set_grants(Database *database, const User *user, GError **error)
{
    g_autoptr(Query) query = database_query(database, "DELETE FROM grants WHERE user_id = $1");
    query_text(query, user->id);
    bool good = query_run(query, error);
    for (unsigned i = 0; good && i < user->grants->len; i++)
        good = add_grant(database, user->id, &g_array_index(user->grants, UserGrant, i), error);
    return good;
}

bool user_store_set_disabled(Database *database, const char *id, int64_t since_us, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "UPDATE users SET disabled_us = $1 WHERE id = $2");
    query_int(query, since_us);
    query_text(query, id);
    return query_run(query, error);
}

char *user_store_password(Database *database, const char *id, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "SELECT password_hash FROM users WHERE id = $1");
    query_text(query, id);
    return query_next(query, error) == 1 ? g_strdup(row_text(query, 0)) : NULL;
}

bool user_store_set_password(Database *database, const char *id, const char *hash, bool must_change,
                             GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "UPDATE users SET password_hash = $1, must_change = $2 WHERE id = $3");
    query_text(query, hash);
    query_bool(query, must_change);
    query_text(query, id);
    return query_run(query, error);
}

bool user_store_has_administrator(Database *database, bool *ret_has, GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "SELECT 1 FROM grants g JOIN users u ON u.id = g.user_id "
                  "JOIN areas a ON a.id = g.area WHERE g.role = $1 AND u.disabled_us = 0 "
                  "AND a.parent IS NULL LIMIT 1");
    query_text(query, role_word(ROLE_ADMINISTRATOR));
    int more = query_next(query, error);
    *ret_has = more == 1;
    return more >= 0;
}

bool user_store_is_empty(Database *database, bool *ret_empty, GError **error)
{
    g_autoptr(Query) query = database_query(database, "SELECT 1 FROM users LIMIT 1");
    int more = query_next(query, error);
    *ret_empty = more == 0;
    return more >= 0;
}

char *user_store_area_path(Database *database, const char *area)
{
    g_autoptr(Query) query = database_query(database, "SELECT path FROM areas WHERE id = $1");
    query_text(query, area);
    return query_next(query, NULL) == 1 ? g_strdup(row_text(query, 0)) : NULL;
}
