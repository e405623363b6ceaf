/* The system log for those who audit. Without ?area it is that of the caller's own area; at the top
 * it also holds what belongs to no area, such as failed log-ins. */
#include "access/action_log_api.h"

#include <string.h>

#include "access/action_log_store.h"
#include "access/user_store.h"
#include "base/clock.h"

#define LIMIT_MAX    200
#define CSV_ROWS_MAX 20000

#define MORE_VI "Tệp dừng ở đây, nhật ký còn các dòng cũ hơn. Hãy rút ngắn khoảng ngày."
#define MORE_EN "The file ends here and the log has older lines. Ask for a shorter time."

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
    json_set_text(json, "area_name", entry->area_name);
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

static Reply *bad_time(const char *which)
{
    Problem *problem = problem_new(&problem_bad_request);
    problem_set(problem, "why", which);
    return reply_problem_take(problem);
}

/* The filter of a request; `ret_path` (g_free) holds what it points at. */
static Reply *read_filter(People *people, const Request *request, ActionFilter *filter,
                          char **ret_path)
{
    const char *wanted = request_query(request, "area");
    const char *area = wanted ? wanted : own_area(access_user(request));
    const char *from = request_query(request, "from"), *to = request_query(request, "to");
    *filter = (ActionFilter){.verb = request_query(request, "verb"),
                             .typed = request_query(request, "q"),
                             .to_us = INT64_MAX,
                             .before = INT64_MAX};
    if (!area)
        return reply_problem(&problem_forbidden);
    Reply *refusal = access_check(people->database, request, VERB_AUDIT, area);
    if (refusal)
        return refusal;
    if (from && !clock_parse_rfc3339(from, &filter->from_us, NULL))
        return bad_time("from");
    if (to && !clock_parse_rfc3339(to, &filter->to_us, NULL))
        return bad_time("to");
    *ret_path = user_store_area_path(people->database, area);
    bool everything = !wanted && *ret_path && is_top(*ret_path);
    filter->area_path = everything ? NULL : *ret_path;
    return NULL;
}

Reply *action_log_api_list(void *room, Request *request)
{
    People *people = room;
    g_autoptr(GError) error = NULL;
    g_autofree char *path = NULL;
    const char *after = NULL;
    Problem *problem = NULL;
    uint64_t before = INT64_MAX;
    ActionFilter filter;
    Reply *refusal = read_filter(people, request, &filter, &path);
    if (refusal)
        return refusal;
    if (!request_page(request, LIMIT_MAX, &filter.limit, &after, &problem))
        return reply_problem_take(problem);
    if (after)
        g_ascii_string_to_unsigned(after, 10, 1, INT64_MAX, &before, NULL);
    filter.before = (int64_t)before;
    g_autoptr(GPtrArray) entries = action_log_store_list(people->database, &filter, &error);
    return entries ? reply_list(entries, filter.limit) : reply_error(error);
}

/* Quoted always; what a spreadsheet would take for a formula gets an apostrophe before it. */
static void add_cell(GString *line, const char *text)
{
    g_string_append(line, line->len && line->str[line->len - 1] != '\n' ? ",\"" : "\"");
    if (text && *text && strchr("=+-@\t\r", *text))
        g_string_append_c(line, '\'');
    for (const char *at = text ? text : ""; *at; at++) {
        if (*at == '"')
            g_string_append_c(line, '"');
        g_string_append_c(line, *at);
    }
    g_string_append_c(line, '"');
}

static void add_line(GString *table, const ActionEntry *entry)
{
    g_autofree char *at = clock_format_utc(entry->at_us);
    add_cell(table, at);
    add_cell(table, entry->user_name);
    add_cell(table, entry->verb);
    add_cell(table, entry->area_name);
    add_cell(table, entry->object);
    add_cell(table, entry->detail);
    add_cell(table, entry->remote);
    g_string_append_c(table, '\n');
}

Reply *action_log_api_csv(void *room, Request *request)
{
    People *people = room;
    g_autoptr(GError) error = NULL;
    g_autofree char *path = NULL;
    ActionFilter filter;
    Reply *refusal = read_filter(people, request, &filter, &path);
    if (refusal)
        return refusal;
    filter.limit = CSV_ROWS_MAX + 1;
    g_autoptr(GPtrArray) entries = action_log_store_list(people->database, &filter, &error);
    if (!entries)
        return reply_error(error);
    GString *table = g_string_new("\xef\xbb\xbf"
                                  "at,user,verb,area,object,detail,remote\n");
    for (unsigned i = 0; i < MIN(entries->len, CSV_ROWS_MAX); i++)
        add_line(table, entries->pdata[i]);
    if (entries->len > CSV_ROWS_MAX) {
        add_cell(table, request_language(request) == LANGUAGE_EN ? MORE_EN : MORE_VI);
        g_string_append_c(table, '\n');
    }
    g_autoptr(GBytes) bytes = g_string_free_to_bytes(table);
    Reply *reply = reply_bytes(200, "text/csv; charset=utf-8", bytes);
    reply_header(reply, "Content-Disposition", "attachment; filename=\"loa-audit.csv\"");
    return reply;
}
