/* The secret is shown while it is set up and never again; it counts only once a code has proven
 * that the phone has it. Taking it away, or making new recovery codes, asks for a code, and wrong
 * ones count toward the same lock as wrong passwords. */
#include "access/totp_api.h"

#include "access/own_act.h"
#include "access/second_step.h"
#include "access/session.h"
#include "access/session_api.h"
#include "access/session_store.h"
#include "access/totp_store.h"
#include "access/user_store.h"
#include "crypto.h"

static const ProblemKind problem_totp_on = {
    "totp-on", 409, "Đăng nhập hai bước đã bật. Hãy tắt trước khi cài lại.",
    "Two-step log-in is on already. Turn it off before setting it up anew."};
static const ProblemKind problem_totp_off = {"totp-off", 409, "Đăng nhập hai bước chưa được bật.",
                                             "Two-step log-in is not on."};
static const ProblemKind problem_totp_required = {
    "totp-required", 409, "Người quản trị phải dùng đăng nhập hai bước, nên không tắt được.",
    "Administrators have to use two-step log-in, so it stays on."};

typedef struct Act {
    TotpSecret secret;
    int64_t step;
    const char *code;
    const char *verb;
    bool good;
    bool renews; /* fresh recovery codes */
    bool removes;
    char **codes;
} Act;

static void act_clear(Act *act)
{
    crypto_wipe(&act->secret, sizeof act->secret);
    g_strfreev(act->codes);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Act, act_clear)

static Reply *secret_reply(unsigned status, Json *answer)
{
    Reply *reply = reply_json_take(status, answer);
    reply_header(reply, "Cache-Control", "no-store");
    return reply;
}

static Reply *wrong_code(void)
{
    Problem *problem = problem_new(&problem_invalid);
    problem_add(problem, "/code",
                "Mã không đúng hoặc đã dùng. Hãy nhập mã đang hiện trên điện thoại.",
                "The code is wrong or was used. Type the one your phone shows now.");
    return reply_problem_take(problem);
}

static Reply *codes_reply(const Act *act)
{
    Json *answer = json_new_object();
    Json *codes = json_new_array();
    for (unsigned i = 0; act->codes[i]; i++)
        json_append_text(codes, act->codes[i]);
    json_set_take(answer, "recovery_codes", codes);
    return secret_reply(200, answer);
}

static bool write_pending(People *people, Request *request, void *data, GError **error)
{
    Act *act = data;
    return totp_store_set_pending(people->database, access_user(request)->id, &act->secret, error);
}

Reply *totp_api_begin(void *room, Request *request)
{
    g_autoptr(JsonForm) form = json_form_new(request_json(request), "");
    g_auto(Act) act = {0};
    Reply *refusal = session_needed(request);
    if (refusal)
        return refusal;
    if (!json_form_ok(form, true))
        return reply_problem_take(problem_from_form(form));
    if (access_user(request)->has_totp)
        return reply_problem(&problem_totp_on);
    crypto_random(act.secret.bytes, sizeof act.secret.bytes);
    refusal = own_act(room, request, write_pending, &act);
    if (refusal)
        return refusal;
    g_autofree char *key = totp_base32(&act.secret);
    g_autofree char *uri = totp_uri(&act.secret, access_user(request)->login);
    Json *answer = json_new_object();
    json_set_text(answer, "secret", key);
    json_set_text(answer, "uri", uri);
    return secret_reply(200, answer);
}

static bool write_confirm(People *people, Request *request, void *data, GError **error)
{
    Act *act = data;
    const char *user = access_user(request)->id;
    bool has = false;
    if (!totp_store_get_pending(people->database, user, &act->secret, &has, error))
        return false;
    act->good = has && totp_check(&act->secret, act->code, request_now_us(request), 0, &act->step);
    return !act->good || (totp_store_confirm(people->database, user, act->step, error) &&
                          recovery_store_renew(people->database, user, &act->codes, error) &&
                          own_act_note(people, request, "totp.on", user, error));
}

/* NULL with the refusal: the form's "code". */
static const char *read_code(JsonForm *form, const Request *request, Reply **ret_refusal)
{
    *ret_refusal = session_needed(request);
    if (*ret_refusal)
        return NULL;
    const char *code = json_form_text(form, "code", true, 1, SECOND_STEP_CODE_MAX);
    if (json_form_ok(form, true))
        return code;
    *ret_refusal = reply_problem_take(problem_from_form(form));
    return NULL;
}

Reply *totp_api_confirm(void *room, Request *request)
{
    g_autoptr(JsonForm) form = json_form_new(request_json(request), "");
    g_auto(Act) act = {0};
    Reply *refusal = NULL;
    act.code = read_code(form, request, &refusal);
    if (refusal)
        return refusal;
    if (access_user(request)->has_totp)
        return reply_problem(&problem_totp_on);
    refusal = own_act(room, request, write_confirm, &act);
    if (refusal)
        return refusal;
    return act.good ? codes_reply(&act) : wrong_code();
}

static bool write_proven(People *people, Request *request, void *data, GError **error)
{
    Act *act = data;
    Database *database = people->database;
    const User *user = access_user(request);
    if (!second_step_check(people, request, user, act->code, &act->good, error))
        return false;
    if (!act->good)
        return own_act_note(people, request, "totp.refused", user->id, error);
    return (!act->removes || totp_store_remove(database, user->id, error)) &&
           (!act->renews || recovery_store_renew(database, user->id, &act->codes, error)) &&
           login_failure_store_clear(database, user->login, error) &&
           own_act_note(people, request, act->verb, user->id, error);
}

/* Something that only a right code allows. */
static Reply *prove(People *people, Request *request, Act *act)
{
    g_autoptr(GError) error = NULL;
    const User *user = access_user(request);
    int64_t until_us = 0, now_us = request_now_us(request);
    if (!user->has_totp)
        return reply_problem(&problem_totp_off);
    if (!login_failure_store_count(people->database, user->login, now_us, &until_us, &error))
        return reply_error(error);
    if (until_us > now_us)
        return session_api_locked(until_us - now_us);
    Reply *refusal = own_act(people, request, write_proven, act);
    if (refusal)
        return refusal;
    return act->good ? NULL : wrong_code();
}

Reply *totp_api_off(void *room, Request *request)
{
    People *people = room;
    g_autoptr(JsonForm) form = json_form_new(request_json(request), "");
    g_auto(Act) act = {.verb = "totp.off", .removes = true};
    Reply *refusal = NULL;
    act.code = read_code(form, request, &refusal);
    if (refusal)
        return refusal;
    User without = *access_user(request);
    without.has_totp = false;
    if (second_step_is_missing(people->database, &without))
        return reply_problem(&problem_totp_required);
    refusal = prove(people, request, &act);
    return refusal ? refusal : reply_empty(204);
}

Reply *totp_api_codes(void *room, Request *request)
{
    g_autoptr(JsonForm) form = json_form_new(request_json(request), "");
    g_auto(Act) act = {.verb = "recovery_code.renew", .renews = true};
    Reply *refusal = NULL;
    act.code = read_code(form, request, &refusal);
    if (!refusal)
        refusal = prove(room, request, &act);
    return refusal ? refusal : codes_reply(&act);
}

static Reply *policy_reply(Database *database)
{
    Json *answer = json_new_object();
    json_set_bool(answer, "totp_for_administrators", second_step_is_policy(database));
    json_set_bool(answer, "totp_for_alerts", second_step_for_alerts(database));
    return reply_json_take(200, answer);
}

static Reply *judge_policy(People *people, const Request *request)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *top = user_store_top_area(people->database, &error);
    if (error)
        return reply_error(error);
    bool may = access_allows(people->database, access_user(request), VERB_MANAGE_USERS, top);
    return may ? NULL : reply_problem(&problem_forbidden);
}

Reply *totp_api_policy(void *room, Request *request)
{
    People *people = room;
    Reply *refusal = judge_policy(people, request);
    return refusal ? refusal : policy_reply(people->database);
}

typedef struct TotpPolicy {
    bool administrators;
    bool alerts;
} TotpPolicy;

static bool write_policy(People *people, Request *request, void *data, GError **error)
{
    const TotpPolicy *policy = data;
    const char *verb = policy->administrators ? "access_policy.totp_on" : "access_policy.totp_off";
    return second_step_set_policy(people->database, policy->administrators, error) &&
           second_step_set_for_alerts(people->database, policy->alerts, error) &&
           own_act_note(people, request, verb, NULL, error);
}

Reply *totp_api_set_policy(void *room, Request *request)
{
    People *people = room;
    g_autoptr(JsonForm) form = json_form_new(request_json(request), "");
    Reply *refusal = judge_policy(people, request);
    if (!refusal)
        refusal = session_needed(request);
    if (refusal)
        return refusal;
    TotpPolicy policy = {0};
    policy.administrators = json_form_bool(form, "totp_for_administrators", false,
                                           second_step_is_policy(people->database));
    policy.alerts =
        json_form_bool(form, "totp_for_alerts", false, second_step_for_alerts(people->database));
    if (!json_form_ok(form, true))
        return reply_problem_take(problem_from_form(form));
    refusal = own_act(people, request, write_policy, &policy);
    return refusal ? refusal : policy_reply(people->database);
}
