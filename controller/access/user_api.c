/* Accounts as the panel sees them. Who manages users in an area gives roles there and below, and
 * sees the people who hold one there. */
#include "access/user_api.h"

#include "access/action_log_store.h"
#include "access/me_api.h"
#include "access/user_form.h"
#include "access/user_store.h"

static const ProblemKind problem_login_taken = {
    "login-taken", 409, "Tên đăng nhập này đã có người dùng. Hãy chọn tên khác.",
    "This user name is taken. Choose another."};

bool user_api_sees(const People *people, const User *caller, const User *user)
{
    for (unsigned i = 0; i < user->grants->len; i++) {
        const UserGrant *grant = &g_array_index(user->grants, UserGrant, i);
        if (access_allows(people->database, caller, VERB_MANAGE_USERS, grant->area))
            return true;
    }
    return false;
}

/* In every area where the account counts, or it would be a way up. */
bool user_api_may_change(const People *people, const User *caller, const User *user)
{
    for (unsigned i = 0; i < user->grants->len; i++) {
        const UserGrant *grant = &g_array_index(user->grants, UserGrant, i);
        if (!access_allows(people->database, caller, VERB_MANAGE_USERS, grant->area))
            return false;
    }
    return true;
}

static Json *user_json(const People *people, const User *caller, const User *user)
{
    Json *json = json_new_object();
    json_set_text(json, "id", user->id);
    json_set_text(json, "name", user->name);
    json_set_text(json, "login", user->login);
    json_set_text(json, "phone", user->phone);
    json_set_text(json, "language", language_word(user->language));
    json_set_take(json, "grants", me_api_grants(people, user));
    json_set_bool(json, "disabled", user->disabled);
    json_set_bool(json, "password_change_needed", user->must_change);
    json_set_bool(json, "totp", user->has_totp);
    json_set_bool(json, "may_change", user_api_may_change(people, caller, user));
    return json;
}

Reply *user_api_reply(const People *people, const Request *request, const User *user,
                      unsigned status)
{
    return reply_json_take(status, user_json(people, access_user(request), user));
}

Reply *user_api_list(void *room, Request *request)
{
    People *people = room;
    g_autoptr(GError) error = NULL;
    if (!access_anywhere(access_user(request), VERB_MANAGE_USERS))
        return reply_problem(&problem_forbidden);
    g_autoptr(GPtrArray) users = user_store_list(people->database, &error);
    if (!users)
        return reply_error(error);
    Json *items = json_new_array();
    for (unsigned i = 0; i < users->len; i++) {
        if (user_api_sees(people, access_user(request), users->pdata[i]))
            json_append_take(items, user_json(people, access_user(request), users->pdata[i]));
    }
    Json *answer = json_new_object();
    json_set_take(answer, "items", items);
    json_set_null(answer, "next");
    return reply_json_take(200, answer);
}

static void read_grant(JsonForm *form, User *user)
{
    UserGrant grant = {0};
    const char *role = json_form_text(form, "role", true, 1, 40);
    const char *area = json_form_text(form, "area", true, 1, 64);
    if (role && !role_from_word(role, &grant.role)) {
        json_form_fault(form, "role", FORM_CHOICE,
                        "administrator, editor, auditor, commune_leader, commune_operator, "
                        "village_head, technician, viewer");
        return;
    }
    grant.area = g_strdup(area);
    if (role && area)
        g_array_append_val(user->grants, grant);
    else
        g_free(grant.area);
}

void user_api_read_grants(JsonForm *form, User *user)
{
    const Json *grants = json_form_array(form, "grants", true, USER_GRANTS_MAX);
    if (grants && json_length(grants) == 0)
        json_form_fault(form, "grants", FORM_TOO_SHORT, "1");
    for (size_t i = 0; i < json_length(grants); i++)
        read_grant(json_form_element(form, "grants", i), user);
}

/* Giving a role anywhere needs the right there. */
Reply *user_api_judge_grants(const People *people, const Request *request, const User *user)
{
    for (unsigned i = 0; i < user->grants->len; i++) {
        const UserGrant *grant = &g_array_index(user->grants, UserGrant, i);
        Reply *refusal = access_check(people->database, request, VERB_MANAGE_USERS, grant->area);
        if (refusal)
            return refusal;
    }
    return NULL;
}

typedef struct NewUser {
    People *people;
    Request *request;
    User *user;
} NewUser;

static void new_user_free(NewUser *job)
{
    user_free(job->user);
    g_free(job);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NewUser, new_user_free)

static bool write_user(NewUser *job, const char *hash, GError **error)
{
    int64_t now_us = request_now_us(job->request);
    Action action = {.user = access_user(job->request)->id,
                     .verb = "user.create",
                     .area = g_array_index(job->user->grants, UserGrant, 0).area,
                     .object = job->user->id,
                     .remote = request_remote(job->request)};
    return user_store_add(job->people->database, job->user, hash, now_us, error) &&
           action_log_store_add(job->people->database, &action, now_us, error);
}

static Reply *finish(NewUser *job, const char *hash)
{
    Database *database = job->people->database;
    g_autoptr(GError) error = NULL;
    if (!database_begin(database, &error))
        return reply_error(error);
    bool written = write_user(job, hash, &error);
    if (!written)
        database_rollback(database);
    if (written && database_commit(database, &error))
        return user_api_reply(job->people, job->request, job->user, 201);
    if (g_error_matches(error, DATABASE_ERROR, DATABASE_ERROR_CONSTRAINT))
        return reply_problem(&problem_login_taken);
    return reply_error(error);
}

static void on_hashed(char *take_hash, void *data)
{
    g_autoptr(NewUser) job = data;
    g_autofree char *hash = take_hash;
    Reply *reply = hash ? finish(job, hash) : reply_problem(&problem_too_many);
    request_finish(job->request, reply);
}

Reply *user_api_create(void *room, Request *request)
{
    People *people = room;
    g_autoptr(JsonForm) form = json_form_new(request_json(request), "");
    g_autoptr(NewUser) job = g_new0(NewUser, 1);
    job->people = people;
    job->request = request;
    job->user = user_form_read(form);
    const char *password = user_form_password(form);
    user_api_read_grants(form, job->user);
    if (!json_form_ok(form, true))
        return reply_problem_take(problem_from_form(form));
    Reply *refusal = user_api_judge_grants(people, request, job->user);
    if (refusal)
        return refusal;
    if (!passwords_hash(people->passwords, password, on_hashed, job))
        return reply_problem(&problem_too_many);
    g_steal_pointer(&job);
    request_hold(request);
    return NULL;
}
