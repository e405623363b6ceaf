/* The station gate: every way a request can be wrong, and what is said. */
#include "fleet_desk.h"

#include "wire/signed_time.h"

static Reply *knock(FleetDesk *desk, Request *request)
{
    return station_auth_gate(desk->fleet->auth, request, NULL);
}

static void assert_refused(FleetDesk *desk, const Key *key, const char *body,
                           const RequestFlaw *flaw, const char *slug)
{
    g_autoptr(Request) request =
        fleet_desk_request(desk, key, body ? "POST" : "GET", "/station/v1/plan?x=1", body, flaw);
    g_autofree char *said = fleet_desk_slug(knock(desk, request));
    g_assert_cmpstr(said, ==, slug);
    g_assert_cmpint(request_caller(request) != NULL, ==, slug == NULL);
}

static void test_a_well_signed_request_passes_and_says_who_it_is(void)
{
    FleetDesk desk;
    fleet_desk_init(&desk);
    g_autoptr(Request) request =
        fleet_desk_request(&desk, &desk.a1.key, "POST", "/station/v1/health", "{}", NULL);
    g_assert_null(knock(&desk, request));
    g_assert_cmpstr(station_auth_caller(request)->station->id, ==, "a1");
    g_clear_pointer(&request, request_unref);
    fleet_desk_clear(&desk);
}

static void test_each_flaw_has_its_refusal(void)
{
    FleetDesk desk;
    fleet_desk_init(&desk);
    Key stranger;
    key_generate(&stranger);
    const struct {
        const char *body;
        RequestFlaw flaw;
        const char *slug;
    } cases[] = {
        {NULL, {0}, NULL},
        {"{}", {0}, NULL},
        {"{}", {.unsigned_ = true}, "signature-missing"},
        {"{}", {.sign_with = &stranger}, "signature-invalid"},
        {"{}", {.sign_with = &desk.a2.key}, "signature-invalid"},
        {"{}", {.sign_with = &stranger, .claim = stranger.id}, "key-unknown"},
        {"{}", {.flip_signature = true}, "signature-invalid"},
        {"{}", {.no_digest = true}, "signature-invalid"},
        {"{}", {.other_body = true}, "signature-invalid"},
        {NULL, {.other_path = "/station/v1/events"}, "signature-invalid"},
        {"{}", {.created_shift_s = -301}, "signature-stale"},
        {"{}", {.created_shift_s = 301}, "signature-stale"},
        {"{}", {.created_shift_s = -299}, NULL},
        {"{}", {.created_shift_s = 299}, NULL},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("case %u", i);
        assert_refused(&desk, &desk.a1.key, cases[i].body, &cases[i].flaw, cases[i].slug);
    }
    fleet_desk_clear(&desk);
}

static void test_a_request_passes_once_before_and_after_the_flush(void)
{
    FleetDesk desk;
    fleet_desk_init(&desk);
    RequestFlaw flaw = {.nonce = "00112233445566778899aabbccddeeff"};
    assert_refused(&desk, &desk.a1.key, NULL, &flaw, NULL);
    assert_refused(&desk, &desk.a1.key, NULL, &flaw, "signature-replayed");
    g_assert_true(nonce_store_flush(desk.fleet->nonces, DESK_NOW, NULL));
    assert_refused(&desk, &desk.a1.key, NULL, &flaw, "signature-replayed");
    /* Another station may draw the same number. */
    assert_refused(&desk, &desk.a2.key, NULL, &flaw, NULL);
    fleet_desk_clear(&desk);
}

/* What a station gets that asks for the time at the desk's now. */
static void ask_time(FleetDesk *desk, SignedTime *ret_time)
{
    g_autoptr(Request) request = fleet_desk_request(
        desk, &desk->a1.key, "GET", "/station/v1/time?nonce=00112233445566778899aabbccddeeff", NULL,
        &(RequestFlaw){.unsigned_ = true});
    g_autoptr(Json) answer = fleet_desk_json(time_api_get(desk->fleet, request), 200);
    g_autoptr(Envelope) envelope = envelope_from_json(answer, NULL);
    g_assert_cmpstr(envelope->type, ==, ENVELOPE_TYPE_TIME);
    g_assert_true(root_accepts(desk->fleet->root, envelope, ROOT_ROLE_PLAN, NULL, NULL));
    g_assert_true(signed_time_parse(envelope->payload, ret_time, NULL));
}

static void test_the_time_is_signed_for_the_nonce_that_was_asked_with(void)
{
    FleetDesk desk;
    SignedTime time;
    fleet_desk_init(&desk);
    ask_time(&desk, &time);
    g_assert_cmpint(time.utc_us, ==, DESK_NOW);
    g_assert_cmpstr(time.nonce, ==, "00112233445566778899aabbccddeeff");
    static const char *const bad[] = {"", "?nonce=", "?nonce=00",
                                      "?nonce=zz112233445566778899aabbccddeeff"};
    for (unsigned i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autofree char *uri = g_strconcat("/station/v1/time", bad[i], NULL);
        g_autoptr(Request) request = fleet_desk_request(&desk, &desk.a1.key, "GET", uri, NULL,
                                                        &(RequestFlaw){.unsigned_ = true});
        g_autofree char *slug = fleet_desk_slug(time_api_get(desk.fleet, request));
        g_assert_cmpstr(slug, ==, "bad-request");
    }
    fleet_desk_clear(&desk);
}

static void test_a_ticket_stands_in_for_the_time_while_it_is_young(void)
{
    FleetDesk desk;
    SignedTime time;
    fleet_desk_init(&desk);
    ask_time(&desk, &time);
    g_autofree char *nonce = g_strconcat(time.ticket, "0123456789ab", NULL);
    g_autofree char *later = g_strconcat(time.ticket, "ba9876543210", NULL);
    g_autofree char *forged = g_strdup(later);
    forged[SIGNED_TIME_TICKET_HEX - 1] = forged[SIGNED_TIME_TICKET_HEX - 1] == '0' ? '1' : '0';
    RequestFlaw lost = {.created_shift_s = -400 * 86400, .nonce = nonce};
    RequestFlaw guess = {.created_shift_s = -400 * 86400, .nonce = forged};
    RequestFlaw again = {.created_shift_s = -400 * 86400, .nonce = later};
    assert_refused(&desk, &desk.a1.key, "{}", &lost, NULL);
    assert_refused(&desk, &desk.a1.key, "{}", &lost, "signature-replayed");
    assert_refused(&desk, &desk.a1.key, "{}", &guess, "signature-stale");
    fake_clock_advance(&desk.clock, 301 * G_USEC_PER_SEC);
    assert_refused(&desk, &desk.a1.key, "{}", &again, "signature-stale");
    /* The nonce is remembered for as long as its ticket could still be shown. */
    fake_clock_advance(&desk.clock, -2 * G_USEC_PER_SEC);
    g_assert_true(nonce_store_flush(desk.fleet->nonces, desk.clock.wall, NULL));
    assert_refused(&desk, &desk.a1.key, "{}", &lost, "signature-replayed");
    fleet_desk_clear(&desk);
}

static void test_a_forged_request_does_not_use_up_a_nonce(void)
{
    FleetDesk desk;
    fleet_desk_init(&desk);
    RequestFlaw forged = {.nonce = "00112233445566778899aabbccddeeff", .flip_signature = true};
    RequestFlaw honest = {.nonce = "00112233445566778899aabbccddeeff"};
    assert_refused(&desk, &desk.a1.key, NULL, &forged, "signature-invalid");
    assert_refused(&desk, &desk.a1.key, NULL, &honest, NULL);
    fleet_desk_clear(&desk);
}

static void test_an_expired_nonce_row_goes_when_its_signature_is_stale(void)
{
    FleetDesk desk;
    fleet_desk_init(&desk);
    RequestFlaw flaw = {.nonce = "00112233445566778899aabbccddeeff"};
    assert_refused(&desk, &desk.a1.key, NULL, &flaw, NULL);
    g_assert_true(nonce_store_flush(desk.fleet->nonces, DESK_NOW, NULL));
    fake_clock_advance(&desk.clock, (2 * STATION_AUTH_SKEW_S + 2) * G_USEC_PER_SEC);
    assert_refused(&desk, &desk.a2.key, NULL, &(RequestFlaw){0}, NULL);
    g_assert_true(nonce_store_flush(desk.fleet->nonces, desk.clock.wall, NULL));
    g_autoptr(Query) query = database_query(desk.database, "SELECT count(*) FROM station_nonces");
    g_assert_cmpint(query_next(query, NULL), ==, 1);
    g_assert_cmpint(row_int(query, 0), ==, 1);
    g_clear_pointer(&query, query_done);
    fleet_desk_clear(&desk);
}

static void test_nonces_that_cannot_be_written_do_not_pile_up(void)
{
    FleetDesk desk;
    fleet_desk_init(&desk);
    NonceStore *nonces = desk.fleet->nonces;
    g_assert_true(database_script(desk.database,
                                  "CREATE TRIGGER full BEFORE INSERT ON station_nonces "
                                  "BEGIN SELECT RAISE(ABORT, 'full'); END",
                                  NULL));
    g_assert_true(nonce_store_use(nonces, "key", "nonce", DESK_NOW, NULL));
    g_assert_false(nonce_store_flush(nonces, DESK_NOW, NULL));
    g_assert_false(nonce_store_use(nonces, "key", "nonce", DESK_NOW, NULL));
    g_assert_true(nonce_store_flush(nonces, DESK_NOW + 1, NULL));
    g_assert_true(nonce_store_use(nonces, "key", "nonce", DESK_NOW + 2, NULL));
    g_assert_true(database_script(desk.database, "DROP TRIGGER full", NULL));
    fleet_desk_clear(&desk);
}

static void test_a_retired_station_is_told_so(void)
{
    FleetDesk desk;
    fleet_desk_init(&desk);
    g_assert_true(station_store_retire(desk.database, "a1", DESK_NOW, NULL));
    assert_refused(&desk, &desk.a1.key, "{}", NULL, "key-revoked");
    assert_refused(&desk, &desk.a2.key, "{}", NULL, NULL);
    fleet_desk_clear(&desk);
}

static void test_refusals_are_counted_and_not_piled_up(void)
{
    FleetDesk desk;
    fleet_desk_init(&desk);
    for (unsigned i = 0; i < 50; i++) {
        Key stranger;
        key_generate(&stranger);
        assert_refused(&desk, &stranger, NULL, NULL, "key-unknown");
    }
    assert_refused(&desk, &desk.a1.key, NULL, &(RequestFlaw){.flip_signature = true},
                   "signature-invalid");
    g_assert_true(refusal_log_flush(desk.fleet->refusals, NULL));
    g_autoptr(Query) query =
        database_query(desk.database, "SELECT code, keyid, count FROM station_refusals "
                                      "ORDER BY count DESC");
    g_assert_cmpint(query_next(query, NULL), ==, 1);
    g_assert_cmpstr(row_text(query, 0), ==, "key-unknown");
    g_assert_cmpstr(row_text(query, 1), ==, "");
    g_assert_cmpint(row_int(query, 2), ==, 50);
    g_assert_cmpint(query_next(query, NULL), ==, 1);
    g_assert_cmpstr(row_text(query, 1), ==, desk.a1.key.id);
    g_assert_cmpint(query_next(query, NULL), ==, 0);
    g_clear_pointer(&query, query_done);
    fleet_desk_clear(&desk);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_log_set_always_fatal(G_LOG_FATAL_MASK); /* refusals are logged as warnings */
    g_test_add_func("/station auth/signed time",
                    test_the_time_is_signed_for_the_nonce_that_was_asked_with);
    g_test_add_func("/station auth/ticket", test_a_ticket_stands_in_for_the_time_while_it_is_young);
    g_test_add_func("/station_auth/passes_and_says_who",
                    test_a_well_signed_request_passes_and_says_who_it_is);
    g_test_add_func("/station_auth/each_flaw_has_its_refusal", test_each_flaw_has_its_refusal);
    g_test_add_func("/station_auth/passes_once",
                    test_a_request_passes_once_before_and_after_the_flush);
    g_test_add_func("/station_auth/forged_uses_up_nothing",
                    test_a_forged_request_does_not_use_up_a_nonce);
    g_test_add_func("/station_auth/expired_nonce_rows_go",
                    test_an_expired_nonce_row_goes_when_its_signature_is_stale);
    g_test_add_func("/station_auth/unwritten_nonces_do_not_pile_up",
                    test_nonces_that_cannot_be_written_do_not_pile_up);
    g_test_add_func("/station_auth/retired", test_a_retired_station_is_told_so);
    g_test_add_func("/station_auth/refusals_are_counted",
                    test_refusals_are_counted_and_not_piled_up);
    return g_test_run();
}
