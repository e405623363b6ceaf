/* An order that silences very many tells every one of them, a bounded number in each turn. */
#include "fleet_desk.h"
#include "schedule/loss_teller.h"

#define MANY (3 * LOSS_TELLER_AT_ONCE + 50)

typedef struct Desk {
    FleetDesk fleet;
    LossTeller *teller;
    Json *why;
    GPtrArray *losses; /* Loss*: one of the order itself, then MANY of others */
} Desk;

static int64_t count(Desk *desk, const char *sql)
{
    g_autoptr(Query) query = database_query(desk->fleet.database, sql);
    g_assert_cmpint(query_next(query, NULL), ==, 1);
    return row_int(query, 0);
}

static int64_t told(Desk *desk)
{
    return count(desk, "SELECT count(*) FROM broadcast_losses WHERE stations = 2 AND why_vi = 'v'");
}

static int64_t logged(Desk *desk)
{
    return count(desk, "SELECT count(*) FROM actions WHERE verb = 'broadcast.displaced' "
                       "AND user_id = 'an' AND remote = '192.0.2.8' AND at_us = 7");
}

static int64_t waiting(Desk *desk)
{
    return count(desk, "SELECT count(*) FROM losses_waiting");
}

static void add_loss(Desk *desk, const char *broadcast)
{
    Loss *loss = g_new0(Loss, 1);
    *loss = (Loss){.broadcast = g_strdup(broadcast),
                   .area = (char *)"province",
                   .outcome = OUTCOME_PARTIAL,
                   .starts = 1,
                   .stations = 2,
                   .first_us = DESK_NOW,
                   .why = desk->why};
    g_ptr_array_add(desk->losses, loss);
}

static void free_loss(gpointer loss)
{
    g_free(((Loss *)loss)->broadcast);
    g_free(loss);
}

static void set_up(Desk *desk, G_GNUC_UNUSED gconstpointer data)
{
    fleet_desk_init(&desk->fleet);
    desk->teller = loss_teller_new(desk->fleet.database, NULL);
    while (g_main_context_iteration(NULL, FALSE)) /* nobody waits */
        continue;
    fleet_desk_order(&desk->fleet, "winner", TARGET_AREA, "province", DESK_NOW);
    desk->why = json_new_object();
    json_set_text(desk->why, "vi", "v");
    json_set_text(desk->why, "en", "e");
    desk->losses = g_ptr_array_new_with_free_func(free_loss);
    add_loss(desk, NULL);
    for (unsigned i = 0; i < MANY; i++) {
        g_autofree char *id = g_strdup_printf("loser-%u", i);
        fleet_desk_order(&desk->fleet, id, TARGET_AREA, "a", DESK_NOW);
        add_loss(desk, id);
    }
}

static void tear_down(Desk *desk, G_GNUC_UNUSED gconstpointer data)
{
    loss_teller_free(desk->teller);
    g_ptr_array_unref(desk->losses);
    json_drop(desk->why);
    fleet_desk_clear(&desk->fleet);
}

static void order(Desk *desk)
{
    const LossWord word = {.displaced_by = "winner",
                           .by_user = "an",
                           .by_name = "An",
                           .remote = "192.0.2.8",
                           .at_us = 7};
    g_assert_true(database_begin(desk->fleet.database, NULL));
    g_assert_true(loss_teller_take(desk->teller, desk->losses, &word, NULL));
    g_assert_true(database_commit(desk->fleet.database, NULL));
}

/* Only the teller's turns: whatever else the desk has to do waits for its own. */
static void turn(Desk *desk)
{
    int64_t before = waiting(desk);
    for (unsigned i = 0; i < 1000 && before > 0 && waiting(desk) == before; i++)
        g_main_context_iteration(NULL, FALSE);
}

static void test_all_are_told_some_in_each_turn(Desk *desk, G_GNUC_UNUSED gconstpointer data)
{
    order(desk);
    g_assert_cmpint(told(desk), ==, LOSS_TELLER_AT_ONCE);
    g_assert_cmpint(waiting(desk), ==, MANY - LOSS_TELLER_AT_ONCE);
    turn(desk);
    g_assert_cmpint(told(desk), ==, LOSS_TELLER_AT_ONCE + LOSS_TELLER_TURN);
    for (unsigned i = 0; i < 3; i++)
        turn(desk);
    g_assert_cmpint(told(desk), ==, MANY);
    g_assert_cmpint(logged(desk), ==, MANY);
    g_assert_cmpint(waiting(desk), ==, 0);
}

static void test_a_restart_forgets_nobody(Desk *desk, G_GNUC_UNUSED gconstpointer data)
{
    order(desk);
    turn(desk);
    loss_teller_free(desk->teller);
    desk->teller = loss_teller_new(desk->fleet.database, NULL);
    for (unsigned i = 0; i < 3; i++)
        turn(desk);
    g_assert_cmpint(told(desk), ==, MANY);
    g_assert_cmpint(logged(desk), ==, MANY);
}

static void test_what_was_changed_meanwhile_is_not_told(Desk *desk,
                                                        G_GNUC_UNUSED gconstpointer data)
{
    order(desk);
    g_assert_true(loss_store_forget(desk->fleet.database, "loser-349", NULL));
    g_assert_cmpint(waiting(desk), ==, MANY - LOSS_TELLER_AT_ONCE - 1);
    g_assert_true(loss_store_forget(desk->fleet.database, "winner", NULL));
    g_assert_cmpint(waiting(desk), ==, 0);
    g_assert_cmpint(told(desk), ==, 0);
}

static void test_what_is_undone_tells_nobody(Desk *desk, G_GNUC_UNUSED gconstpointer data)
{
    const LossWord word = {.displaced_by = "winner", .by_user = "an", .by_name = "An"};
    g_assert_true(database_begin(desk->fleet.database, NULL));
    g_assert_true(loss_teller_take(desk->teller, desk->losses, &word, NULL));
    database_rollback(desk->fleet.database);
    g_assert_cmpint(told(desk) + waiting(desk), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name) g_test_add("/loss_teller/" #name, Desk, NULL, set_up, test_##name, tear_down)
    ADD(all_are_told_some_in_each_turn);
    ADD(a_restart_forgets_nobody);
    ADD(what_was_changed_meanwhile_is_not_told);
    ADD(what_is_undone_tells_nobody);
    return g_test_run();
}
