/* Sessions, lock-outs, and the gate that keeps other sites out. */
#include "access/session.h"

#include <string.h>

#include "access/session_api.h"
#include "access/session_store.h"
#include "access/setup_api.h"
#include "access/user_store.h"
#include "crypto.h"
#include "http/reply_parts.h"
#include "http/request_parts.h"

#define HOUR_US   (3600LL * G_USEC_PER_SEC)
#define MINUTE_US (60LL * G_USEC_PER_SEC)
#define NOW_US    (1000 * HOUR_US)

static const Route people_route = {.method = "POST", .listeners = LISTENER_PEOPLE};
static const Route station_route = {.method = "POST", .listeners = LISTENER_STATIONS};

static Database *database_with_user(void)
{
    Database *database = database_open(":memory:", NULL);
    g_assert_true(
        database_script(database,
                        "INSERT INTO users (id, login, name, password_hash, created_us) VALUES "
                        "('u1', 'batu', 'Bà Tư', 'x', 0)",
                        NULL));
    return database;
}

static char *user_of(Database *database, const char *token, int64_t now_us)
{
    g_autofree char *session = NULL;
    char *user = NULL;
    g_assert_true(session_store_find(database, token, now_us, &user, &session, NULL));
    return user;
}

static void test_token_opens_until_it_was_idle_too_long(void)
{
    g_autoptr(Database) database = database_with_user();
    g_autofree char *token = NULL;
    g_assert_true(session_store_add(database, "u1", "::1", NULL, NOW_US, &token, NULL));
    g_autofree char *early = user_of(database, token, NOW_US + 11 * HOUR_US);
    g_assert_cmpstr(early, ==, "u1");
    g_autofree char *kept_alive = user_of(database, token, NOW_US + 22 * HOUR_US);
    g_assert_cmpstr(kept_alive, ==, "u1");
    g_autofree char *late = user_of(database, token, NOW_US + 34 * HOUR_US);
    g_assert_null(late);
    token[0] = token[0] == 'a' ? 'b' : 'a';
    g_autofree char *wrong = user_of(database, token, NOW_US);
    g_assert_null(wrong);
}

static void test_database_never_holds_the_token_itself(void)
{
    g_autoptr(Database) database = database_with_user();
    g_autofree char *token = NULL;
    g_assert_true(session_store_add(database, "u1", NULL, NULL, NOW_US, &token, NULL));
    g_autoptr(Query) query = database_query(database, "SELECT id FROM sessions");
    g_assert_cmpint(query_next(query, NULL), ==, 1);
    g_assert_cmpstr(row_text(query, 0), !=, token);
}

static int64_t count_attempt(Database *database, const char *login, int64_t now_us)
{
    int64_t locked_until_us = -1;
    g_assert_true(login_failure_store_count(database, login, now_us, &locked_until_us, NULL));
    return locked_until_us;
}

static void test_five_attempts_lock_a_name_for_a_quarter_of_an_hour(void)
{
    g_autoptr(Database) database = database_with_user();
    for (int i = 0; i < 5; i++)
        g_assert_cmpint(count_attempt(database, "batu", NOW_US + i), <=, NOW_US);
    g_assert_cmpint(count_attempt(database, "BATU", NOW_US + 5), >, NOW_US + 14 * MINUTE_US);
    g_assert_cmpint(count_attempt(database, "another", NOW_US + 5), ==, 0);
    g_assert_cmpint(count_attempt(database, "batu", NOW_US + 16 * MINUTE_US), <=,
                    NOW_US + 16 * MINUTE_US);
}

static void test_right_password_forgets_the_wrong_ones(void)
{
    g_autoptr(Database) database = database_with_user();
    for (int i = 0; i < 5; i++)
        count_attempt(database, "batu", NOW_US);
    g_assert_true(login_failure_store_clear(database, "batu", NULL));
    g_assert_cmpint(count_attempt(database, "batu", NOW_US), ==, 0);
}

static unsigned gate_status(const Route *route, const char *method, const char *const *headers)
{
    g_autoptr(Request) request = request_new(method, "/api/session");
    for (size_t i = 0; headers[i]; i += 2)
        request_add_header(request, headers[i], headers[i + 1]);
    g_assert_true(request_settle(request, "127.0.0.1", false));
    g_autoptr(Reply) refusal = session_open_gate(NULL, request, route);
    return refusal ? reply_status(refusal) : 0;
}

#define GATE(route, method, ...)                                                                   \
    gate_status(route, method, (const char *const[]){"Host", "loa.vn:8080", __VA_ARGS__, NULL})

static void test_writes_from_other_sites_are_refused(void)
{
    g_assert_cmpuint(GATE(&people_route, "POST", "X-Loa", "1"), ==, 0);
    g_assert_cmpuint(GATE(&people_route, "POST", "X-Loa", "1", "Origin", "https://LOA.vn:8080"), ==,
                     0);
    g_assert_cmpuint(GATE(&people_route, "POST", "X-Other", "1"), ==, 403);
    g_assert_cmpuint(GATE(&people_route, "POST", "X-Loa", "1", "Origin", "https://evil.vn"), ==,
                     403);
    g_assert_cmpuint(GATE(&people_route, "POST", "X-Loa", "1", "Origin", "null"), ==, 403);
    g_assert_cmpuint(GATE(&people_route, "POST", "X-Loa", "1", "Sec-Fetch-Site", "cross-site"), ==,
                     403);
    g_assert_cmpuint(GATE(&people_route, "POST", "X-Loa", "1", "Sec-Fetch-Site", "same-site"), ==,
                     403);
    g_assert_cmpuint(GATE(&people_route, "GET", "Sec-Fetch-Site", "cross-site"), ==, 0);
    g_assert_cmpuint(GATE(&station_route, "POST", "X-Other", "1"), ==, 0);
}

static bool gate_lets_in(Database *database, const char *cookie, bool tls)
{
    People people = {.database = database};
    g_autoptr(Request) request = request_new("GET", "/api/me");
    request_add_header(request, "Cookie", cookie);
    if (tls)
        request_add_header(request, "X-Forwarded-Proto", "https");
    g_assert_true(request_settle(request, "127.0.0.1", true));
    request->now_us = NOW_US;
    g_autoptr(Reply) refusal = session_gate(&people, request, &people_route);
    g_assert_cmpint(refusal == NULL, ==, access_user(request) != NULL);
    return refusal == NULL;
}

static void test_cookie_of_the_right_name_lets_in(void)
{
    g_autoptr(Database) database = database_with_user();
    g_autofree char *token = NULL;
    g_assert_true(session_store_add(database, "u1", NULL, NULL, NOW_US, &token, NULL));
    g_autofree char *plain = g_strdup_printf("a=b; loa_session=%s; c=d", token);
    g_autofree char *host = g_strdup_printf("__Host-loa_session=%s", token);
    g_assert_true(gate_lets_in(database, plain, false));
    g_assert_true(gate_lets_in(database, host, true));
    g_assert_false(gate_lets_in(database, plain, true)); /* over TLS only the one that TLS set */
    g_assert_false(gate_lets_in(database, "loa_session=short", false));
    g_assert_false(gate_lets_in(database, "", false));
}

static void test_setup_token_is_offered_only_while_nobody_has_an_account(void)
{
    g_autoptr(Database) empty = database_open(":memory:", NULL);
    g_autofree char *first = setup_api_prepare(empty, NULL);
    g_autofree char *second = setup_api_prepare(empty, NULL);
    g_assert_nonnull(first);
    g_assert_cmpstr(first, !=, second);
    g_autoptr(Database) used = database_with_user();
    g_autofree char *none = setup_api_prepare(used, NULL);
    g_assert_null(none);
}

typedef struct Answers {
    unsigned good, bad;
    GMainLoop *loop;
} Answers;

static void on_verified(bool good, void *user)
{
    Answers *answers = user;
    if (good)
        answers->good++;
    else
        answers->bad++;
    if (answers->good + answers->bad == 2)
        g_main_loop_quit(answers->loop);
}

static void test_passwords_are_judged_off_the_loop_and_only_so_many_wait(void)
{
    g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
    g_autofree char *hash = crypto_password_hash("mật khẩu");
    Answers answers = {.loop = loop};
    g_autoptr(Passwords) passwords = passwords_new();
    g_assert_true(passwords_verify(passwords, hash, "mật khẩu", on_verified, &answers));
    g_assert_true(passwords_verify(passwords, NULL, "mật khẩu", on_verified, &answers));
    g_main_loop_run(loop);
    g_assert_cmpuint(answers.good, ==, 1);
    g_assert_cmpuint(answers.bad, ==, 1);

    unsigned taken = 0;
    while (passwords_verify(passwords, hash, "x", on_verified, &answers))
        taken++;
    g_assert_cmpuint(taken, ==, PASSWORDS_PARALLEL + PASSWORDS_WAITING);
    g_clear_pointer(&passwords, passwords_free); /* all of them get an answer */
    g_assert_cmpuint(answers.bad, ==, 1 + taken);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_assert_true(crypto_init());
#define ADD(name) g_test_add_func("/session/" #name, test_##name)
    ADD(token_opens_until_it_was_idle_too_long);
    ADD(database_never_holds_the_token_itself);
    ADD(five_attempts_lock_a_name_for_a_quarter_of_an_hour);
    ADD(right_password_forgets_the_wrong_ones);
    ADD(writes_from_other_sites_are_refused);
    ADD(cookie_of_the_right_name_lets_in);
    ADD(setup_token_is_offered_only_while_nobody_has_an_account);
    ADD(passwords_are_judged_off_the_loop_and_only_so_many_wait);
    return g_test_run();
}
