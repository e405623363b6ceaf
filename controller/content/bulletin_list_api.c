/* GET /api/bulletins: a page of them, the newest first, narrowed by what people look for. The areas
 * that a person may see are part of the question, so that a page is full and its number is true. */
#include "content/bulletin_room.h"

#include "access/access.h"
#include "registry/area_store.h"

#include <string.h>

#define MARK_SOUND "sound"
#define MARK_RELAY "relay"
#define MARK_AIRS  "airs"
#define ME         "me"
#define YESTERDAY  "yesterday"

static bool read_after(const char *after, int64_t *ret_before)
{
    guint64 before = 0;
    if (after == NULL)
        return true;
    if (!g_ascii_string_to_unsigned(after, 10, 1, INT64_MAX, &before, NULL))
        return false;
    *ret_before = (int64_t)before;
    return true;
}

static bool read_flag(const char *text, const char *no, const char *yes, const char **ret_mark)
{
    if (text == NULL)
        return true;
    *ret_mark = strcmp(text, "true") == 0 ? yes : strcmp(text, "false") == 0 ? no : NULL;
    return *ret_mark != NULL;
}

/* One state or several, "draft,submitted". */
static bool are_states(const char *asked)
{
    BulletinState state = BULLETIN_DRAFT;
    g_auto(GStrv) words = g_strsplit(asked, ",", -1);
    for (unsigned i = 0; words[i] != NULL; i++)
        if (!bulletin_state_from_word(words[i], &state))
            return false;
    return words[0] != NULL;
}

static bool read_query(const Request *request, const char *after, ShelfQuery *query)
{
    const char *asked = request_query(request, "state");
    const char *author = request_query(request, "author");
    const char *aired = request_query(request, "aired");
    query->typed = request_query(request, "q");
    if ((asked != NULL && !are_states(asked)) || (author != NULL && *author == '\0'))
        return false;
    query->marks[0] = asked;
    query->marks[1] = g_strcmp0(author, ME) == 0 ? access_user(request)->id : author;
    return read_flag(request_query(request, "relay"), MARK_SOUND, MARK_RELAY, &query->marks[2]) &&
           read_flag(request_query(request, "airs"), NULL, MARK_AIRS, &query->marks[3]) &&
           (query->typed == NULL || g_utf8_strlen(query->typed, -1) <= SHELF_TYPED_MAX) &&
           (aired == NULL || strcmp(aired, YESTERDAY) == 0) && read_after(after, &query->before);
}

/* The one asked for, or all in which a role of the person lets them look. */
static GPtrArray *areas_of(BulletinApi *self, const Request *request)
{
    const User *user = access_user(request);
    const char *asked = request_query(request, "area");
    GPtrArray *areas = g_ptr_array_new();
    for (unsigned i = 0; asked == NULL && i < user->grants->len; i++) {
        const char *area = g_array_index(user->grants, UserGrant, i).area;
        if (access_allows(self->parts.database, user, VERB_VIEW, area))
            g_ptr_array_add(areas, (gpointer)area);
    }
    if (asked != NULL)
        g_ptr_array_add(areas, (gpointer)asked);
    return areas;
}

/* What was aired is asked of one area, whose day it is. */
static Reply *find_aired(BulletinApi *self, const Request *request, GPtrArray **ret_ids)
{
    const char *asked = request_query(request, "area");
    g_autoptr(GError) error = NULL;
    g_autoptr(Area) area =
        asked != NULL ? area_store_get(self->parts.database, asked, &error) : NULL;
    if (error != NULL)
        return reply_error(error);
    if (area == NULL || self->parts.aired == NULL) {
        Problem *problem = problem_new(&problem_bad_request);
        problem_set(problem, "why", "aired: area");
        return reply_problem_take(problem);
    }
    *ret_ids = self->parts.aired(area, request_now_us(request), self->parts.changed_user, &error);
    return *ret_ids != NULL ? NULL : reply_error(error);
}

static Json *rows_json(BulletinApi *self, const Request *request, const GPtrArray *list)
{
    Json *items = json_new_array();
    for (unsigned i = 0; i < list->len; i++)
        json_append_take(items, bulletin_room_row(self, request, g_ptr_array_index(list, i)));
    return items;
}

/* ?above=: of this area itself or of one above it, as "id,id". */
static Reply *read_above(BulletinApi *self, const Request *request, char **ret_ids)
{
    const char *asked = request_query(request, "above");
    Reply *refusal = asked ? access_check(self->parts.database, request, VERB_VIEW, asked) : NULL;
    if (asked == NULL || refusal != NULL)
        return refusal;
    g_autoptr(Area) area = area_store_get(self->parts.database, asked, NULL);
    if (area == NULL)
        return reply_problem(&problem_not_found);
    g_autoptr(GPtrArray) ids = area_store_ids(area->path);
    g_ptr_array_add(ids, NULL);
    *ret_ids = g_strjoinv(",", (char **)ids->pdata);
    return NULL;
}

static Reply *answer(BulletinApi *self, const Request *request, const ShelfQuery *query)
{
    g_autoptr(GError) error = NULL;
    int64_t next = 0, total = 0;
    g_autoptr(GPtrArray) list = bulletin_store_page(self->parts.database, query, &next, &error);
    if (list == NULL ||
        (query->among == NULL &&
         !shelf_store_count(self->parts.database, SHELF_BULLETINS, query, &total, &error)))
        return reply_error(error);
    g_autofree char *after = next > 0 ? g_strdup_printf("%" G_GINT64_FORMAT, next) : NULL;
    Json *body = json_new_object();
    json_set_take(body, "items", rows_json(self, request, list));
    json_set_text(body, "next", after);
    if (query->among == NULL)
        json_set_int(body, "total", total);
    else
        json_set_null(body, "total");
    return reply_json_take(200, body);
}

Reply *bulletin_api_list(void *room, Request *request)
{
    BulletinApi *self = room;
    Problem *problem = NULL;
    const char *after = NULL;
    ShelfQuery query = {0};
    g_autoptr(GPtrArray) aired = NULL;
    g_autofree char *above = NULL;
    if (!request_page(request, BULLETIN_PAGE_MAX, &query.limit, &after, &problem))
        return reply_problem_take(problem);
    const char *asked = request_query(request, "area");
    Reply *refusal = asked ? access_check(self->parts.database, request, VERB_VIEW, asked) : NULL;
    if (refusal == NULL)
        refusal = read_above(self, request, &above);
    if (refusal != NULL)
        return refusal;
    if (!read_query(request, after, &query)) {
        problem = problem_new(&problem_bad_request);
        problem_set(problem, "why", "state, relay, airs, author, aired, q, after");
        return reply_problem_take(problem);
    }
    if (request_query(request, "aired") != NULL &&
        (refusal = find_aired(self, request, &aired)) != NULL)
        return refusal;
    g_autoptr(GPtrArray) areas = areas_of(self, request);
    query.areas = areas;
    query.among = aired;
    query.marks[4] = above;
    return answer(self, request, &query);
}
