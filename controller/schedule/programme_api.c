/* Programmes over HTTP. A change of the items is a new plan for every station that airs the
 * programme: its broadcasts are handed to the publisher in the same transaction. */
#include "schedule/programme_api.h"

#include "access/action_log_store.h"
#include "base/clock.h"
#include "crypto.h"
#include "schedule/broadcast_api_parts.h"
#include "schedule/programme_form.h"
#include "schedule/scope.h"

#define ID_BYTES 8
#define ID_MAX   64
#define LIST_MAX 200

static const ProblemKind problem_in_use = {
    "programme-in-use", 409,
    "Chương trình đang có trong lịch phát. Hãy xóa lịch phát trước rồi xóa chương trình.",
    "Broadcasts still use the programme. Delete them first, then the programme."};

static void set_time(Json *object, const char *key, int64_t us)
{
    g_autofree char *text = clock_format_utc(us);
    json_set_text(object, key, text);
}

static Json *view(Database *database, const Programme *programme)
{
    g_autoptr(Area) area = area_store_get(database, programme->area, NULL);
    Json *creator = json_new_object();
    json_set_text(creator, "id", programme->created_by);
    json_set_text(creator, "name", programme->created_by_name);
    Json *object = json_new_object();
    json_set_text(object, "id", programme->id);
    json_set_text(object, "area", programme->area);
    json_set_text(object, "area_name", area ? area->name : NULL);
    json_set_text(object, "title", programme->title);
    json_set_take(object, "items", programme_form_items_json(database, programme));
    json_set_take(object, "created_by", creator);
    set_time(object, "created_at", programme->created_us);
    set_time(object, "updated_at", programme->updated_us);
    return object;
}

static bool read_after(const char *after, int64_t *ret_before)
{
    guint64 before = 0;
    if (after && !g_ascii_string_to_unsigned(after, 10, 1, INT64_MAX, &before, NULL))
        return false;
    *ret_before = (int64_t)before;
    return true;
}

static Reply *page_reply(Database *database, const ShelfQuery *query)
{
    g_autoptr(GError) error = NULL;
    int64_t next = 0, total = 0;
    g_autoptr(GPtrArray) list = programme_store_page(database, query, &next, &error);
    if (!list ||
        (!query->among && !shelf_store_count(database, SHELF_PROGRAMMES, query, &total, &error)))
        return reply_error(error);
    g_autofree char *after = next ? g_strdup_printf("%" G_GINT64_FORMAT, next) : NULL;
    Json *items = json_new_array();
    for (unsigned i = 0; i < list->len; i++)
        json_append_take(items, view(database, g_ptr_array_index(list, i)));
    Json *body = json_new_object();
    json_set_take(body, "items", items);
    json_set_text(body, "next", after);
    if (query->among)
        json_set_null(body, "total");
    else
        json_set_int(body, "total", total);
    return reply_json_take(200, body);
}

Reply *programme_api_list(void *room, Request *request)
{
    BroadcastApi *self = room;
    Reply *refusal = NULL;
    g_autoptr(Area) area = scope_area(self->database, request, &refusal);
    const char *after;
    Problem *problem = NULL;
    ShelfQuery query = {.typed = request_query(request, "q")};
    if (!area)
        return refusal;
    if (!request_page(request, LIST_MAX, &query.limit, &after, &problem))
        return reply_problem_take(problem);
    if ((query.typed && g_utf8_strlen(query.typed, -1) > SHELF_TYPED_MAX) ||
        !read_after(after, &query.before)) {
        problem = problem_new(&problem_bad_request);
        problem_set(problem, "why", "q, after");
        return reply_problem_take(problem);
    }
    const char *bulletin = request_query(request, "bulletin");
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) holding =
        bulletin ? programme_store_holding(self->database, bulletin, &error) : NULL;
    if (error)
        return reply_error(error);
    g_autoptr(GPtrArray) areas = g_ptr_array_new();
    g_ptr_array_add(areas, area->id);
    query.areas = areas;
    query.among = holding;
    return page_reply(self->database, &query);
}

/* ---- one programme ---- */

static Programme *find(BroadcastApi *self, Request *request, Verb verb, Reply **ret_refusal)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Programme) programme =
        programme_store_get(self->database, request_place(request, "id"), &error);
    if (error)
        *ret_refusal = reply_error(error);
    else if (!programme || programme->deleted_us)
        *ret_refusal = reply_problem(&problem_not_found);
    else
        *ret_refusal = access_check(self->database, request, verb, programme->area);
    return *ret_refusal ? NULL : g_steal_pointer(&programme);
}

Reply *programme_api_get(void *room, Request *request)
{
    BroadcastApi *self = room;
    Reply *refusal = NULL;
    g_autoptr(Programme) programme = find(self, request, VERB_VIEW, &refusal);
    return programme ? reply_json_take(200, view(self->database, programme)) : refusal;
}

static Reply *judge(BroadcastApi *self, const Request *request, const Programme *programme)
{
    g_autoptr(Problem) problem = problem_new(&problem_invalid);
    g_autoptr(GError) error = NULL;
    if (programme_form_judge(self->database, request, programme, problem, &error))
        return NULL;
    return error ? reply_error(error) : reply_problem_take(g_steal_pointer(&problem));
}

typedef bool (*Write)(Database *database, const Programme *programme, GError **error);

static bool replan(BroadcastApi *self, const Programme *programme, GError **error)
{
    g_autoptr(GPtrArray) list = broadcast_store_of_programme(self->database, programme->id, error);
    for (unsigned i = 0; list && self->changed && i < list->len; i++)
        self->changed(g_ptr_array_index(list, i), self->user);
    return list != NULL;
}

static bool save(BroadcastApi *self, const Request *request, const Programme *programme,
                 Write write, const char *verb, GError **error)
{
    const Action action = {.user = access_user(request)->id,
                           .verb = verb,
                           .area = programme->area,
                           .object = programme->id,
                           .remote = request_remote(request)};
    if (!database_begin(self->database, error))
        return false;
    if (!write(self->database, programme, error) || !replan(self, programme, error) ||
        !action_log_store_add(self->database, &action, request_now_us(request), error)) {
        database_rollback(self->database);
        return false;
    }
    if (!database_commit(self->database, error))
        return false;
    panel_events_changed(self->events, "broadcasts");
    return true;
}

Reply *programme_api_create(void *room, Request *request)
{
    BroadcastApi *self = room;
    const User *user = access_user(request);
    g_autoptr(JsonForm) form = json_form_new(request_json(request), "");
    g_autoptr(Programme) programme = programme_new();
    programme->area = g_strdup(json_form_text(form, "area", true, 1, ID_MAX));
    programme->title = g_strdup(json_form_text(form, "title", true, 1, PROGRAMME_TITLE_MAX));
    programme_form_items(form, false, programme);
    if (!json_form_ok(form, true))
        return reply_problem_take(problem_from_form(form));
    Reply *refusal = access_check(self->database, request, VERB_CREATE_CONTENT, programme->area);
    if (!refusal)
        refusal = judge(self, request, programme);
    if (refusal)
        return refusal;
    programme->id = crypto_random_hex(ID_BYTES);
    programme->created_by = g_strdup(user->id);
    programme->created_by_name = g_strdup(user->name);
    programme->created_us = programme->updated_us = request_now_us(request);
    g_autoptr(GError) error = NULL;
    return save(self, request, programme, programme_store_add, "programme.create", &error)
               ? reply_json_take(201, view(self->database, programme))
               : reply_error(error);
}

Reply *programme_api_change(void *room, Request *request)
{
    BroadcastApi *self = room;
    Reply *refusal = NULL;
    g_autoptr(Programme) programme = find(self, request, VERB_CREATE_CONTENT, &refusal);
    if (!programme)
        return refusal;
    g_autoptr(JsonForm) form = json_form_new(request_json(request), "");
    const char *title = json_form_text(form, "title", false, 1, PROGRAMME_TITLE_MAX);
    if (json_peek(request_json(request), "items")) {
        g_ptr_array_set_size(programme->items, 0);
        programme_form_items(form, false, programme);
    }
    if (!json_form_ok(form, true))
        return reply_problem_take(problem_from_form(form));
    if ((refusal = judge(self, request, programme)))
        return refusal;
    if (title) {
        g_free(programme->title);
        programme->title = g_strdup(title);
    }
    programme->updated_us = request_now_us(request);
    g_autoptr(GError) error = NULL;
    return save(self, request, programme, programme_store_change, "programme.change", &error)
               ? reply_json_take(200, view(self->database, programme))
               : reply_error(error);
}

static bool write_delete(Database *database, const Programme *programme, GError **error)
{
    return programme_store_delete(database, programme->id, programme->updated_us, error);
}

Reply *programme_api_delete(void *room, Request *request)
{
    BroadcastApi *self = room;
    Reply *refusal = NULL;
    g_autoptr(Programme) programme = find(self, request, VERB_CREATE_CONTENT, &refusal);
    g_autoptr(GError) error = NULL;
    if (!programme)
        return refusal;
    if (programme_store_in_use(self->database, programme->id, request_now_us(request), &error))
        return error ? reply_error(error) : reply_problem(&problem_in_use);
    programme->updated_us = request_now_us(request);
    return save(self, request, programme, write_delete, "programme.delete", &error)
               ? reply_empty(204)
               : reply_error(error);
}

/* ---- what can be in one ---- */

Reply *programme_api_kinds(void *room, Request *request)
{
    BroadcastApi *self = room;
    Reply *refusal = NULL;
    g_autoptr(Area) area = scope_area(self->database, request, &refusal);
    if (!area)
        return refusal;
    Json *items = json_new_array();
    for (unsigned kind = 0; kind < PROGRAMME_KINDS; kind++) {
        ProgrammeSpeakers speakers = {0};
        const bool playable = programme_form_playable(self->database, area->path,
                                                      (ProgrammeKind)kind, &speakers, NULL);
        Json *one = json_new_object();
        json_set_text(one, "kind", programme_kind_words[kind]);
        json_set_text(one, "format", programme_kind_facts((ProgrammeKind)kind)->format);
        json_set_bool(one, "playable", playable);
        json_set_int(one, "stations", speakers.stations);
        json_set_int(one, "speaking", speakers.speaking);
        json_append_take(items, one);
    }
    Json *body = json_new_object();
    json_set_text(body, "area", area->id);
    json_set_take(body, "items", items);
    return reply_json_take(200, body);
}
