/* The second step: codes of RFC 6238, each once, and what a ticket opens. */
#include "access/totp.h"

#include <string.h>

#include "access/second_step.h"
#include "access/session.h"
#include "access/session_store.h"
#include "access/totp_store.h"
#include "access/user_store.h"
#include "crypto.h"
#include "http/reply_parts.h"
#include "http/request_parts.h"

#define HOUR_US (3600LL * G_USEC_PER_SEC)
#define NOW_US  (1000 * HOUR_US)
#define STEP    (NOW_US / TOTP_STEP_US)

static TotpSecret rfc_secret(void)
{
    TotpSecret secret;
    memcpy(secret.bytes, "12345678901234567890", sizeof secret.bytes);
    return secret;
}

/* RFC 6238, appendix B, of which six digits are the rest by a million. */
static void test_codes_are_those_of_the_rfc(void)
{
    static const struct {
        int64_t seconds;
        unsigned code;
    } known[] = {{59, 94287082},         {1111111109, 7081804},  {1111111111, 14050471},
                 {1234567890, 89005924}, {2000000000, 69279037}, {20000000000, 65353130}};
    TotpSecret secret = rfc_secret();
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
        g_assert_cmpuint(totp_code(&secret, known[i].seconds / 30), ==, known[i].code % 1000000);
}

static char *code_at(int64_t step)
{
    TotpSecret secret = rfc_secret();
    return g_strdup_printf("%06u", totp_code(&secret, step));
}

static bool fits(int64_t step, int64_t last_step)
{
    TotpSecret secret = rfc_secret();
    g_autofree char *code = code_at(step);
    int64_t found = 0;
    bool good = totp_check(&secret, code, NOW_US, last_step, &found);
    g_assert_cmpint(found, ==, good ? step : 0);
    return good;
}

static void test_code_fits_one_step_to_either_side_and_never_twice(void)
{
    g_assert_true(fits(STEP, 0));
    g_assert_true(fits(STEP - 1, 0));
    g_assert_true(fits(STEP + 1, 0));
    g_assert_false(fits(STEP - 2, 0));
    g_assert_false(fits(STEP + 2, 0));
    g_assert_false(fits(STEP, STEP));
    g_assert_false(fits(STEP - 1, STEP));
    g_assert_true(fits(STEP + 1, STEP));
}

static void test_only_six_digits_are_a_code(void)
{
    static const char *const wrong[] = {"", "12345", "1234567", "12345a", "-12345", "１２３４５６"};
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++)
        g_assert_false(totp_is_code(wrong[i]));
    g_assert_true(totp_is_code("000000"));
}

static void test_uri_says_all_that_an_app_needs(void)
{
    TotpSecret secret = rfc_secret();
    g_autofree char *uri = totp_uri(&secret, "bà tư&x");
    g_assert_cmpstr(
        uri, ==,
        "otpauth://totp/Loa:b%C3%A0%20t%C6%B0%26x?secret="
        "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Loa&algorithm=SHA1&digits=6&period=30");
}

static Database *database_with_user(void)
{
    Database *database = database_open(":memory:", NULL);
    TotpSecret secret = rfc_secret();
    g_assert_true(
        database_script(database,
                        "INSERT INTO users (id, login, name, password_hash, created_us) VALUES "
                        "('u1', 'batu', 'Bà Tư', 'x', 0), ('u2', 'other', 'Ông Ba', 'x', 0);"
                        "INSERT INTO grants VALUES ('u1', 'administrator', 'a1')",
                        NULL));
    g_assert_true(totp_store_set_pending(database, "u1", &secret, NULL));
    return database;
}

static bool passes(Database *database, const char *code)
{
    People people = {.database = database};
    g_autoptr(User) user = user_store_get(database, "u1", NULL);
    g_autoptr(Request) request = request_new("POST", "/api/session/code");
    g_autoptr(GError) error = NULL;
    bool good = false;
    g_assert_true(request_settle(request, "127.0.0.1", false));
    request->now_us = NOW_US;
    g_assert_true(second_step_check(&people, request, user, code, &good, &error));
    g_assert_no_error(error);
    return good;
}

static void test_secret_counts_only_once_it_is_proven(void)
{
    g_autoptr(Database) database = database_with_user();
    g_autofree char *code = code_at(STEP), *next = code_at(STEP + 1);
    g_autoptr(User) before = user_store_get(database, "u1", NULL);
    g_assert_false(before->has_totp);
    g_assert_false(passes(database, code));
    g_assert_true(totp_store_confirm(database, "u1", STEP, NULL));
    g_autoptr(User) after = user_store_get(database, "u1", NULL);
    g_assert_true(after->has_totp);
    g_assert_false(passes(database, code)); /* that one proved it */
    g_assert_true(passes(database, next));
    g_assert_false(passes(database, next));
    g_assert_false(passes(database, code)); /* older than the last one used */
}

static void test_of_two_who_use_a_step_one_is_late(void)
{
    g_autoptr(Database) database = database_with_user();
    bool first = false, second = true;
    g_assert_true(totp_store_use_step(database, "u1", STEP, &first, NULL));
    g_assert_true(totp_store_use_step(database, "u1", STEP, &second, NULL));
    g_assert_true(first);
    g_assert_false(second);
}

static void test_recovery_code_works_once_however_it_is_typed(void)
{
    g_autoptr(Database) database = database_with_user();
    g_auto(GStrv) codes = NULL;
    bool used = true;
    unsigned left = 0;
    g_assert_true(totp_store_confirm(database, "u1", STEP, NULL));
    g_assert_true(recovery_store_renew(database, "u1", &codes, NULL));
    g_assert_cmpuint(g_strv_length(codes), ==, RECOVERY_CODES);
    g_autofree char *typed = g_ascii_strup(codes[3], -1);
    g_strdelimit(typed, "-", ' ');
    g_assert_true(recovery_store_use(database, "u2", codes[3], &used, NULL));
    g_assert_false(used);
    g_assert_true(passes(database, typed));
    g_assert_false(passes(database, codes[3]));
    g_assert_true(recovery_store_count(database, "u1", &left, NULL));
    g_assert_cmpuint(left, ==, RECOVERY_CODES - 1);
    g_assert_true(totp_store_remove(database, "u1", NULL));
    g_assert_false(passes(database, codes[4]));
}

static void test_ticket_is_good_for_five_minutes(void)
{
    g_autoptr(Database) database = database_with_user();
    g_autofree char *ticket = NULL;
    g_assert_true(ticket_store_add(database, "u1", NOW_US, &ticket, NULL));
    g_autofree char *early =
        ticket_store_user(database, ticket, NOW_US + LOGIN_TICKET_US - 1, NULL);
    g_assert_cmpstr(early, ==, "u1");
    g_autofree char *late = ticket_store_user(database, ticket, NOW_US + LOGIN_TICKET_US, NULL);
    g_assert_null(late);
    g_assert_true(ticket_store_remove_of(database, "u1", NULL));
    g_autofree char *gone = ticket_store_user(database, ticket, NOW_US, NULL);
    g_assert_null(gone);
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

static void test_policy_lets_administrators_only_set_it_up(void)
{
    g_autoptr(Database) database = database_with_user();
    g_autofree char *admin = NULL, *other = NULL;
    g_assert_true(session_store_add(database, "u1", NULL, NULL, NOW_US, &admin, NULL));
    g_assert_true(session_store_add(database, "u2", NULL, NULL, NOW_US, &other, NULL));
    g_assert_cmpuint(gate_status(database, admin, "/api/users"), ==, 0);
    g_assert_true(second_step_set_policy(database, true, NULL));
    g_assert_cmpuint(gate_status(database, admin, "/api/users"), ==, 403);
    g_assert_cmpuint(gate_status(database, admin, "/api/me/totp"), ==, 0);
    g_assert_cmpuint(gate_status(database, other, "/api/users"), ==, 0);
    g_assert_true(totp_store_confirm(database, "u1", STEP, NULL));
    g_assert_cmpuint(gate_status(database, admin, "/api/users"), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_assert_true(crypto_init());
#define ADD(name) g_test_add_func("/totp/" #name, test_##name)
    ADD(codes_are_those_of_the_rfc);
    ADD(code_fits_one_step_to_either_side_and_never_twice);
    ADD(only_six_digits_are_a_code);
    ADD(uri_says_all_that_an_app_needs);
    ADD(secret_counts_only_once_it_is_proven);
    ADD(of_two_who_use_a_step_one_is_late);
    ADD(recovery_code_works_once_however_it_is_typed);
    ADD(ticket_is_good_for_five_minutes);
    ADD(policy_lets_administrators_only_set_it_up);
    return g_test_run();
}
