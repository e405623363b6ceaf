/* Enrolment: a station announces itself, a person types its code. */
#include "fleet_desk.h"

#include <string.h>

#include "access/access.h"
#include "fleet/enrolment_store.h"

static char *announcement(const Key *key)
{
    g_autofree char *public = g_base64_encode(key->public_key, sizeof key->public_key);
    return g_strdup_printf("{\"public_key\":\"%s\",\"model\":\"m\",\"serial\":\"s\","
                           "\"software\":\"x\"}",
                           public);
}

static Reply *announce(FleetDesk *desk, const Key *key, const Key *signer)
{
    g_autofree char *body = announcement(key);
    RequestFlaw flaw = {.sign_with = signer};
    g_autoptr(Request) request =
        fleet_desk_request(desk, key, "POST", "/station/v1/enrolments", body, &flaw);
    return enrolment_api_announce(desk->fleet, request);
}

static Reply *poll(FleetDesk *desk, const Key *key, const char *keyid)
{
    g_autofree char *uri = g_strconcat("/station/v1/enrolments/", keyid, NULL);
    g_autoptr(Request) request = fleet_desk_request(desk, key, "GET", uri, NULL, NULL);
    request->places = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_hash_table_insert(request->places, g_strdup("keyid"), g_strdup(keyid));
    return enrolment_api_poll(desk->fleet, request);
}

static User *technician(void)
{
    static User user = {.id = (char *)"an", .name = (char *)"An", .login = (char *)"an"};
    UserGrant grant = {.role = ROLE_ADMINISTRATOR, .area = (char *)"province"};
    if (!user.grants) {
        user.grants = g_array_new(FALSE, FALSE, sizeof(UserGrant));
        g_array_append_val(user.grants, grant);
    }
    return &user;
}

static Reply *type_code(FleetDesk *desk, const char *code)
{
    const char *body = "{\"area\":\"a\",\"name\":\"Thôn Đông\"}";
    g_autoptr(Request) request = request_new("POST", "/api/enrolments/x");
    g_assert_true(request_settle(request, "192.0.2.8", false));
    request->now_us = desk->clock.wall;
    request->json = json_parse(body, strlen(body), NULL);
    request->places = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_hash_table_insert(request->places, g_strdup("code"), g_strdup(code));
    request_set_caller(request, technician(), NULL);
    return enrolment_api_accept(desk->fleet, request);
}

static void test_announce_wait_type_the_code_and_get_root_and_place(void)
{
    FleetDesk desk;
    fleet_desk_init(&desk);
    Key key;
    key_generate(&key);
    g_autoptr(Json) first = fleet_desk_json(announce(&desk, &key, NULL), 202);
    g_assert_true(g_str_has_suffix(json_peek_text(first, "poll"), key.id));
    json_drop(fleet_desk_json(announce(&desk, &key, NULL), 202));
    g_autoptr(Json) waiting = fleet_desk_json(poll(&desk, &key, key.id), 202);
    g_assert_cmpstr(json_peek_text(waiting, "state"), ==, "waiting");
    char code[KEY_PAIRING_CHARS + 1];
    key_pairing_code(key.public_key, code);
    g_autofree char *typed = g_ascii_strdown(code, -1);
    g_autoptr(Json) station = fleet_desk_json(type_code(&desk, typed), 201);
    g_assert_cmpstr(json_peek_text(station, "name"), ==, "Thôn Đông");
    g_assert_cmpstr(json_peek_text(station, "state"), ==, "never");
    g_autoptr(Json) accepted = fleet_desk_json(poll(&desk, &key, key.id), 200);
    g_assert_cmpstr(json_peek_text(accepted, "station"), ==, json_peek_text(station, "id"));
    g_assert_cmpuint(json_length(json_peek(accepted, "area_path")), ==, 2);
    g_autoptr(GError) error = NULL;
    g_autoptr(Envelope) envelope = envelope_from_json(json_peek(accepted, "root"), &error);
    G_GNUC_UNUSED g_autoptr(Root) root = root_open_first(envelope, &error);
    g_assert_no_error(error);
    g_assert_cmpint(fleet_desk_publish(&desk), ==, 4);
    fleet_desk_clear(&desk);
}

static void test_an_announcement_with_another_key_is_refused(void)
{
    FleetDesk desk;
    fleet_desk_init(&desk);
    Key key, other;
    key_generate(&key);
    key_generate(&other);
    g_autofree char *announced = fleet_desk_slug(announce(&desk, &key, &other));
    g_assert_cmpstr(announced, ==, "signature-invalid");
    g_autofree char *unknown = fleet_desk_slug(poll(&desk, &key, key.id));
    g_assert_cmpstr(unknown, ==, "enrolment-unknown");
    json_drop(fleet_desk_json(announce(&desk, &key, NULL), 202));
    g_autofree char *foreign = fleet_desk_slug(poll(&desk, &other, key.id));
    g_assert_cmpstr(foreign, ==, "not-yours");
    fleet_desk_clear(&desk);
}

static void test_five_wrong_codes_lock_that_person_for_fifteen_minutes(void)
{
    FleetDesk desk;
    fleet_desk_init(&desk);
    Key key;
    char code[KEY_PAIRING_CHARS + 1];
    key_generate(&key);
    key_pairing_code(key.public_key, code);
    json_drop(fleet_desk_json(announce(&desk, &key, NULL), 202));
    for (unsigned i = 0; i < 5; i++) {
        g_autofree char *slug = fleet_desk_slug(type_code(&desk, "ZZZZZZZZ"));
        g_assert_cmpstr(slug, ==, "code-unknown");
    }
    g_autofree char *locked = fleet_desk_slug(type_code(&desk, code));
    g_assert_cmpstr(locked, ==, "pairing-locked");
    g_assert_cmpint(
        enrolment_store_locked_until(desk.database, "somebody else", desk.clock.wall, NULL), ==, 0);
    fake_clock_advance(&desk.clock, PAIRING_LOCK_US + 1);
    json_drop(fleet_desk_json(type_code(&desk, code), 201));
    fleet_desk_clear(&desk);
}

static void test_four_wrong_codes_and_a_right_one_start_counting_anew(void)
{
    FleetDesk desk;
    fleet_desk_init(&desk);
    for (unsigned i = 0; i < 4; i++)
        g_assert_true(enrolment_store_failed(desk.database, "an", DESK_NOW, NULL));
    g_assert_true(enrolment_store_succeeded(desk.database, "an", NULL));
    for (unsigned i = 0; i < 4; i++)
        g_assert_true(enrolment_store_failed(desk.database, "an", DESK_NOW, NULL));
    g_assert_cmpint(enrolment_store_locked_until(desk.database, "an", DESK_NOW, NULL), ==, 0);
    g_assert_true(enrolment_store_failed(desk.database, "an", DESK_NOW, NULL));
    g_assert_cmpint(enrolment_store_locked_until(desk.database, "an", DESK_NOW, NULL), ==,
                    DESK_NOW + PAIRING_LOCK_US);
    fleet_desk_clear(&desk);
}

static void fill(FleetDesk *desk, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        g_autofree char *id = g_strdup_printf("%064u", i);
        Enrolment enrolment = {.keyid = id,
                               .code = (char *)"AAAAAAAA",
                               .model = (char *)"",
                               .serial = (char *)"",
                               .software = (char *)"",
                               .remote = (char *)""};
        g_assert_true(enrolment_store_put(desk->database, &enrolment, DESK_NOW, NULL));
    }
}

static void test_no_more_than_a_thousand_wait_and_a_day_is_the_end(void)
{
    FleetDesk desk;
    fleet_desk_init(&desk);
    Key key;
    key_generate(&key);
    fill(&desk, ENROLMENT_MAX_WAITING);
    g_autofree char *full = fleet_desk_slug(announce(&desk, &key, NULL));
    g_assert_cmpstr(full, ==, "too-many-enrolments");
    fill(&desk, 1); /* who waits already may come again */
    g_assert_null(enrolment_store_by_code(desk.database, "AAAAAAAA", DESK_NOW, NULL));
    fake_clock_advance(&desk.clock, ENROLMENT_KEPT_US + 1);
    json_drop(fleet_desk_json(announce(&desk, &key, NULL), 202));
    g_autoptr(GPtrArray) list = enrolment_store_list(desk.database, desk.clock.wall, NULL);
    g_assert_cmpuint(list->len, ==, 1);
    fleet_desk_clear(&desk);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/enrolment/from_pole_to_plan",
                    test_announce_wait_type_the_code_and_get_root_and_place);
    g_test_add_func("/enrolment/another_key", test_an_announcement_with_another_key_is_refused);
    g_test_add_func("/enrolment/five_wrong_codes",
                    test_five_wrong_codes_lock_that_person_for_fifteen_minutes);
    g_test_add_func("/enrolment/counting_anew",
                    test_four_wrong_codes_and_a_right_one_start_counting_anew);
    g_test_add_func("/enrolment/bounded", test_no_more_than_a_thousand_wait_and_a_day_is_the_end);
    return g_test_run();
}
