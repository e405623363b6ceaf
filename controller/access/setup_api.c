/* Set-up: whoever can read the controller's console is the one to make the first account. The token
 * has 80 random bits, is kept as its SHA-256 and dies with its use; a new start before that prints
 * a new one. */
#include "access/setup_api.h"

#include <string.h>

#include "access/action_log_store.h"
#include "access/session.h"
#include "access/setting_store.h"
#include "access/user_form.h"
#include "access/user_store.h"
#include "crypto.h"
#include "digest.h"

#define TOKEN_SETTING    "setup_token"
#define TOKEN_BYTES      10
#define TOKEN_GROUP      4 /* characters between two dashes */
#define ORGANISATION_MAX 120

static const ProblemKind problem_set_up = {"already-set-up", 409,
                                           "Hệ thống đã được cài đặt. Hãy đăng nhập.",
                                           "The system is set up already. Log in."};
static const ProblemKind problem_token = {
    "wrong-token", 403, "Mã cài đặt không đúng. Hãy xem mã mới nhất trên màn hình máy chủ.",
    "The set-up token is not right. Look for the newest one on the server's console."};

static char *hash_of(const char *typed)
{
    g_autoptr(GString) plain = g_string_new(NULL);
    for (const char *at = typed; *at; at++) {
        if (g_ascii_isxdigit(*at))
            g_string_append_c(plain, g_ascii_tolower(*at));
    }
    return digest_hex_of(plain->str, plain->len);
}

static char *in_groups(const char *token)
{
    GString *text = g_string_new(NULL);
    for (size_t i = 0; token[i]; i++) {
        if (i && i % TOKEN_GROUP == 0)
            g_string_append_c(text, '-');
        g_string_append_c(text, token[i]);
    }
    return g_string_free(text, FALSE);
}

char *setup_api_prepare(Database *database, GError **error)
{
    bool empty = false;
    if (!user_store_is_empty(database, &empty, error) || !empty)
        return NULL;
    g_autofree char *token = crypto_random_hex(TOKEN_BYTES);
    g_autofree char *hash = hash_of(token);
    return setting_store_set(database, TOKEN_SETTING, hash, error) ? in_groups(token) : NULL;
}

Reply *setup_api_get(void *room, Request *request)
{
    People *people = room;
    g_autoptr(GError) error = NULL;
    bool empty = false;
    (void)request;
    if (!user_store_is_empty(people->database, &empty, &error))
        return reply_error(error);
    Json *answer = json_new_object();
    json_set_bool(answer, "needed", empty);
    return reply_json_take(200, answer);
}

typedef struct Setup {
    People *people;
    Request *request;
    char *organisation;
    User *user;
} Setup;

static void setup_free(Setup *setup)
{
    g_free(setup->organisation);
    user_free(setup->user);
    g_free(setup);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Setup, setup_free)

/* The problem, or NULL when the token is good and nobody was faster. */
static Reply *judge_token(Database *database, const char *typed)
{
    g_autoptr(GError) error = NULL;
    bool empty = false;
    if (!user_store_is_empty(database, &empty, &error))
        return reply_error(error);
    if (!empty)
        return reply_problem(&problem_set_up);
    g_autofree char *expected = setting_store_get(database, TOKEN_SETTING, &error);
    g_autofree char *hash = hash_of(typed);
    if (error)
        return reply_error(error);
    bool good =
        expected && strlen(expected) == strlen(hash) && crypto_equal(expected, hash, strlen(hash));
    return good ? NULL : reply_problem(&problem_token);
}

static bool write_all(Setup *setup, const char *hash, GError **error)
{
    Database *database = setup->people->database;
    int64_t now_us = request_now_us(setup->request);
    UserGrant grant = {.role = ROLE_ADMINISTRATOR};
    if (!setup->people->areas->make_top(database, setup->organisation, now_us, &grant.area, error))
        return false;
    g_array_append_val(setup->user->grants, grant);
    Action action = {.user = setup->user->id,
                     .verb = "setup",
                     .area = grant.area,
                     .remote = request_remote(setup->request)};
    return user_store_add(database, setup->user, hash, now_us, error) &&
           setting_store_remove(database, TOKEN_SETTING, error) &&
           action_log_store_add(database, &action, now_us, error);
}

static Reply *finish(Setup *setup, const char *hash)
{
    Database *database = setup->people->database;
    g_autoptr(GError) error = NULL;
    bool empty = false;
    if (!database_begin(database, &error))
        return reply_error(error);
    if (!user_store_is_empty(database, &empty, &error) || !empty ||
        !write_all(setup, hash, &error)) {
        database_rollback(database);
        return error ? reply_error(error) : reply_problem(&problem_set_up);
    }
    Reply *reply = session_begin(setup->people, setup->request, setup->user->id, 201);
    if (database_commit(database, &error))
        return reply;
    reply_free(reply);
    return reply_error(error);
}

static void on_hashed(char *take_hash, void *user)
{
    g_autoptr(Setup) setup = user;
    g_autofree char *hash = take_hash;
    Reply *reply = hash ? finish(setup, hash) : reply_problem(&problem_too_many);
    request_finish(setup->request, reply);
}

Reply *setup_api_post(void *room, Request *request)
{
    People *people = room;
    g_autoptr(JsonForm) form = json_form_new(request_json(request), "");
    g_autoptr(Setup) setup = g_new0(Setup, 1);
    const char *token = json_form_text(form, "token", true, 1, 100);
    setup->people = people;
    setup->request = request;
    setup->organisation = g_strdup(json_form_text(form, "organisation", true, 1, ORGANISATION_MAX));
    setup->user = user_form_read(form);
    const char *password = user_form_password(form);
    if (!json_form_ok(form, true))
        return reply_problem_take(problem_from_form(form));
    Reply *refusal = judge_token(people->database, token);
    if (refusal)
        return refusal;
    if (!passwords_hash(people->passwords, password, on_hashed, setup))
        return reply_problem(&problem_too_many);
    g_steal_pointer(&setup);
    request_hold(request);
    return NULL;
}
