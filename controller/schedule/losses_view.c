/* Saving never silently drops or shortens anything: whoever causes it reads what is lost, where and
 * how often, and says so again; the list that was read is part of the word, so that another list is
 * asked about anew. */
#include "schedule/losses_view.h"

#include "base/clock.h"
#include "registry/area_store.h"
#include "schedule/recurrence.h"

#define SAID_MAX   20 /* in words */
#define DETAIL_MAX 20 /* in the system log */

static const ProblemKind problem_unconfirmed = {
    "clash-unconfirmed", 409,
    "Nếu lưu, {count} mục dưới đây sẽ không phát được hoặc chỉ phát một phần. Hãy chọn giờ khác, "
    "hoặc xác nhận rồi lưu lại.",
    "If this is saved, some of what is planned would be missed or sound in part ({count} entries "
    "below). Choose another time, or confirm and save again."};

static char *area_name(Database *database, const char *id)
{
    g_autoptr(Area) area = area_store_get(database, id, NULL);
    return g_strdup(area ? area->name : "");
}

static Json *loss_json(const Loss *loss, Database *database)
{
    g_autofree char *name = area_name(database, loss->area);
    g_autofree char *first = clock_format_utc(loss->first_us);
    Json *json = json_new_object();
    json_set_text(json, "broadcast", loss->broadcast);
    json_set_text(json, "title", loss->title);
    json_set_text(json, "area", loss->area);
    json_set_text(json, "area_name", name);
    json_set_text(json, "class", class_words[loss->class]);
    json_set_text(json, "outcome", outcome_words[loss->outcome]);
    json_set_int(json, "starts", loss->starts);
    json_set_int(json, "stations", loss->stations);
    json_set_text(json, "first", first);
    json_set_take(json, "why", json_hold(loss->why));
    return json;
}

static Json *list_json(const Losses *self, Database *database)
{
    g_autoptr(GPtrArray) list = losses_list(self);
    Json *json = json_new_array();
    for (unsigned i = 0; i < list->len && i < LOSSES_SAID_MAX; i++)
        json_append_take(json, loss_json(g_ptr_array_index(list, i), database));
    return json;
}

void losses_view_set(const Losses *self, Database *database, Json *body)
{
    g_autofree char *digest = losses_digest(self);
    json_set_take(body, "losses", list_json(self, database));
    json_set_int(body, "losses_total", losses_length(self));
    json_set_text(body, "confirm", digest);
}

static void say(Problem *problem, const Loss *loss, Database *database)
{
    bool missed = loss->outcome == OUTCOME_MISSED;
    g_autofree char *name = area_name(database, loss->area);
    g_autofree char *first = recurrence_local_text(loss->zone, loss->first_us);
    g_autofree char *vi = g_strdup_printf(
        "%s“%s” (%s): %u lượt phát tại %u trạm loa sẽ %s, lần đầu %s. %s",
        loss->broadcast ? "" : "Chính lịch này, ", loss->title, name, loss->starts, loss->stations,
        missed ? "không phát được" : "chỉ phát một phần", first, json_peek_text(loss->why, "vi"));
    g_autofree char *en =
        g_strdup_printf("%s“%s” (%s): %s. Starts: %u, stations: %u, the first on %s. %s",
                        loss->broadcast ? "" : "This very order, ", loss->title, name,
                        missed ? "missed" : "sounds in part", loss->starts, loss->stations, first,
                        json_peek_text(loss->why, "en"));
    problem_add(problem, "/confirm", vi, en);
}

Reply *losses_view_refusal(const Losses *self, Database *database, const char *confirmed)
{
    g_autofree char *digest = losses_digest(self);
    if (!digest || g_strcmp0(digest, confirmed) == 0)
        return NULL;
    g_autofree char *count = g_strdup_printf("%u", losses_length(self));
    g_autoptr(GPtrArray) list = losses_list(self);
    Problem *problem = problem_new(&problem_unconfirmed);
    problem_set(problem, "count", count);
    for (unsigned i = 0; i < list->len && i < SAID_MAX; i++)
        say(problem, g_ptr_array_index(list, i), database);
    Json *members = json_new_object();
    losses_view_set(self, database, members);
    problem_extend(problem, members);
    return reply_problem_take(problem);
}

char *losses_view_detail(const Losses *self)
{
    g_autoptr(GPtrArray) list = losses_list(self);
    g_autoptr(Json) detail = json_new_object();
    Json *rows = json_new_array();
    for (unsigned i = 0; i < list->len && i < DETAIL_MAX; i++) {
        const Loss *loss = g_ptr_array_index(list, i);
        Json *row = json_new_object();
        json_set_text(row, "broadcast", loss->broadcast);
        json_set_text(row, "title", loss->title);
        json_set_text(row, "outcome", outcome_words[loss->outcome]);
        json_set_int(row, "starts", loss->starts);
        json_set_int(row, "stations", loss->stations);
        json_append_take(rows, row);
    }
    json_set_take(detail, "losses", rows);
    json_set_int(detail, "losses_total", losses_length(self));
    return json_print(detail, NULL);
}
