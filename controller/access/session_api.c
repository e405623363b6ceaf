/* Log-in. The password is judged off the loop; the attempt is counted before, so that a hundred
 * guesses at once are five. A name that does not exist takes as long as one that does. */
#include "access/session_api.h"

#include "access/action_log_store.h"
#include "access/second_step.h"
#include "access/session.h"
#include "access/session_store.h"
#include "access/totp_store.h"
#include "access/user_store.h"

static const ProblemKind problem_wrong_login = {
    "wrong-login", 401, "Tên đăng nhập hoặc mật khẩu không đúng. Hãy kiểm tra rồi thử lại.",
    "The name or the password is not right. Check both and try again."};
static const ProblemKind problem_login_locked = {
    "login-locked", 429,
    "Tên đăng nhập này bị khóa vì nhập sai nhiều lần. Hãy thử lại sau {minutes} phút.",
    "This name is locked after several wrong passwords. Try again in {minutes} minutes."};
static const ProblemKind problem_wrong_code = {
    "wrong-code", 401, "Mã không đúng hoặc đã dùng. Hãy nhập mã đang hiện trên điện thoại.",
    "The code is wrong or was used. Type the one your phone shows now."};
static const ProblemKind problem_login_again = {
    "login-again", 401, "Đã quá lâu kể từ lúc nhập mật khẩu. Hãy đăng nhập lại.",
    "Too much time has passed since the password. Log in again."};

typedef struct Attempt {
    People *people;
    Request *request;
    char *login;
    char *user; /* id; NULL = no such name */
    bool has_totp;
} Attempt;

static void attempt_free(Attempt *attempt)
{
    g_free(attempt->login);
    g_free(attempt->user);
    g_free(attempt);
}

static Reply *refuse_login(const Attempt *attempt, const ProblemKind *kind)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Json) detail = json_new_object();
    json_set_text(detail, "login", attempt->login);
    g_autofree char *text = json_print(detail, NULL);
    Action action = {.user = attempt->user,
                     .verb = "login.failed",
                     .detail = text,
                     .remote = request_remote(attempt->request)};
    if (!action_log_store_add(attempt->people->database, &action, request_now_us(attempt->request),
                              &error))
        return reply_error(error);
    return reply_problem(kind);
}

static Reply *accept_login(const Attempt *attempt)
{
    People *people = attempt->people;
    g_autoptr(GError) error = NULL;
    Action action = {
        .user = attempt->user, .verb = "login", .remote = request_remote(attempt->request)};
    if (!database_begin(people->database, &error))
        return reply_error(error);
    Reply *reply = session_begin(people, attempt->request, attempt->user, 200);
    bool written =
        reply_status(reply) == 200 &&
        login_failure_store_clear(people->database, attempt->login, &error) &&
        ticket_store_remove_of(people->database, attempt->user, &error) &&
        action_log_store_add(people->database, &action, request_now_us(attempt->request), &error);
    if (written && database_commit(people->database, &error))
        return reply;
    if (!written)
        database_rollback(people->database);
    if (reply_status(reply) != 200)
        return reply;
    reply_free(reply);
    return reply_error(error);
}

/* The count of failures stays as it is: a known password buys no guesses at codes. */
static Reply *ask_for_code(const Attempt *attempt)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *ticket = NULL;
    if (!ticket_store_add(attempt->people->database, attempt->user,
                          request_now_us(attempt->request), &ticket, &error))
        return reply_error(error);
    Json *answer = json_new_object();
    json_set_text(answer, "ticket", ticket);
    Reply *reply = reply_json_take(202, answer);
    reply_header(reply, "Cache-Control", "no-store");
    return reply;
}

static void on_verified(bool good, void *user)
{
    Attempt *attempt = user;
    Reply *reply = !good || !attempt->user ? refuse_login(attempt, &problem_wrong_login)
                   : attempt->has_totp     ? ask_for_code(attempt)
                                           : accept_login(attempt);
    request_finish(attempt->request, reply);
    attempt_free(attempt);
}

Reply *session_api_locked(int64_t left_us)
{
    Problem *problem = problem_new(&problem_login_locked);
    int64_t seconds = left_us / G_USEC_PER_SEC + 1;
    g_autofree char *minutes = g_strdup_printf("%d", (int)((seconds + 59) / 60));
    g_autofree char *retry = g_strdup_printf("%d", (int)seconds);
    problem_set(problem, "minutes", minutes);
    Reply *reply = reply_problem_take(problem);
    reply_header(reply, "Retry-After", retry);
    return reply;
}

static Reply *judge_login(People *people, Request *request, const char *login, const char *password)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *hash = NULL;
    int64_t locked_until_us = 0, now_us = request_now_us(request);
    if (!login_failure_store_count(people->database, login, now_us, &locked_until_us, &error))
        return reply_error(error);
    if (locked_until_us > now_us)
        return session_api_locked(locked_until_us - now_us);
    g_autoptr(User) user = user_store_by_login(people->database, login, &hash, &error);
    if (error)
        return reply_error(error);
    Attempt *attempt = g_new0(Attempt, 1);
    attempt->people = people;
    attempt->login = g_strdup(login);
    attempt->user = user ? g_strdup(user->id) : NULL;
    attempt->has_totp = user && user->has_totp;
    attempt->request = request;
    if (passwords_verify(people->passwords, hash, password, on_verified, attempt)) {
        request_hold(request);
        return NULL;
    }
    attempt_free(attempt);
    return reply_problem(&problem_too_many);
}

Reply *session_api_login(void *room, Request *request)
{
    g_autoptr(JsonForm) form = json_form_new(request_json(request), "");
    const char *login = json_form_text(form, "login", true, 1, USER_LOGIN_MAX);
    const char *password = json_form_text(form, "password", true, 1, USER_PASSWORD_MAX);
    if (!json_form_ok(form, true))
        return reply_problem_take(problem_from_form(form));
    return judge_login(room, request, login, password);
}

/* NULL without error when the ticket is over. */
static User *user_of_ticket(People *people, const Request *request, const char *ticket,
                            GError **error)
{
    int64_t now_us = request_now_us(request);
    g_autofree char *id = ticket_store_user(people->database, ticket, now_us, error);
    g_autoptr(User) user = id ? user_store_get(people->database, id, error) : NULL;
    return user && !user->disabled ? g_steal_pointer(&user) : NULL;
}

static Reply *judge_code(People *people, Request *request, User *user, const char *code)
{
    g_autoptr(GError) error = NULL;
    int64_t locked_until_us = 0, now_us = request_now_us(request);
    Attempt attempt = {
        .people = people, .request = request, .login = user->login, .user = user->id};
    bool good = false;
    if (!login_failure_store_count(people->database, user->login, now_us, &locked_until_us, &error))
        return reply_error(error);
    if (locked_until_us > now_us)
        return session_api_locked(locked_until_us - now_us);
    if (!second_step_check(people, request, user, code, &good, &error))
        return reply_error(error);
    return good ? accept_login(&attempt) : refuse_login(&attempt, &problem_wrong_code);
}

Reply *session_api_code(void *room, Request *request)
{
    People *people = room;
    g_autoptr(GError) error = NULL;
    g_autoptr(JsonForm) form = json_form_new(request_json(request), "");
    const char *ticket = json_form_hex(form, "ticket", true, LOGIN_TICKET_CHARS);
    const char *code = json_form_text(form, "code", true, 1, SECOND_STEP_CODE_MAX);
    if (!json_form_ok(form, true))
        return reply_problem_take(problem_from_form(form));
    g_autoptr(User) user = user_of_ticket(people, request, ticket, &error);
    if (!user)
        return error ? reply_error(error) : reply_problem(&problem_login_again);
    return judge_code(people, request, user, code);
}

Reply *session_api_logout(void *room, Request *request)
{
    return session_end(room, request);
}
