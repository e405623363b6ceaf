/* Accounts: sessions one can tell apart, temporary passwords, and who may lay hands on whom. */
#include "access/user_api.h"

#include <string.h>

#include "access/device.h"
#include "access/session.h"
#include "access/session_store.h"
#include "access/user_store.h"
#include "crypto.h"
#include "http/reply_parts.h"
#include "http/request_parts.h"

#define HOUR_US (3600LL * G_USEC_PER_SEC)
#define NOW_US  (1000 * HOUR_US)

static Database *province(void)
{
    Database *database = database_open(":memory:", NULL);
    g_assert_true(database_script(
        database,
        "INSERT INTO areas (id, parent, name, kind, path, search, created_us) VALUES "
        "('p', NULL, 'Tỉnh', 'province', '/p/', '', 0), ('c', 'p', 'Xã', 'commune', '/p/c/', '', "
        "0);"
        "INSERT INTO users (id, login, name, password_hash, created_us) VALUES "
        "('top', 'top', 'A', 'x', 0), ('low', 'low', 'B', 'x', 0), ('both', 'both', 'C', 'x', 0);"
        "INSERT INTO grants VALUES ('top', 'administrator', 'p'), ('low', 'administrator', 'c'), "
        "('both', 'editor', 'p'), ('both', 'viewer', 'c')",
        NULL));
    return database;
}

static void test_account_is_changed_only_by_whom_it_is_below_everywhere(void)
{
    g_autoptr(Database) database = province();
    People people = {.database = database};
    g_autoptr(User) top = user_store_get(database, "top", NULL);
    g_autoptr(User) low = user_store_get(database, "low", NULL);
    g_autoptr(User) both = user_store_get(database, "both", NULL);
    g_assert_true(user_api_sees(&people, low, both));
    g_assert_false(user_api_may_change(&people, low, both));
    g_assert_true(user_api_may_change(&people, top, both));
    g_assert_true(user_api_may_change(&people, top, low));
    g_assert_false(user_api_may_change(&people, low, top));
    g_assert_true(user_api_may_change(&people, low, low));
}

static bool has_administrator(Database *database)
{
    bool has = false;
    g_assert_true(user_store_has_administrator(database, &has, NULL));
    return has;
}

static void test_administrator_of_a_commune_is_none_of_the_province(void)
{
    g_autoptr(Database) database = province();
    g_assert_true(has_administrator(database));
    g_assert_true(user_store_set_disabled(database, "top", NOW_US, NULL));
    g_assert_false(has_administrator(database));
    g_assert_true(user_store_set_disabled(database, "top", 0, NULL));
    g_assert_true(has_administrator(database));
}

static char *session_of(Database *database, const char *user)
{
    char *token = NULL;
    g_assert_true(
        session_store_add(database, user, "::1", "Chrome · Android", NOW_US, &token, NULL));
    return token;
}

static unsigned sessions_of(Database *database, const char *user)
{
    g_autoptr(GPtrArray) rows = session_store_list(database, user, NOW_US, NULL);
    return rows->len;
}

static void test_ending_the_others_keeps_one_and_those_of_other_people(void)
{
    g_autoptr(Database) database = province();
    g_autofree char *first = session_of(database, "top"), *user = NULL, *id = NULL;
    g_free(session_of(database, "top"));
    g_free(session_of(database, "low"));
    bool removed = true;
    g_assert_true(session_store_find(database, first, NOW_US, &user, &id, NULL));
    g_assert_true(session_store_remove_of(database, "low", id, &removed, NULL));
    g_assert_false(removed);
    g_assert_cmpuint(sessions_of(database, "top"), ==, 2);
    g_assert_true(session_store_remove_others(database, "top", id, NULL));
    g_autoptr(GPtrArray) rows = session_store_list(database, "top", NOW_US, NULL);
    g_assert_cmpuint(rows->len, ==, 1);
    g_assert_cmpstr(((SessionRow *)rows->pdata[0])->id, ==, id);
    g_assert_cmpstr(((SessionRow *)rows->pdata[0])->device, ==, "Chrome · Android");
    g_assert_cmpuint(sessions_of(database, "low"), ==, 1);
}

static unsigned gate_status(Database *database, const char *token, const char *path)
{
    People people = {.database = database};
    Route route = {.method = "GET", .path = path, .listeners = LISTENER_PEOPLE};
    g_autofree char *cookie = g_strconcat("loa_session=", token, NULL);
    g_autoptr(Request) request = request_new("GET", path);
    request_add_header(request, "Cookie", cookie);
    g_assert_true(request_settle(request, "127.0.0.1", false));
    request->now_us = NOW_US;
    g_autoptr(Reply) refusal = session_gate(&people, request, &route);
    return refusal ? reply_status(refusal) : 0;
}

static void test_temporary_password_opens_nothing_but_its_change(void)
{
    g_autoptr(Database) database = province();
    g_autofree char *token = session_of(database, "top");
    g_assert_true(user_store_set_password(database, "top", "y", true, NULL));
    g_assert_cmpuint(gate_status(database, token, "/api/stations"), ==, 403);
    g_assert_cmpuint(gate_status(database, token, "/api/users"), ==, 403);
    g_assert_cmpuint(gate_status(database, token, "/api/me"), ==, 0);
    g_assert_cmpuint(gate_status(database, token, "/api/me/password"), ==, 0);
    g_assert_true(user_store_set_password(database, "top", "z", false, NULL));
    g_assert_cmpuint(gate_status(database, token, "/api/stations"), ==, 0);
}

static void test_device_is_named_as_people_name_it(void)
{
    static const char *const known[][2] = {
        {"Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
         "Chrome/120.0.0.0 Mobile Safari/537.36",
         "Chrome · Android"},
        {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
         "Chrome/120.0.0.0 Safari/537.36 Edg/120.0.0.0",
         "Edge · Windows"},
        {"Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
         "Gecko) Version/17.1 Mobile/15E148 Safari/604.1",
         "Safari · iPhone"},
        {"Mozilla/5.0 (X11; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0",
         "Firefox · Linux"},
        {"curl/7.88.1", "curl"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        g_autofree char *text = device_text(known[i][0]);
        g_assert_cmpstr(text, ==, known[i][1]);
    }
    g_assert_null(device_text("<script>"));
    g_assert_null(device_text(NULL));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_assert_true(crypto_init());
#define ADD(name) g_test_add_func("/account/" #name, test_##name)
    ADD(account_is_changed_only_by_whom_it_is_below_everywhere);
    ADD(administrator_of_a_commune_is_none_of_the_province);
    ADD(ending_the_others_keeps_one_and_those_of_other_people);
    ADD(temporary_password_opens_nothing_but_its_change);
    ADD(device_is_named_as_people_name_it);
    return g_test_run();
}
