/* The system log for those who audit. Without ?area it is that of the caller's own area; at the top
 * it also holds what belongs to no area, such as failed log-ins. */
#include "access/action_log_api.h"

#include <string.h>

#include "access/action_log_store.h"
#include "access/user_store.h"
#include "base/clock.h"

#define LIMIT_MAX 200

/* The first area in which the caller holds the right. */
static const char *own_area(const User *user)
{
    for (unsigned i = 0; i < user->grants->len; i++) {
        const UserGrant *grant = &g_array_index(user->grants, UserGrant, i);
        if (role_may(grant->role, VERB_AUDIT))
            return grant->area;
    }
    return NULL;
}

/* "/a1/" has one id. */
static bool is_top(const char *path)
{
    return strchr(path + 1, '/') == path + strlen(path) - 1;
}

static Json *entry_json(const ActionEntry *entry)
{
    g_autofree char *at = clock_format_utc(entry->at_us);
    g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT, entry->id);
    Json *detail = entry->detail ? json_parse(entry->detail, strlen(entry->detail), NULL) : NULL;
    Json *json = json_new_object();
    json_set_text(json, "id", id);
    json_set_text(json, "at", at);
    json_set_text(json, "user_name", entry->user_name);
    json_set_text(json, "verb", entry->verb);
    json_set_text(json, "area", entry->area);
    json_set_text(json, "object", entry->object);
    if (detail)
        json_set_take(json, "detail", detail);
    else
        json_set_null(json, "detail");
    json_set_text(json, "remote", entry->remote);
    return json;
}

static Reply *reply_list(const GPtrArray *entries, unsigned limit)
{
    Json *answer = json_new_object();
    Json *items = json_new_array();
    const ActionEntry *last = NULL;
    for (unsigned i = 0; i < entries->len; i++) {
        last = entries->pdata[i];
        json_append_take(items, entry_json(last));
    }
    json_set_take(answer, "items", items);
    g_autofree char *next =
        entries->len == limit ? g_strdup_printf("%" G_GINT64_FORMAT, last->id) : NULL;
    json_set_text(answer, "next", next);
    return reply_json_take(200, answer);
}

Reply *action_log_api_list(void *room, Request *request)
{
    People *people = room;
    g_autoptr(GError) error = NULL;
    const char *wanted = request_query(request, "area"), *after = NULL;
    const char *area = wanted ? wanted : own_area(access_user(request));
    Problem *problem = NULL;
    unsigned limit = 0;
    uint64_t before = INT64_MAX;
    if (!area)
        return reply_problem(&problem_forbidden);
    Reply *refusal = access_check(people->database, request, VERB_AUDIT, area);
    if (refusal)
        return refusal;
    if (!request_page(request, LIMIT_MAX, &limit, &after, &problem))
        return reply_problem_take(problem);
    if (after)
        g_ascii_string_to_unsigned(after, 10, 1, INT64_MAX, &before, NULL);
    g_autofree char *path = user_store_area_path(people->database, area);
    bool everything = !wanted && path && is_top(path);
    g_autoptr(GPtrArray) entries = action_log_store_list(people->database, everything ? NULL : path,
                                                         (int64_t)before, limit, &error);
    return entries ? reply_list(entries, limit) : reply_error(error);
}
