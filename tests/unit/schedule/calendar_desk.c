/* Orders and changes as a person sends them, and what the answers say. */
#include "calendar_desk.h"

#include <string.h>

#include "http/reply_parts.h"
#include "registry/policy_api.h"
#include "schedule/series_api.h"

static void note_change(const Broadcast *broadcast, void *user)
{
    CalendarDesk *desk = user;
    desk->changed++;
    publisher_broadcast_changed(broadcast, desk->fleet.fleet->publisher);
}

void calendar_desk_init(CalendarDesk *desk, Role role, const char *area)
{
    fleet_desk_init(&desk->fleet);
    fleet_desk_publish(&desk->fleet);
    desk->registry = (Registry){.database = desk->fleet.database};
    desk->api = broadcast_api_new(desk->fleet.database, NULL, note_change, desk);
    desk->changed = 0;
    desk->user = (User){.id = (char *)"an",
                        .name = (char *)"An",
                        .login = (char *)"an",
                        .grants = g_array_new(FALSE, FALSE, sizeof(UserGrant))};
    UserGrant grant = {.role = role, .area = (char *)area};
    g_array_append_val(desk->user.grants, grant);
}

void calendar_desk_clear(CalendarDesk *desk)
{
    g_array_unref(desk->user.grants);
    broadcast_api_free(desk->api);
    fleet_desk_clear(&desk->fleet);
}

Request *calendar_desk_request(CalendarDesk *desk, const char *method, const char *uri,
                               const char *id, const char *body)
{
    Request *request = request_new(method, uri);
    g_assert_true(request_settle(request, "192.0.2.8", false));
    request->now_us = desk->fleet.clock.wall;
    request->places = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    if (id)
        g_hash_table_insert(request->places, g_strdup("id"), g_strdup(id));
    if (body) {
        g_autoptr(GError) error = NULL;
        request->json = json_parse(body, strlen(body), &error);
        g_assert_no_error(error);
    }
    request_set_caller(request, &desk->user, NULL);
    return request;
}

Reply *calendar_desk_ask(CalendarDesk *desk, CalendarHandler handler, void *room, const char *id,
                         const char *body)
{
    g_autoptr(Request) request = calendar_desk_request(desk, "POST", "/api/x", id, body);
    request->language = LANGUAGE_EN;
    return fleet_desk_late(request, handler(room, request));
}

void calendar_desk_put_policy(CalendarDesk *desk, const char *area, const char *body)
{
    g_autoptr(Reply) reply = calendar_desk_ask(desk, policy_api_put, &desk->registry, area, body);
    g_assert_cmpuint(reply_status(reply), ==, 200);
}

Reply *calendar_desk_create(CalendarDesk *desk, const char *when)
{
    g_autofree char *body = g_strdup_printf(
        "{\"bulletin\":\"notice\",\"area\":\"province\",\"targets\":[{\"kind\":\"area\",\"id\":"
        "\"a\"}],\"when\":{%s}}",
        when);
    g_autoptr(Request) request = calendar_desk_request(desk, "POST", "/api/broadcasts", NULL, body);
    return fleet_desk_late(request, broadcast_api_create(desk->api, request));
}

char *calendar_desk_pointers(Reply *take_reply)
{
    g_autoptr(Reply) reply = take_reply;
    if (reply_status(reply) < 400)
        return g_strdup("");
    g_assert_cmpuint(reply_status(reply), ==, 422);
    g_autofree char *text = problem_print(reply->problem, LANGUAGE_EN, "id", NULL);
    g_autoptr(Json) document = json_parse(text, strlen(text), NULL);
    const Json *errors = json_peek(document, "errors");
    GString *pointers = g_string_new(NULL);
    for (size_t i = 0; i < json_length(errors); i++)
        g_string_append_printf(pointers, "%s%s", i ? " " : "",
                               json_peek_text(json_at(errors, i), "pointer"));
    return g_string_free(pointers, FALSE);
}

static Reply *patch(CalendarDesk *desk, const char *id, const char *body)
{
    g_autoptr(Request) request =
        calendar_desk_request(desk, "PATCH", "/api/broadcasts/x", id, body);
    return fleet_desk_late(request, series_api_patch(desk->api, request));
}

void calendar_desk_patch(CalendarDesk *desk, const char *id, const char *body, const char *pointers)
{
    g_autofree char *said = calendar_desk_pointers(patch(desk, id, body));
    g_assert_cmpstr(said, ==, pointers);
}

char *calendar_desk_made(CalendarDesk *desk, const char *when)
{
    g_autoptr(Json) json = fleet_desk_json(calendar_desk_create(desk, when), 201);
    return g_strdup(json_peek_text(json, "id"));
}
