/* Templates over HTTP. A template says what an order for a broadcast would say, but for the
 * bulletin of the day: its items, where, at what time on which weekdays, class and gain. The panel
 * fills an order from it; nothing airs because of a template. */
#include "schedule/template_api.h"

#include <math.h>
#include <stdio.h>

#include "access/action_log_store.h"
#include "base/clock.h"
#include "crypto.h"
#include "schedule/broadcast_api_parts.h"
#include "schedule/programme_form.h"
#include "schedule/scope.h"
#include "schedule/template_store.h"

#define ID_BYTES 8
#define ID_MAX   64

static const char *const weekday_words[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun", NULL};
static const char *const class_choices[] = {"normal", "priority", NULL};

/* ---- in ---- */

static bool is_time(const char *text)
{
    unsigned hour, minute;
    char end;
    return sscanf(text, "%2u:%2u%c", &hour, &minute, &end) == 2 && hour < 24 && minute < 60;
}

static void read_weekdays(JsonForm *when, Json *out)
{
    const Json *days = json_form_array(when, "weekdays", false, 7);
    unsigned seen = 0;
    Json *list = json_new_array();
    for (size_t i = 0; days && i < json_length(days); i++) {
        unsigned day = 0;
        const char *word = json_text(json_at(days, i));
        while (weekday_words[day] && g_strcmp0(weekday_words[day], word) != 0)
            day++;
        if (!weekday_words[day] || (seen & 1u << day))
            json_form_fault(when, "weekdays", FORM_CHOICE, "mon, tue, wed, thu, fri, sat, sun");
        else
            json_append_text(list, word);
        seen |= 1u << day;
    }
    json_set_take(out, "weekdays", list);
}

static void read_when(JsonForm *form, Json *body)
{
    JsonForm *when = json_form_child(form, "when", false);
    if (!when) {
        json_set_null(body, "when");
        return;
    }
    Json *out = json_new_object();
    const char *time = json_form_text(when, "time", true, 5, 5);
    if (time && !is_time(time))
        json_form_fault(when, "time", FORM_FORMAT, "05:30");
    json_set_text(out, "time", time);
    read_weekdays(when, out);
    json_set_take(body, "when", out);
}

static void read_targets(JsonForm *form, Json *body)
{
    const Json *targets = json_form_array(form, "targets", false, BROADCAST_MAX_TARGETS);
    Json *list = json_new_array();
    for (size_t i = 0; targets && i < json_length(targets); i++) {
        JsonForm *one = json_form_element(form, "targets", i);
        Json *out = json_new_object();
        const int kind = json_form_choice(one, "kind", true, target_kind_words, TARGET_AREA);
        json_set_text(out, "kind", target_kind_words[kind]);
        json_set_text(out, "id", json_form_text(one, "id", true, 1, ID_MAX));
        json_set_bool(out, "exclude", json_form_bool(one, "exclude", false, false));
        json_append_take(list, out);
    }
    json_set_take(body, "targets", list);
}

static Json *items_as_sent(const Programme *programme)
{
    Json *items = json_new_array();
    for (unsigned i = 0; i < programme->items->len; i++) {
        const ProgrammeItem *item = g_ptr_array_index(programme->items, i);
        Json *one = json_new_object();
        json_set_text(one, "kind", programme_kind_words[item->kind]);
        json_set_text(one, "bulletin", item->bulletin);
        json_set_real(one, "gain_db", item->gain_mdb / 1000.0);
        json_append_take(items, one);
    }
    return items;
}

/* All but title and area; `programme` gets the items, to be judged. */
static Json *read_body(JsonForm *form, Programme *programme)
{
    Json *body = json_new_object();
    programme_form_items(form, true, programme);
    json_set_take(body, "items", items_as_sent(programme));
    read_when(form, body);
    read_targets(form, body);
    const int class = json_form_choice(form, "class", false, class_choices, CLASS_NORMAL);
    json_set_text(body, "class", class_choices[class]);
    const double gain_db = json_form_real(form, "gain_db", false, 0);
    if (!(gain_db >= BROADCAST_GAIN_MIN_MDB / 1000.0 && gain_db <= 0))
        json_form_fault(form, "gain_db", FORM_RANGE, "-60..0");
    json_set_real(body, "gain_db", gain_db);
    return body;
}

/* ---- out ---- */

static Programme *programme_of(const Template *one, const Json *items)
{
    g_autoptr(JsonForm) form = json_form_new(items, "");
    Programme *programme = programme_new();
    programme->area = g_strdup(one->area);
    programme_form_items(form, true, programme);
    return programme;
}

static Json *view(Database *database, const Template *one)
{
    Json *object = json_parse(one->body, strlen(one->body), NULL);
    g_autoptr(Programme) programme = programme_of(one, object);
    g_autoptr(Area) area = area_store_get(database, one->area, NULL);
    json_set_take(object, "items", programme_form_items_json(database, programme));
    json_set_text(object, "id", one->id);
    json_set_text(object, "area", one->area);
    json_set_text(object, "area_name", area ? area->name : NULL);
    json_set_text(object, "title", one->title);
    g_autofree char *changed = clock_format_utc(one->changed_us);
    json_set_text(object, "updated_at", changed);
    return object;
}

Reply *template_api_list(void *room, Request *request)
{
    BroadcastApi *self = room;
    Reply *refusal = NULL;
    g_autoptr(Area) area = scope_area(self->database, request, &refusal);
    if (!area)
        return refusal;
    unsigned limit;
    const char *after;
    Problem *problem = NULL;
    if (!request_page(request, TEMPLATE_LIST_MAX, &limit, &after, &problem))
        return reply_problem_take(problem);
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) list =
        template_store_list(self->database, area->path, after, limit + 1, &error);
    if (!list)
        return reply_error(error);
    Json *items = json_new_array();
    for (unsigned i = 0; i < list->len && i < limit; i++)
        json_append_take(items, view(self->database, g_ptr_array_index(list, i)));
    const Template *last = list->len > limit ? g_ptr_array_index(list, limit - 1) : NULL;
    Json *body = json_new_object();
    json_set_take(body, "items", items);
    json_set_text(body, "next", last ? last->id : NULL);
    return reply_json_take(200, body);
}

/* ---- writing ---- */

static bool note(BroadcastApi *self, const Request *request, const char *verb, const Template *one,
                 GError **error)
{
    const Action action = {.user = access_user(request)->id,
                           .verb = verb,
                           .area = one->area,
                           .object = one->id,
                           .remote = request_remote(request)};
    return action_log_store_add(self->database, &action, request_now_us(request), error);
}

static bool save(BroadcastApi *self, const Request *request, const Template *one, bool is_deleted,
                 GError **error)
{
    if (!database_begin(self->database, error))
        return false;
    const bool written = is_deleted ? template_store_delete(self->database, one->id, error)
                                    : template_store_put(self->database, one, error);
    if (written &&
        note(self, request, is_deleted ? "template.delete" : "template.save", one, error))
        return database_commit(self->database, error);
    database_rollback(self->database);
    return false;
}

/* Reads the body into `one`, whose id and area are set; NULL when it was written. */
static Reply *write_template(BroadcastApi *self, const Request *request, JsonForm *form,
                             Template *one)
{
    g_autoptr(Programme) programme = programme_new();
    g_autoptr(Problem) problem = problem_new(&problem_invalid);
    g_autoptr(GError) error = NULL;
    one->title = g_strdup(json_form_text(form, "title", true, 1, PROGRAMME_TITLE_MAX));
    programme->area = g_strdup(one->area);
    g_autoptr(Json) body = read_body(form, programme);
    if (!json_form_ok(form, true))
        return reply_problem_take(problem_from_form(form));
    Reply *refusal = access_check(self->database, request, VERB_CREATE_CONTENT, one->area);
    if (refusal)
        return refusal;
    if (!programme_form_judge(self->database, request, programme, problem, &error))
        return error ? reply_error(error) : reply_problem_take(g_steal_pointer(&problem));
    one->body = json_print(body, NULL);
    one->changed_by = g_strdup(access_user(request)->id);
    one->changed_us = request_now_us(request);
    return save(self, request, one, false, &error) ? NULL : reply_error(error);
}

Reply *template_api_create(void *room, Request *request)
{
    BroadcastApi *self = room;
    g_autoptr(JsonForm) form = json_form_new(request_json(request), "");
    g_autoptr(Template) one = g_new0(Template, 1);
    one->id = crypto_random_hex(ID_BYTES);
    one->area = g_strdup(json_form_text(form, "area", true, 1, ID_MAX));
    Reply *refusal = write_template(self, request, form, one);
    return refusal ? refusal : reply_json_take(201, view(self->database, one));
}

static Template *find(BroadcastApi *self, const Request *request, Reply **ret_refusal)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Template) one =
        template_store_get(self->database, request_place(request, "id"), &error);
    if (!one)
        *ret_refusal = error ? reply_error(error) : reply_problem(&problem_not_found);
    else
        *ret_refusal = access_check(self->database, request, VERB_CREATE_CONTENT, one->area);
    return *ret_refusal ? NULL : g_steal_pointer(&one);
}

Reply *template_api_put(void *room, Request *request)
{
    BroadcastApi *self = room;
    Reply *refusal = NULL;
    g_autoptr(Template) old = find(self, request, &refusal);
    if (!old)
        return refusal;
    g_autoptr(JsonForm) form = json_form_new(request_json(request), "");
    g_autoptr(Template) one = g_new0(Template, 1);
    one->id = g_strdup(old->id);
    one->area = g_strdup(old->area);
    refusal = write_template(self, request, form, one);
    return refusal ? refusal : reply_json_take(200, view(self->database, one));
}

Reply *template_api_delete(void *room, Request *request)
{
    BroadcastApi *self = room;
    Reply *refusal = NULL;
    g_autoptr(Template) one = find(self, request, &refusal);
    g_autoptr(GError) error = NULL;
    if (!one)
        return refusal;
    return save(self, request, one, true, &error) ? reply_empty(204) : reply_error(error);
}
