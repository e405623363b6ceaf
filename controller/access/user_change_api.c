/* Changing accounts of others: name, phone, roles, shutting out, a temporary password.
 *
 * An account is in the hands of whoever manages users in *every* area where it holds a role: a
 * commune's administrator must not get into a province account that also helps in the commune.
 * What would leave nobody to administer the whole organisation is refused. */
#include "access/user_change_api.h"

#include <string.h>

#include "access/action_log_store.h"
#include "access/own_act.h"
#include "access/session.h"
#include "access/session_store.h"
#include "access/token_store.h"
#include "access/totp_store.h"
#include "access/user_api.h"
#include "access/user_store.h"
#include "crypto.h"

#define TEMPORARY_CHARS 12 /* of 32 letters: 60 bits */
#define TEMPORARY_GROUP 4

static const ProblemKind problem_own_account = {
    "own-account", 409,
    "Không tự khóa hay đặt lại mật khẩu của chính mình tại đây. Hãy vào mục Tài khoản.",
    "You cannot lock or reset your own account here. Use the Account page."};
static const ProblemKind problem_last_administrator = {
    "last-administrator", 409,
    "Đây là người quản trị cuối cùng của cả hệ thống. Hãy giao quyền quản trị cho người khác "
    "trước.",
    "This is the last administrator of the whole organisation. Make another one first."};

typedef struct Edit {
    User *user; /* as it will be */
    bool has_grants;
    bool drops_totp;
    bool was_disabled;
    const char *detail; /* which members, as JSON */
    bool is_last;       /* found out while writing */
    char *hash;         /* of the temporary password */
} Edit;

/* NULL with the refusal in `ret_refusal`. */
static User *load(People *people, const Request *request, Reply **ret_refusal)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(User) user = user_store_get(people->database, request_place(request, "id"), &error);
    bool is_seen = user && user_api_sees(people, access_user(request), user);
    bool may = user && user_api_may_change(people, access_user(request), user);
    *ret_refusal = error      ? reply_error(error)
                   : !is_seen ? reply_problem(&problem_not_found)
                   : !may     ? reply_problem(&problem_forbidden)
                              : NULL;
    return *ret_refusal ? NULL : g_steal_pointer(&user);
}

static bool is_own(const Request *request, const User *user)
{
    return strcmp(access_user(request)->id, user->id) == 0;
}

static bool note(People *people, const Request *request, const Edit *edit, const char *verb,
                 GError **error)
{
    Action action = {.user = access_user(request)->id,
                     .verb = verb,
                     .area = access_home(edit->user),
                     .object = edit->user->id,
                     .detail = edit->detail,
                     .remote = request_remote(request)};
    return action_log_store_add(people->database, &action, request_now_us(request), error);
}

static bool shut_out(People *people, const char *user, GError **error)
{
    return session_store_remove_others(people->database, user, NULL, error) &&
           ticket_store_remove_of(people->database, user, error) &&
           token_store_remove_all(people->database, user, error);
}

static bool write_disabled(People *people, Request *request, Edit *edit, GError **error)
{
    const User *user = edit->user;
    if (user->disabled == edit->was_disabled)
        return true;
    int64_t since_us = user->disabled ? request_now_us(request) : 0;
    return user_store_set_disabled(people->database, user->id, since_us, error) &&
           (!user->disabled || shut_out(people, user->id, error)) &&
           note(people, request, edit, user->disabled ? "user.disable" : "user.enable", error);
}

static bool keeps_an_administrator(People *people, Edit *edit, GError **error)
{
    bool has = false;
    if (!user_store_has_administrator(people->database, &has, error))
        return false;
    edit->is_last = !has;
    return has;
}

/* For who lost the phone and the recovery codes. */
static bool drop_totp(People *people, Request *request, Edit *edit, GError **error)
{
    edit->user->has_totp = false;
    return totp_store_remove(people->database, edit->user->id, error) &&
           note(people, request, edit, "user.reset_totp", error);
}

static bool write_edit(People *people, Request *request, void *data, GError **error)
{
    Edit *edit = data;
    return user_store_set_person(people->database, edit->user, error) &&
           (!edit->has_grants || user_store_set_grants(people->database, edit->user, error)) &&
           (!edit->drops_totp || drop_totp(people, request, edit, error)) &&
           note(people, request, edit, "user.change", error) &&
           write_disabled(people, request, edit, error) &&
           keeps_an_administrator(people, edit, error);
}

static void read_edit(JsonForm *form, Edit *edit)
{
    User *user = edit->user;
    const char *name = json_form_text(form, "name", false, 1, USER_NAME_MAX);
    const char *phone = json_form_text(form, "phone", false, 0, USER_PHONE_MAX);
    edit->was_disabled = user->disabled;
    user->disabled = json_form_bool(form, "disabled", false, user->disabled);
    edit->drops_totp = user->has_totp && !json_form_bool(form, "totp", false, true);
    if (!user->has_totp && json_form_bool(form, "totp", false, false))
        json_form_fault(form, "totp", FORM_CHOICE, "false");
    user_store_put_text(&user->name, name);
    user_store_put_text(&user->phone, phone);
}

/* The names of what changes; values of people do not belong in the log. */
static char *print_detail(const Request *request)
{
    g_autoptr(Json) detail = json_new_object();
    g_autofree const char **keys = json_keys(request_json(request));
    Json *changed = json_new_array();
    for (size_t i = 0; keys[i]; i++)
        json_append_text(changed, keys[i]);
    json_set_take(detail, "changed", changed);
    return json_print(detail, NULL);
}

Reply *user_change_api_patch(void *room, Request *request)
{
    People *people = room;
    Reply *refusal = NULL;
    g_autoptr(User) user = load(people, request, &refusal);
    if (!user)
        return refusal;
    g_autoptr(JsonForm) form = json_form_new(request_json(request), "");
    Edit edit = {.user = user, .has_grants = json_peek(request_json(request), "grants") != NULL};
    read_edit(form, &edit);
    if (edit.has_grants) {
        g_array_set_size(user->grants, 0);
        user_api_read_grants(form, user);
    }
    if (!json_form_ok(form, true))
        return reply_problem_take(problem_from_form(form));
    if ((user->disabled || edit.drops_totp) && is_own(request, user))
        return reply_problem(&problem_own_account);
    refusal = user_api_judge_grants(people, request, user);
    if (refusal)
        return refusal;
    g_autofree char *detail = print_detail(request);
    edit.detail = detail;
    refusal = own_act(people, request, write_edit, &edit);
    if (refusal && edit.is_last) {
        reply_free(refusal);
        return reply_problem(&problem_last_administrator);
    }
    return refusal ? refusal : user_api_reply(people, request, user, 200);
}

typedef struct Reset {
    People *people;
    Request *request;
    User *user;
    char *temporary;
} Reset;

static void reset_free(Reset *reset)
{
    user_free(reset->user);
    if (reset->temporary)
        crypto_wipe(reset->temporary, strlen(reset->temporary));
    g_free(reset->temporary);
    g_free(reset);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Reset, reset_free)

static bool write_reset(People *people, Request *request, void *data, GError **error)
{
    Edit *edit = data;
    const User *user = edit->user;
    return user_store_set_password(people->database, user->id, edit->hash, true, error) &&
           shut_out(people, user->id, error) &&
           login_failure_store_clear(people->database, user->login, error) &&
           note(people, request, edit, "user.reset_password", error);
}

static Reply *finish_reset(Reset *reset, char *hash)
{
    Edit edit = {.user = reset->user, .hash = hash};
    Reply *refusal = own_act(reset->people, reset->request, write_reset, &edit);
    if (refusal)
        return refusal;
    Json *answer = json_new_object();
    json_set_text(answer, "password", reset->temporary);
    Reply *reply = reply_json_take(200, answer);
    reply_header(reply, "Cache-Control", "no-store");
    return reply;
}

static void on_hashed(char *take_hash, void *data)
{
    g_autoptr(Reset) reset = data;
    g_autofree char *hash = take_hash;
    request_finish(reset->request,
                   hash ? finish_reset(reset, hash) : reply_problem(&problem_too_many));
}

Reply *user_change_api_reset(void *room, Request *request)
{
    People *people = room;
    g_autoptr(JsonForm) form = json_form_new(request_json(request), "");
    Reply *refusal = session_needed(request);
    if (refusal)
        return refusal;
    if (!json_form_ok(form, true))
        return reply_problem_take(problem_from_form(form));
    g_autoptr(User) user = load(people, request, &refusal);
    if (!user)
        return refusal;
    if (is_own(request, user))
        return reply_problem(&problem_own_account);
    g_autoptr(Reset) reset = g_new0(Reset, 1);
    reset->people = people;
    reset->request = request;
    reset->user = g_steal_pointer(&user);
    reset->temporary = crypto_random_letters(TEMPORARY_CHARS, TEMPORARY_GROUP);
    if (!passwords_hash(people->passwords, reset->temporary, on_hashed, reset))
        return reply_problem(&problem_too_many);
    g_steal_pointer(&reset);
    request_hold(request);
    return NULL;
}
