/* Changing one's own password: the old one is asked, counted against the same lock as a log-in (who
 * finds a phone unlocked has five guesses, not a million), and both are worked on off the loop. All
 * other sessions end; this one goes on. */
#include "access/password_api.h"

#include "access/own_act.h"
#include "access/session.h"
#include "access/session_api.h"
#include "access/session_store.h"
#include "access/totp_store.h"
#include "access/user_form.h"
#include "access/user_store.h"
#include "crypto.h"

#include <string.h>

typedef struct Change {
    People *people;
    Request *request;
    char *fresh; /* the new password, wiped */
    char *hash;
} Change;

static void change_free(Change *change)
{
    if (change->fresh)
        crypto_wipe(change->fresh, strlen(change->fresh));
    g_free(change->fresh);
    g_free(change->hash);
    g_free(change);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Change, change_free)

static Reply *wrong_field(const char *pointer, const char *vi, const char *en)
{
    Problem *problem = problem_new(&problem_invalid);
    problem_add(problem, pointer, vi, en);
    return reply_problem_take(problem);
}

static bool write_change(People *people, Request *request, void *data, GError **error)
{
    Change *change = data;
    const User *user = access_user(request);
    return user_store_set_password(people->database, user->id, change->hash, false, error) &&
           session_store_remove_others(people->database, user->id, user->session, error) &&
           ticket_store_remove_of(people->database, user->id, error) &&
           login_failure_store_clear(people->database, user->login, error) &&
           own_act_note(people, request, "password.change", user->id, error);
}

static void on_hashed(char *take_hash, void *data)
{
    g_autoptr(Change) change = data;
    change->hash = take_hash;
    Reply *reply = take_hash ? own_act(change->people, change->request, write_change, change)
                             : reply_problem(&problem_too_many);
    request_finish(change->request, reply ? reply : reply_empty(204));
}

static bool note_wrong(People *people, Request *request, void *data, GError **error)
{
    (void)data;
    return own_act_note(people, request, "password.refused", access_user(request)->id, error);
}

static Reply *refuse_old(Change *change)
{
    Reply *failed = own_act(change->people, change->request, note_wrong, NULL);
    return failed ? failed
                  : wrong_field("/old", "Mật khẩu hiện tại không đúng.",
                                "This is not your current password.");
}

static void on_verified(bool good, void *data)
{
    g_autoptr(Change) change = data;
    if (!good)
        request_finish(change->request, refuse_old(change));
    else if (passwords_hash(change->people->passwords, change->fresh, on_hashed, change))
        g_steal_pointer(&change);
    else
        request_finish(change->request, reply_problem(&problem_too_many));
}

/* Counts the attempt; NULL when it may be judged. */
static Reply *judge_attempt(People *people, const Request *request)
{
    g_autoptr(GError) error = NULL;
    int64_t until_us = 0, now_us = request_now_us(request);
    if (!login_failure_store_count(people->database, access_user(request)->login, now_us, &until_us,
                                   &error))
        return reply_error(error);
    return until_us > now_us ? session_api_locked(until_us - now_us) : NULL;
}

static Reply *start(People *people, Request *request, const char *old, const char *fresh)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *hash = user_store_password(people->database, access_user(request)->id, &error);
    if (!hash)
        return error ? reply_error(error) : reply_problem(&problem_not_logged_in);
    g_autoptr(Change) change = g_new0(Change, 1);
    change->people = people;
    change->request = request;
    change->fresh = g_strdup(fresh);
    if (!passwords_verify(people->passwords, hash, old, on_verified, change))
        return reply_problem(&problem_too_many);
    g_steal_pointer(&change);
    request_hold(request);
    return NULL;
}

Reply *password_api_change(void *room, Request *request)
{
    g_autoptr(JsonForm) form = json_form_new(request_json(request), "");
    Reply *refusal = session_needed(request);
    if (refusal)
        return refusal;
    const char *old = json_form_text(form, "old", true, 1, USER_PASSWORD_MAX);
    const char *fresh = json_form_text(form, "new", true, USER_PASSWORD_MIN, USER_PASSWORD_MAX);
    if (!json_form_ok(form, true))
        return reply_problem_take(problem_from_form(form));
    if (strcmp(old, fresh) == 0)
        return wrong_field("/new", "Mật khẩu mới phải khác mật khẩu hiện tại.",
                           "The new password must differ from the current one.");
    refusal = judge_attempt(room, request);
    return refusal ? refusal : start(room, request, old, fresh);
}
