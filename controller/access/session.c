/* The gate of people's requests: the cookie of a browser or the bearer token of a program.
 *
 * A browser sends cookies with any request to us, whoever made it send one. So a write needs what
 * another site cannot add: the header X-Loa, and an origin (Sec-Fetch-Site, Origin) that is ours.
 * Log-in and set-up need it too, or a stranger could log a victim in as somebody else. A token is
 * nothing that a browser adds by itself, so a program is not asked for any of this. */
#include "access/session.h"

#include <string.h>

#include "access/device.h"
#include "access/me_api.h"
#include "access/second_step.h"
#include "access/session_store.h"
#include "access/token_store.h"
#include "access/user_store.h"

#define COOKIE        "loa_session"
#define COOKIE_SECURE "__Host-" COOKIE
#define COOKIE_CHARS  64
#define BEARER        "Bearer "

static const ProblemKind problem_cross_site = {
    "cross-site", 403, "Yêu cầu này không đến từ trang Loa nên bị từ chối. Hãy tải lại trang.",
    "This request did not come from Loa's own page and was refused. Reload the page."};

static const ProblemKind problem_session_needed = {
    "session-needed", 403,
    "Việc này phải làm trên trang Loa sau khi đăng nhập, không dùng mã truy cập.",
    "This is done on Loa's own page after logging in, not with a token."};

static const ProblemKind problem_password_change = {
    "password-change-needed", 403, "Mật khẩu này chỉ dùng tạm. Hãy đổi mật khẩu trước.",
    "This password is a temporary one. Change it first."};

static const ProblemKind problem_totp_needed = {
    "totp-needed", 403, "Người quản trị phải bật đăng nhập hai bước trước khi làm việc tiếp.",
    "Administrators have to set up two-step log-in before they go on."};

static bool is_safe(const Request *request)
{
    const char *method = request_method(request);
    return strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0 ||
           strcmp(method, "OPTIONS") == 0;
}

/* "https://loa.example:8443" against Host: "loa.example:8443". */
static bool origin_is_ours(const Request *request)
{
    const char *origin = request_header(request, "Origin");
    const char *host = request_header(request, "Host");
    if (!origin)
        return true;
    const char *name = strstr(origin, "://");
    return name && host && g_ascii_strcasecmp(name + 3, host) == 0;
}

static bool comes_from_our_page(const Request *request)
{
    const char *site = request_header(request, "Sec-Fetch-Site");
    if (!request_header(request, "X-Loa"))
        return false;
    if (site && strcmp(site, "same-origin") != 0 && strcmp(site, "none") != 0)
        return false;
    return origin_is_ours(request);
}

Reply *session_open_gate(void *user, Request *request, const Route *route)
{
    (void)user;
    if (!(route->listeners & LISTENER_PEOPLE) || is_safe(request) || comes_from_our_page(request))
        return NULL;
    return reply_problem(&problem_cross_site);
}

static const char *cookie_name(const Request *request)
{
    return request_is_tls(request) ? COOKIE_SECURE : COOKIE;
}

/* NULL when there is no such cookie or it cannot be a token of ours. */
static char *cookie_token(const Request *request)
{
    const char *header = request_header(request, "Cookie");
    const char *name = cookie_name(request);
    g_auto(GStrv) cookies = g_strsplit(header ? header : "", ";", 50);
    for (unsigned i = 0; cookies[i]; i++) {
        char *cookie = g_strstrip(cookies[i]);
        size_t length = strlen(name);
        if (strncmp(cookie, name, length) == 0 && cookie[length] == '=' &&
            strlen(cookie + length + 1) == COOKIE_CHARS)
            return g_strdup(cookie + length + 1);
    }
    return NULL;
}

static User *user_of_cookie(People *people, const Request *request, GError **error)
{
    g_autofree char *token = cookie_token(request), *id = NULL, *session = NULL;
    if (!token ||
        !session_store_find(people->database, token, request_now_us(request), &id, &session, error))
        return NULL;
    User *user = id ? user_store_get(people->database, id, error) : NULL;
    if (user)
        user->session = g_steal_pointer(&session);
    return user;
}

/* NULL when the request carries none. */
static const char *bearer_of(const Request *request)
{
    const char *header = request_header(request, "Authorization");
    bool is_bearer = header && g_ascii_strncasecmp(header, BEARER, strlen(BEARER)) == 0;
    return is_bearer ? header + strlen(BEARER) : NULL;
}

static User *user_of_bearer(People *people, const Request *request, GError **error)
{
    const char *secret = bearer_of(request);
    if (strlen(secret) != TOKEN_CHARS)
        return NULL;
    g_autoptr(Token) token = token_store_find(people->database, secret, request_remote(request),
                                              request_now_us(request), error);
    User *user = token ? user_store_get(people->database, token->user, error) : NULL;
    if (user)
        user->withheld = VERBS_ALL & ~token->verbs;
    return user;
}

/* With a duty still to be done: say who one is, do it, leave. */
static bool is_always_open(const Route *route)
{
    static const char *const paths[] = {"/api/me", "/api/me/password", "/api/me/totp",
                                        "/api/me/totp/confirm", "/api/session"};
    for (unsigned i = 0; i < G_N_ELEMENTS(paths); i++) {
        if (route->path && strcmp(route->path, paths[i]) == 0)
            return true;
    }
    return false;
}

static Reply *judge_duties(People *people, const User *user, const Route *route)
{
    if (is_always_open(route))
        return NULL;
    if (user->must_change)
        return reply_problem(&problem_password_change);
    if (second_step_is_missing(people->database, user))
        return reply_problem(&problem_totp_needed);
    return NULL;
}

static Reply *refuse(bool is_bearer)
{
    Reply *reply = reply_problem(&problem_not_logged_in);
    if (is_bearer)
        reply_header(reply, "WWW-Authenticate", "Bearer error=\"invalid_token\"");
    return reply;
}

Reply *session_gate(void *data, Request *request, const Route *route)
{
    People *people = data;
    g_autoptr(GError) error = NULL;
    bool is_bearer = bearer_of(request) != NULL;
    g_autoptr(User) user = is_bearer ? user_of_bearer(people, request, &error)
                                     : user_of_cookie(people, request, &error);
    if (error)
        return reply_error(error);
    if (!user || user->disabled)
        return refuse(is_bearer);
    Reply *refusal = judge_duties(people, user, route);
    if (refusal)
        return refusal;
    request_set_caller(request, g_steal_pointer(&user), (GDestroyNotify)user_free);
    return is_bearer ? NULL : session_open_gate(people, request, route);
}

Reply *session_needed(const Request *request)
{
    return access_user(request)->session ? NULL : reply_problem(&problem_session_needed);
}

const char *session_who(const Request *request)
{
    const User *user = access_user(request);
    return user ? user->id : NULL;
}

static void set_cookie(Reply *reply, const Request *request, const char *token, bool is_over)
{
    bool tls = request_is_tls(request);
    g_autofree char *cookie =
        g_strdup_printf("%s=%s; Path=/; HttpOnly; SameSite=Strict%s%s", cookie_name(request), token,
                        tls ? "; Secure" : "", is_over ? "; Max-Age=0" : "");
    reply_header(reply, "Set-Cookie", cookie);
}

Reply *session_begin(People *people, Request *request, const char *id, unsigned status)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *token = NULL;
    g_autofree char *device = device_text(request_header(request, "User-Agent"));
    int64_t now_us = request_now_us(request);
    g_autoptr(User) user = user_store_get(people->database, id, &error);
    if (!user || !session_store_add(people->database, id, request_remote(request), device, now_us,
                                    &token, &error))
        return reply_error(error);
    Reply *reply = me_api_reply(people, user, status, now_us);
    set_cookie(reply, request, token, false);
    return reply;
}

Reply *session_end(People *people, Request *request)
{
    g_autoptr(GError) error = NULL;
    Reply *refusal = session_needed(request);
    if (refusal)
        return refusal;
    if (!session_store_remove(people->database, access_user(request)->session, &error))
        return reply_error(error);
    Reply *reply = reply_empty(204);
    set_cookie(reply, request, "", true);
    return reply;
}
