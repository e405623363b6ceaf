/* A person's own sessions. The id shown is the hash of the cookie, which opens nothing. A token
 * does not see them: it is no session and ends none. */
#include "access/sessions_api.h"

#include "access/own_act.h"
#include "access/session.h"
#include "access/session_store.h"
#include "base/clock.h"

static Json *session_json(const SessionRow *row, const User *user)
{
    g_autofree char *created = clock_format_utc(row->created_us);
    g_autofree char *seen = clock_format_utc(row->seen_us);
    Json *json = json_new_object();
    json_set_text(json, "id", row->id);
    json_set_text(json, "device", row->device);
    json_set_text(json, "remote", row->remote);
    json_set_text(json, "created_at", created);
    json_set_text(json, "seen_at", seen);
    json_set_bool(json, "current", g_strcmp0(row->id, user->session) == 0);
    return json;
}

Reply *sessions_api_list(void *room, Request *request)
{
    People *people = room;
    g_autoptr(GError) error = NULL;
    const User *user = access_user(request);
    Reply *refusal = session_needed(request);
    if (refusal)
        return refusal;
    g_autoptr(GPtrArray) rows =
        session_store_list(people->database, user->id, request_now_us(request), &error);
    if (!rows)
        return reply_error(error);
    Json *answer = json_new_object();
    Json *items = json_new_array();
    for (unsigned i = 0; i < rows->len; i++)
        json_append_take(items, session_json(rows->pdata[i], user));
    json_set_take(answer, "items", items);
    json_set_null(answer, "next");
    return reply_json_take(200, answer);
}

static bool end_one(People *people, Request *request, void *data, GError **error)
{
    bool *removed = data;
    const char *id = request_place(request, "id");
    return session_store_remove_of(people->database, access_user(request)->id, id, removed,
                                   error) &&
           (!*removed || own_act_note(people, request, "session.end", id, error));
}

Reply *sessions_api_end(void *room, Request *request)
{
    bool removed = false;
    Reply *refusal = session_needed(request);
    if (!refusal)
        refusal = own_act(room, request, end_one, &removed);
    if (refusal)
        return refusal;
    return removed ? reply_empty(204) : reply_problem(&problem_not_found);
}

static bool end_others(People *people, Request *request, void *data, GError **error)
{
    const User *user = access_user(request);
    (void)data;
    return session_store_remove_others(people->database, user->id, user->session, error) &&
           own_act_note(people, request, "session.end_others", NULL, error);
}

Reply *sessions_api_end_others(void *room, Request *request)
{
    Reply *refusal = session_needed(request);
    if (!refusal)
        refusal = own_act(room, request, end_others, NULL);
    return refusal ? refusal : reply_empty(204);
}
