/* One airing with its receipts: all of them, or a word that there are more. */
#include "desk_chain.h"

#include "access/access.h"
#include "http/request_parts.h"
#include "ledger/airing_paper_store.h"
#include "ledger/ledger.h"

static Json *ask(DeskChain *chain)
{
    g_autoptr(Ledger) ledger = ledger_new(chain->desk.database, chain->desk.fleet, NULL);
    g_autofree char *start = clock_format_utc(chain->airings[0]->start_us);
    g_autofree char *uri =
        g_strdup_printf("/api/airings/%s?planned_start=%s", chain->airings[0]->id, start);
    g_autoptr(Request) request = request_new("GET", uri);
    g_assert_true(request_settle(request, "192.0.2.8", false));
    request->places = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_hash_table_insert(request->places, g_strdup("id"), g_strdup(chain->airings[0]->id));
    request->now_us = chain->desk.clock.wall;
    g_autoptr(GArray) grants = g_array_new(FALSE, FALSE, sizeof(UserGrant));
    UserGrant grant = {.role = ROLE_AUDITOR, .area = (char *)"province"};
    g_array_append_val(grants, grant);
    User user = {.id = (char *)"an", .name = (char *)"An", .login = (char *)"an", .grants = grants};
    request_set_caller(request, &user, NULL);
    return fleet_desk_json(airing_api_get(ledger, request), 200);
}

static void take_receipts(DeskChain *chain, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        g_autoptr(Envelope) said = desk_chain_next(chain, 0, OUTCOME_PLAYED);
        g_assert_cmpint(desk_chain_take(chain, said).status, ==, INTAKE_STORED);
    }
}

static void test_what_is_not_shown_is_said(void)
{
    DeskChain chain;
    desk_chain_init(&chain);
    take_receipts(&chain, AIRING_RECEIPTS_MAX);
    g_autoptr(Json) all = ask(&chain);
    g_assert_cmpuint(json_length(json_peek(all, "receipts")), ==, AIRING_RECEIPTS_MAX);
    g_assert_false(json_peek_bool(all, "more", true));
    take_receipts(&chain, 3);
    g_autoptr(Json) cut = ask(&chain);
    g_assert_cmpuint(json_length(json_peek(cut, "receipts")), ==, AIRING_RECEIPTS_MAX);
    g_assert_true(json_peek_bool(cut, "more", false));
    desk_chain_clear(&chain);
}

static void test_the_one_that_counts_is_always_shown(void)
{
    DeskChain chain;
    desk_chain_init(&chain);
    take_receipts(&chain, AIRING_RECEIPTS_MAX + 3);
    g_assert_true(database_script(chain.desk.database,
                                  "UPDATE airings SET receipt_seq = (SELECT max(seq) FROM receipts)"
                                  " WHERE receipts > 0",
                                  NULL));
    g_autoptr(Json) body = ask(&chain);
    const Json *receipts = json_peek(body, "receipts");
    const Json *first = json_at(receipts, 0), *last = json_at(receipts, json_length(receipts) - 1);
    g_assert_cmpint(json_peek_int(first, "counter", 0), ==, 1);
    g_assert_cmpint(json_peek_int(last, "counter", 0), ==, AIRING_RECEIPTS_MAX + 3);
    g_assert_true(json_peek_bool(last, "counts", false));
    desk_chain_clear(&chain);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/airing_api/more", test_what_is_not_shown_is_said);
    g_test_add_func("/airing_api/counts", test_the_one_that_counts_is_always_shown);
    return g_test_run();
}
