/* A calendar program knows an address and nothing else. So the address holds a token that does this
 * one thing: it reads the calendar of one area, as long as the person who made it may see that area
 * and could log in. It is shown once and kept as a hash; whoever is locked out, loses the right or
 * gets a new password from an administrator takes all such addresses along. */
#include "schedule/calendar_link_api.h"

#include "access/action_log_store.h"
#include "access/second_step.h"
#include "access/session.h"
#include "access/token_store.h"
#include "access/user_store.h"
#include "base/clock.h"
#include "registry/area_store.h"
#include "schedule/broadcast_api_parts.h"
#include "schedule/calendar_api.h"

#define ID_MAX 64

static const ProblemKind problem_too_many_links = {
    "too-many-calendar-links", 409,
    "Bạn đã có {max} địa chỉ theo dõi lịch. Hãy ngừng dùng địa chỉ không cần nữa.",
    "You have {max} calendar addresses already. End one that is no longer used."};

static void set_time(Json *json, const char *key, int64_t at_us)
{
    g_autofree char *text = at_us ? clock_format_utc(at_us) : NULL;
    json_set_text(json, key, text);
}

static Json *link_json(Database *database, const Token *link)
{
    g_autoptr(Area) area = area_store_get(database, link->calendar, NULL);
    Json *json = json_new_object();
    json_set_text(json, "id", link->id);
    json_set_text(json, "name", link->name);
    json_set_text(json, "area", link->calendar);
    json_set_text(json, "area_name", area ? area->name : NULL);
    set_time(json, "created_at", link->created_us);
    set_time(json, "used_at", link->used_us);
    return json;
}

Reply *calendar_link_api_list(void *room, Request *request)
{
    BroadcastApi *self = room;
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) links =
        token_store_list(self->database, access_user(request)->id, true, &error);
    if (!links)
        return reply_error(error);
    Json *items = json_new_array(), *body = json_new_object();
    for (unsigned i = 0; i < links->len; i++)
        json_append_take(items, link_json(self->database, g_ptr_array_index(links, i)));
    json_set_take(body, "items", items);
    json_set_null(body, "next");
    return reply_json_take(200, body);
}

static Reply *judge_count(Database *database, const Token *link)
{
    g_autoptr(GError) error = NULL;
    unsigned others;
    if (!token_store_count_others(database, link, &others, &error))
        return reply_error(error);
    if (others < CALENDAR_LINKS_MAX)
        return NULL;
    Problem *problem = problem_new(&problem_too_many_links);
    problem_set(problem, "max", G_STRINGIFY(CALENDAR_LINKS_MAX));
    return reply_problem_take(problem);
}

static bool log_action(Database *database, const Request *request, const char *verb,
                       const Token *link, GError **error)
{
    const Action action = {.user = access_user(request)->id,
                           .verb = verb,
                           .area = link->calendar,
                           .object = link->id,
                           .remote = request_remote(request)};
    return action_log_store_add(database, &action, request_now_us(request), error);
}

static bool save(Database *database, const Request *request, const Token *link, char **ret_secret,
                 GError **error)
{
    if (!database_begin(database, error))
        return false;
    if (token_store_add(database, link, ret_secret, error) &&
        log_action(database, request, "calendar_link.create", link, error))
        return database_commit(database, error);
    database_rollback(database);
    return false;
}

static Reply *save_and_answer(Database *database, const Request *request, const Token *link)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *secret = NULL;
    if (!save(database, request, link, &secret, &error))
        return reply_error(error);
    g_autofree char *path = g_strdup_printf("/api/calendars/%s/calendar.ics", secret);
    Json *body = link_json(database, link);
    json_set_text(body, "path", path);
    Reply *reply = reply_json_take(201, body);
    reply_header(reply, "Cache-Control", "no-store");
    return reply;
}

Reply *calendar_link_api_create(void *room, Request *request)
{
    BroadcastApi *self = room;
    Reply *refusal = session_needed(request);
    if (refusal)
        return refusal;
    g_autoptr(JsonForm) form = json_form_new(request_json(request), "");
    g_autoptr(Token) link = g_new0(Token, 1);
    link->user = g_strdup(access_user(request)->id);
    link->calendar = g_strdup(json_form_text(form, "area", true, 1, ID_MAX));
    link->name = g_strdup(json_form_text(form, "name", true, 1, TOKEN_NAME_MAX));
    token_set_id(link, request_header(request, "Idempotency-Key"));
    link->verbs = 1u << VERB_VIEW;
    link->created_us = request_now_us(request);
    if (!json_form_ok(form, true))
        return reply_problem_take(problem_from_form(form));
    refusal = access_check(self->database, request, VERB_VIEW, link->calendar);
    if (!refusal)
        refusal = judge_count(self->database, link);
    return refusal ? refusal : save_and_answer(self->database, request, link);
}

static bool take_away(Database *database, const Request *request, const Token *link,
                      bool *ret_removed, GError **error)
{
    if (!database_begin(database, error))
        return false;
    if (token_store_remove(database, link, ret_removed, error) &&
        (!*ret_removed || log_action(database, request, "calendar_link.delete", link, error)))
        return database_commit(database, error);
    database_rollback(database);
    return false;
}

Reply *calendar_link_api_delete(void *room, Request *request)
{
    BroadcastApi *self = room;
    Reply *refusal = session_needed(request);
    if (refusal)
        return refusal;
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) links =
        token_store_list(self->database, access_user(request)->id, true, &error);
    bool removed = false;
    for (unsigned i = 0; links && i < links->len && !error; i++) {
        const Token *link = g_ptr_array_index(links, i);
        if (g_str_equal(link->id, request_place(request, "id")))
            take_away(self->database, request, link, &removed, &error);
    }
    if (error)
        return reply_error(error);
    return removed ? reply_empty(204) : reply_problem(&problem_not_found);
}

/* Whoever made the link could log in now and see that area. */
static bool may_still_read(Database *database, const Token *link)
{
    g_autoptr(User) user = user_store_get(database, link->user, NULL);
    return user && !user->disabled && !user->must_change &&
           !second_step_is_missing(database, user) &&
           access_allows(database, user, VERB_VIEW, link->calendar);
}

Reply *calendar_link_api_read(void *room, Request *request)
{
    BroadcastApi *self = room;
    g_autoptr(GError) error = NULL;
    int64_t now_us = request_now_us(request);
    g_autoptr(Token) link = token_store_find_calendar(
        self->database, request_place(request, "secret"), request_remote(request), now_us, &error);
    if (error)
        return reply_error(error);
    if (!link || !may_still_read(self->database, link))
        return reply_problem(&problem_not_found);
    Reply *reply = calendar_api_of(self->database, link->calendar, now_us);
    reply_header(reply, "Cache-Control", "private, max-age=300");
    reply_header(reply, "Referrer-Policy", "no-referrer");
    return reply;
}
