/* Log-in. The password is judged off the loop; the attempt is counted before, so that a hundred
 * guesses at once are five. A name that does not exist takes as long as one that does. */
#include "access/session_api.h"

#include "access/action_log_store.h"
#include "access/session.h"
#include "access/session_store.h"
#include "access/user_store.h"

static const ProblemKind problem_wrong_login = {
    "wrong-login", 401, "Tên đăng nhập hoặc mật khẩu không đúng. Hãy kiểm tra rồi thử lại.",
    "The name or the password is not right. Check both and try again."};
static const ProblemKind problem_login_locked = {
    "login-locked", 429,
    "Tên đăng nhập này bị khóa vì nhập sai nhiều lần. Hãy thử lại sau {minutes} phút.",
    "This name is locked after several wrong passwords. Try again in {minutes} minutes."};
typedef struct Attempt {
    People *people;
    Request *request;
    char *login;
    char *user; /* id; NULL = no such name */
} Attempt;

static void attempt_free(Attempt *attempt)
{
    g_free(attempt->login);
    g_free(attempt->user);
    g_free(attempt);
}

static Reply *refuse_login(const Attempt *attempt)
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
    return reply_problem(&problem_wrong_login);
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

static void on_verified(bool good, void *user)
{
    Attempt *attempt = user;
    Reply *reply = good && attempt->user ? accept_login(attempt) : refuse_login(attempt);
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

Reply *session_api_logout(void *room, Request *request)
{
    return session_end(room, request);
}
