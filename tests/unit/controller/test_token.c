/* Tokens of programs: what they open, and what they do not. */
#include "access/token_store.h"

#include <string.h>

#include "access/session.h"
#include "access/session_store.h"
#include "crypto.h"
#include "http/reply_parts.h"
#include "http/request_parts.h"

#define HOUR_US (3600LL * G_USEC_PER_SEC)
#define NOW_US  (1000 * HOUR_US)

static const Route write_route = {
    .method = "POST", .path = "/api/areas", .listeners = LISTENER_PEOPLE};

static Database *database_with_user(void)
{
    Database *database = database_open(":memory:", NULL);
    g_assert_true(
        database_script(database,
                        "INSERT INTO users (id, login, name, password_hash, created_us) VALUES "
                        "('u1', 'batu', 'Bà Tư', 'x', 0);"
                        "INSERT INTO grants VALUES ('u1', 'administrator', 'a1')",
                        NULL));
    return database;
}

static char *add_token(Database *database, const char *id, unsigned verbs, int64_t expires_us)
{
    char *secret = NULL;
    Token token = {.id = (char *)id,
                   .user = (char *)"u1",
                   .name = (char *)"Trang tin",
                   .verbs = verbs,
                   .created_us = NOW_US,
                   .expires_us = expires_us};
    g_assert_true(token_store_add(database, &token, &secret, NULL));
    return secret;
}

static bool opens(Database *database, const char *secret, int64_t now_us)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Token) token = token_store_find(database, secret, "10.0.0.1", now_us, &error);
    g_assert_no_error(error);
    return token != NULL;
}

static void test_token_opens_until_it_expires(void)
{
    g_autoptr(Database) database = database_with_user();
    g_autofree char *secret = add_token(database, "t1", VERBS_ALL, NOW_US + HOUR_US);
    g_assert_true(g_str_has_prefix(secret, TOKEN_PREFIX));
    g_assert_cmpuint(strlen(secret), ==, TOKEN_CHARS);
    g_assert_true(opens(database, secret, NOW_US + HOUR_US - 1));
    g_assert_false(opens(database, secret, NOW_US + HOUR_US));
    g_autofree char *endless = add_token(database, "t2", VERBS_ALL, 0);
    g_assert_true(opens(database, endless, NOW_US + 100000 * HOUR_US));
    g_assert_false(opens(database, "loa_", NOW_US));
}

static void test_database_never_holds_the_secret(void)
{
    g_autoptr(Database) database = database_with_user();
    g_autofree char *secret = add_token(database, "t1", VERBS_ALL, 0);
    g_autoptr(Query) query =
        database_query(database, "SELECT count(*) FROM tokens WHERE instr(id || sha256, $1) > 0 "
                                 "OR instr(id || sha256, $2) > 0");
    query_text(query, secret);
    query_text(query, secret + strlen(TOKEN_PREFIX));
    g_assert_cmpint(query_next(query, NULL), ==, 1);
    g_assert_cmpint(row_int(query, 0), ==, 0);
}

static void test_last_use_is_noted_every_few_minutes(void)
{
    g_autoptr(Database) database = database_with_user();
    g_autofree char *secret = add_token(database, "t1", VERBS_ALL, 0);
    g_assert_true(opens(database, secret, NOW_US));
    g_assert_true(opens(database, secret, NOW_US + SESSION_TOUCH_US));
    g_autoptr(GPtrArray) early = token_store_list(database, "u1", false, NULL);
    g_assert_cmpint(((Token *)early->pdata[0])->used_us, ==, NOW_US);
    g_assert_true(opens(database, secret, NOW_US + SESSION_TOUCH_US + 1));
    g_autoptr(GPtrArray) late = token_store_list(database, "u1", false, NULL);
    g_assert_cmpint(((Token *)late->pdata[0])->used_us, ==, NOW_US + SESSION_TOUCH_US + 1);
}

static void test_only_its_user_ends_a_token(void)
{
    g_autoptr(Database) database = database_with_user();
    g_autofree char *secret = add_token(database, "t1", VERBS_ALL, 0);
    bool removed = true;
    g_assert_true(token_store_remove(database, &(Token){.id = (char *)"t1", .user = (char *)"u2"},
                                     &removed, NULL));
    g_assert_false(removed);
    g_assert_true(opens(database, secret, NOW_US));
    g_assert_true(token_store_remove(database, &(Token){.id = (char *)"t1", .user = (char *)"u1"},
                                     &removed, NULL));
    g_assert_true(removed);
    g_assert_false(opens(database, secret, NOW_US));
}

/* The request after the gate; its caller is NULL when it was not let in. */
static Request *at_the_gate(Database *database, const char *secret, const char *cookie)
{
    People people = {.database = database};
    Request *request = request_new("POST", "/api/areas");
    g_autofree char *header = g_strconcat("Bearer ", secret, NULL);
    request_add_header(request, "Authorization", header);
    if (cookie)
        request_add_header(request, "Cookie", cookie);
    g_assert_true(request_settle(request, "127.0.0.1", false));
    request->now_us = NOW_US;
    g_autoptr(Reply) refusal = session_gate(&people, request, &write_route);
    g_assert_cmpint(refusal == NULL, ==, access_user(request) != NULL);
    return request;
}

static void test_bearer_writes_without_the_header_of_browsers(void)
{
    g_autoptr(Database) database = database_with_user();
    g_autofree char *secret = add_token(database, "t1", VERBS_ALL, 0);
    g_autoptr(Request) request = at_the_gate(database, secret, NULL);
    g_assert_nonnull(access_user(request));
    g_assert_true(access_anywhere(access_user(request), VERB_MANAGE_AREAS));
    g_autoptr(Reply) refusal = session_needed(request);
    g_assert_cmpuint(reply_status(refusal), ==, 403);
}

static void test_cookie_does_not_help_a_wrong_bearer(void)
{
    g_autoptr(Database) database = database_with_user();
    g_autofree char *token = NULL;
    g_assert_true(session_store_add(database, "u1", NULL, NULL, NOW_US, &token, NULL));
    g_autofree char *cookie = g_strconcat("loa_session=", token, NULL);
    g_autoptr(Request) request = at_the_gate(database, "loa_no", cookie);
    g_assert_null(access_user(request));
}

static void test_token_has_only_the_verbs_it_was_made_for(void)
{
    g_autoptr(Database) database = database_with_user();
    g_autofree char *secret = add_token(database, "t1", 1u << VERB_VIEW, 0);
    g_autoptr(Request) request = at_the_gate(database, secret, NULL);
    for (unsigned verb = 0; verb < VERB_COUNT; verb++)
        g_assert_cmpint(access_anywhere(access_user(request), (Verb)verb), ==, verb == VERB_VIEW);
}

static void test_disabled_account_is_shut_out(void)
{
    g_autoptr(Database) database = database_with_user();
    g_autofree char *secret = add_token(database, "t1", VERBS_ALL, 0);
    g_assert_true(database_script(database, "UPDATE users SET disabled_us = 1", NULL));
    g_autoptr(Request) request = at_the_gate(database, secret, NULL);
    g_assert_null(access_user(request));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_assert_true(crypto_init());
#define ADD(name) g_test_add_func("/token/" #name, test_##name)
    ADD(token_opens_until_it_expires);
    ADD(database_never_holds_the_secret);
    ADD(last_use_is_noted_every_few_minutes);
    ADD(only_its_user_ends_a_token);
    ADD(bearer_writes_without_the_header_of_browsers);
    ADD(cookie_does_not_help_a_wrong_bearer);
    ADD(token_has_only_the_verbs_it_was_made_for);
    ADD(disabled_account_is_shut_out);
    return g_test_run();
}
