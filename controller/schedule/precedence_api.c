/* A commune decides in which order its own and others' priority items sound when they clash; for a
 * day, or for every day that has no order of its own. */
#include "schedule/precedence_api.h"

#include "access/action_log_store.h"
#include "registry/area_store.h"
#include "schedule/broadcast_api_parts.h"
#include "schedule/precedence.h"
#include "schedule/recurrence.h"
#include "schedule/rundown.h"

static Json *day_json(Database *database, const PrecedenceDay *day)
{
    Json *list = json_new_array(), *json = json_new_object();
    for (unsigned i = 0; i < day->broadcasts->len; i++) {
        const char *id = g_ptr_array_index(day->broadcasts, i);
        g_autoptr(Broadcast) broadcast = broadcast_store_get(database, id, NULL);
        if (!broadcast || broadcast->deleted_us)
            continue; /* a list that is sent back has only what is in force */
        g_autoptr(Rundown) rundown = rundown_load(database, broadcast, NULL);
        Json *one = json_new_object();
        json_set_text(one, "id", id);
        json_set_text(one, "title", rundown ? rundown->title : "");
        json_append_take(list, one);
    }
    json_set_text(json, "date", *day->day ? day->day : NULL);
    json_set_take(json, "broadcasts", list);
    return json;
}

static Reply *answer(Database *database, const Area *area, int64_t now_us)
{
    g_autoptr(GError) error = NULL;
    int64_t today_s = now_us / G_USEC_PER_SEC + recurrence_offset_s(area->zone, now_us);
    g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc(today_s);
    g_autofree char *today = g_date_time_format(date, "%Y-%m-%d");
    g_autoptr(GPtrArray) days = precedence_store_list(database, area->id, today, &error);
    if (!days)
        return reply_error(error);
    Json *list = json_new_array(), *body = json_new_object();
    for (unsigned i = 0; i < days->len; i++)
        json_append_take(list, day_json(database, g_ptr_array_index(days, i)));
    json_set_text(body, "area", area->id);
    json_set_take(body, "days", list);
    return reply_json_take(200, body);
}

static Area *find(BroadcastApi *self, Request *request, Verb verb, Reply **ret_refusal)
{
    g_autoptr(GError) error = NULL;
    const char *id = request_place(request, "id");
    *ret_refusal = access_check(self->database, request, verb, id);
    Area *area = *ret_refusal ? NULL : area_store_get(self->database, id, &error);
    if (!area && !*ret_refusal)
        *ret_refusal = error ? reply_error(error) : reply_problem(&problem_not_found);
    return area;
}

Reply *precedence_api_get(void *room, Request *request)
{
    BroadcastApi *self = room;
    Reply *refusal = NULL;
    g_autoptr(Area) area = find(self, request, VERB_VIEW, &refusal);
    return area ? answer(self->database, area, request_now_us(request)) : refusal;
}

/* Each once, and each in force. */
static void read_broadcasts(BroadcastApi *self, JsonForm *form, PrecedenceDay *day)
{
    const Json *list = json_form_array(form, "broadcasts", true, PRECEDENCE_MAX);
    for (size_t i = 0; i < json_length(list); i++) {
        const char *id = json_text(json_at(list, i));
        g_autoptr(Broadcast) broadcast = id ? broadcast_store_get(self->database, id, NULL) : NULL;
        bool twice = id && g_ptr_array_find_with_equal_func(day->broadcasts, id, g_str_equal, NULL);
        if (!broadcast || broadcast->deleted_us || twice)
            json_form_fault(form, "broadcasts", FORM_CHOICE, NULL);
        else
            g_ptr_array_add(day->broadcasts, g_strdup(id));
    }
}

static bool save(BroadcastApi *self, Request *request, const Area *area, const PrecedenceDay *day,
                 GError **error)
{
    int64_t now_us = request_now_us(request);
    Action action = {.user = access_user(request)->id,
                     .verb = "area.precedence",
                     .area = area->id,
                     .object = area->id,
                     .remote = request_remote(request)};
    if (!database_begin(self->database, error))
        return false;
    if (!precedence_store_put(self->database, area->id, day, error) ||
        !action_log_store_add(self->database, &action, now_us, error)) {
        database_rollback(self->database);
        return false;
    }
    if (self->area_changed)
        self->area_changed(area->id, self->area_user);
    return database_commit(self->database, error);
}

Reply *precedence_api_put(void *room, Request *request)
{
    BroadcastApi *self = room;
    Reply *refusal = NULL;
    g_autoptr(Area) area = find(self, request, VERB_SCHEDULE, &refusal);
    if (!area)
        return refusal;
    g_autoptr(JsonForm) form = json_form_new(request_json(request), "");
    const char *date = json_form_text(form, "date", false, 10, 10);
    if (date && !recurrence_date_valid(date))
        json_form_fault(form, "date", FORM_FORMAT, NULL);
    g_autoptr(GPtrArray) broadcasts = g_ptr_array_new_with_free_func(g_free);
    PrecedenceDay day = {.day = (char *)(date ? date : ""), .broadcasts = broadcasts};
    read_broadcasts(self, form, &day);
    if (!json_form_ok(form, true))
        return reply_problem_take(problem_from_form(form));
    g_autoptr(GError) error = NULL;
    return save(self, request, area, &day, &error)
               ? answer(self->database, area, request_now_us(request))
               : reply_error(error);
}
