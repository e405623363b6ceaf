/* The journal through crashes: at every step a child process dies without a word, and the next one
 * finds exactly what had been promised. */
#include "journal/journal_file.h"

#include "digest.h"
#include "envelope.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define BOOT "0123456789abcdef0123456789abcdef"

typedef struct Shelf {
    char *dir;
    char *path;
    Key key;
} Shelf;

static Shelf *shelf_new(void)
{
    Shelf *self = g_new0(Shelf, 1);
    self->dir = g_dir_make_tmp("loa-journal-XXXXXX", NULL);
    self->path = g_build_filename(self->dir, "journal.db", NULL);
    g_assert_true(crypto_init());
    key_generate(&self->key);
    return self;
}

static void shelf_free(Shelf *self)
{
    static const char *const suffixes[] = {"", "-wal", "-shm"};
    for (unsigned i = 0; i < G_N_ELEMENTS(suffixes); i++) {
        g_autofree char *path = g_strconcat(self->path, suffixes[i], NULL);
        g_unlink(path);
    }
    g_rmdir(self->dir);
    g_free(self->dir);
    g_free(self->path);
    g_free(self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Shelf, shelf_free)

static Journal *open_journal(const Shelf *shelf)
{
    g_autoptr(GError) error = NULL;
    Journal *journal = journal_open(shelf->path, &shelf->key, &error);
    g_assert_no_error(error);
    return journal;
}

static Receipt *receipt_of(unsigned number)
{
    Receipt *receipt = receipt_new();
    receipt->station = g_strdup("station-1");
    receipt->boot_id = g_strdup(BOOT);
    receipt->airing = g_strdup_printf("%032x", number);
    receipt->broadcast = g_strdup("broadcast-1");
    receipt->planned_us = receipt->resolved_us = 1000000 + number;
    receipt->outcome = OUTCOME_PLAYED;
    receipt->amplifier = g_strdup("on");
    return receipt;
}

/* Runs `steps` of the life of airing 1 in a child that then dies at once. */
static void live_and_die(const Shelf *shelf, unsigned steps)
{
    pid_t child = fork();
    if (child == 0) {
        Journal *journal = open_journal(shelf);
        g_autoptr(Receipt) receipt = receipt_of(1);
        if (steps >= 1 && !journal_start(journal, receipt, NULL))
            _exit(1);
        receipt->late_by_ms = 7;
        if (steps >= 2 && !journal_mark(journal, receipt, NULL))
            _exit(2);
        if (steps >= 3 && !journal_end(journal, receipt, NULL))
            _exit(3);
        if (steps >= 4 && !journal_acknowledge(journal, 1, NULL))
            _exit(4);
        _exit(0);
    }
    int status;
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    g_assert_cmpint(WEXITSTATUS(status), ==, 0);
}

static void a_start_survives(void)
{
    g_autoptr(Shelf) shelf = shelf_new();
    live_and_die(shelf, 1);
    g_autoptr(Journal) journal = open_journal(shelf);
    g_autoptr(GPtrArray) unfinished = journal_unfinished(journal, NULL);
    g_assert_cmpuint(unfinished->len, ==, 1);
    g_assert_cmpint(((Receipt *)unfinished->pdata[0])->late_by_ms, ==, 0);

    g_autoptr(GError) error = NULL;
    g_autoptr(Receipt) again = receipt_of(1);
    g_assert_false(journal_start(journal, again, &error));
    g_assert_error(error, JOURNAL_ERROR, JOURNAL_ERROR_AGAIN);
}

static void a_mark_survives(void)
{
    g_autoptr(Shelf) shelf = shelf_new();
    live_and_die(shelf, 2);
    g_autoptr(Journal) journal = open_journal(shelf);
    g_autoptr(GPtrArray) unfinished = journal_unfinished(journal, NULL);
    g_assert_cmpint(((Receipt *)unfinished->pdata[0])->late_by_ms, ==, 7);
}

static void an_end_and_its_receipt_survive_together(void)
{
    g_autoptr(Shelf) shelf = shelf_new();
    live_and_die(shelf, 3);
    g_autoptr(Journal) journal = open_journal(shelf);
    g_autoptr(GPtrArray) unfinished = journal_unfinished(journal, NULL);
    g_assert_cmpuint(unfinished->len, ==, 0);
    g_assert_cmpint(journal_count_waiting(journal), ==, 1);
    g_autoptr(GHashTable) known = journal_known(journal, NULL);
    g_assert_true(g_hash_table_contains(known, "00000000000000000000000000000001"));
}

static void what_was_acknowledged_is_gone_but_never_starts_again(void)
{
    g_autoptr(Shelf) shelf = shelf_new();
    live_and_die(shelf, 4);
    g_autoptr(Journal) journal = open_journal(shelf);
    g_assert_cmpint(journal_count_waiting(journal), ==, 0);
    g_autoptr(GError) error = NULL;
    g_autoptr(Receipt) again = receipt_of(1);
    g_assert_false(journal_start(journal, again, NULL));
    g_assert_false(journal_end(journal, again, &error));
    g_assert_error(error, JOURNAL_ERROR, JOURNAL_ERROR_AGAIN);
}

static char *payload_of(const WaitingReceipt *waiting, const Key *key, Receipt **ret_receipt)
{
    g_autoptr(GError) error = NULL;
    size_t length;
    const char *text = g_bytes_get_data(waiting->envelope, &length);
    g_autoptr(Envelope) envelope = envelope_parse(text, length, 1 << 20, &error);
    g_assert_no_error(error);
    g_assert_true(envelope_verify(envelope, ENVELOPE_TYPE_RECEIPT, key, &error));
    const char *payload = g_bytes_get_data(envelope->payload, &length);
    *ret_receipt = receipt_parse(payload, length, &error);
    g_assert_no_error(error);
    return digest_hex_of(payload, length);
}

static void counters_have_no_gap_and_each_receipt_names_the_one_before(void)
{
    g_autoptr(Shelf) shelf = shelf_new();
    live_and_die(shelf, 4); /* counter 1, put away */
    live_and_die(shelf, 0);
    g_autoptr(Journal) journal = open_journal(shelf);
    for (unsigned i = 2; i <= 6; i++) {
        g_autoptr(Receipt) receipt = receipt_of(i);
        g_autoptr(Receipt) twice = receipt_of(i);
        g_assert_true(journal_end(journal, receipt, NULL));
        g_assert_false(journal_end(journal, twice, NULL)); /* uses up no counter */
    }
    g_autoptr(GArray) waiting = journal_waiting(journal, 256, NULL);
    g_assert_cmpuint(waiting->len, ==, 5);
    g_autofree char *before = NULL;
    for (unsigned i = 0; i < waiting->len; i++) {
        g_autoptr(Receipt) receipt = NULL;
        char *sha256 =
            payload_of(&g_array_index(waiting, WaitingReceipt, i), &shelf->key, &receipt);
        g_assert_cmpint(receipt->counter, ==, i + 2);
        if (before)
            g_assert_cmpstr(receipt->previous, ==, before);
        g_free(before);
        before = sha256;
    }
    int64_t counter;
    char head[65];
    journal_head(journal, &counter, head);
    g_assert_cmpint(counter, ==, 6);
    g_assert_cmpstr(head, ==, before);
}

static int refuse_the_chain(void *unused, int action, const char *table, const char *column,
                            const char *schema, const char *trigger)
{
    (void)unused, (void)schema, (void)trigger;
    bool reads = action == SQLITE_READ && g_str_equal(table, "chain");
    return reads && g_str_equal(column, "previous") ? SQLITE_DENY : SQLITE_OK;
}

static void a_chain_that_cannot_be_read_is_not_begun_anew(void)
{
    g_autoptr(Shelf) shelf = shelf_new();
    g_autoptr(Journal) journal = open_journal(shelf);
    g_autoptr(Receipt) first = receipt_of(1);
    g_autoptr(Receipt) second = receipt_of(2);
    g_assert_true(journal_end(journal, first, NULL));
    g_assert_true(journal_acknowledge(journal, first->counter, NULL));
    sqlite3_set_authorizer(journal->db, refuse_the_chain, NULL);
    g_autoptr(GError) error = NULL;
    g_assert_false(journal_end(journal, second, &error));
    g_assert_error(error, JOURNAL_ERROR, JOURNAL_ERROR_STORE);
    sqlite3_set_authorizer(journal->db, NULL, NULL);
    g_assert_true(journal_end(journal, second, NULL));
    g_assert_cmpint(second->counter, ==, 2);
}

static void the_first_receipt_names_zeros(void)
{
    g_autoptr(Shelf) shelf = shelf_new();
    g_autoptr(Journal) journal = open_journal(shelf);
    g_autoptr(Receipt) receipt = receipt_of(1);
    g_assert_true(journal_end(journal, receipt, NULL));
    g_assert_cmpint(receipt->counter, ==, 1);
    g_assert_true(g_str_has_prefix(receipt->previous, "0000000000"));
}

static void a_batch_comes_in_counter_order_and_is_put_away_one_by_one(void)
{
    g_autoptr(Shelf) shelf = shelf_new();
    g_autoptr(Journal) journal = open_journal(shelf);
    for (unsigned i = 1; i <= 5; i++) {
        g_autoptr(Receipt) receipt = receipt_of(i);
        g_assert_true(journal_end(journal, receipt, NULL));
    }
    g_assert_true(journal_acknowledge(journal, 2, NULL));
    g_assert_true(journal_acknowledge(journal, 2, NULL));
    g_autoptr(GArray) waiting = journal_waiting(journal, 3, NULL);
    g_assert_cmpuint(waiting->len, ==, 3);
    g_assert_cmpint(g_array_index(waiting, WaitingReceipt, 0).counter, ==, 1);
    g_assert_cmpint(g_array_index(waiting, WaitingReceipt, 1).counter, ==, 3);
    g_assert_cmpint(journal_count_waiting(journal), ==, 4);
}

static void pruning_spares_what_waits_and_what_sounds(void)
{
    g_autoptr(Shelf) shelf = shelf_new();
    g_autoptr(Journal) journal = open_journal(shelf);
    g_autoptr(Receipt) sounding = receipt_of(1);
    g_autoptr(Receipt) waiting = receipt_of(2);
    g_autoptr(Receipt) done = receipt_of(3);
    g_assert_true(journal_start(journal, sounding, NULL));
    g_assert_true(journal_end(journal, waiting, NULL));
    g_assert_true(journal_end(journal, done, NULL));
    g_assert_true(journal_acknowledge(journal, done->counter, NULL));
    g_assert_true(journal_prune(journal, INT64_MAX, NULL));
    g_autoptr(GHashTable) known = journal_known(journal, NULL);
    g_assert_cmpuint(g_hash_table_size(known), ==, 2);
}

static void the_last_sign_of_life_is_kept(void)
{
    g_autoptr(Shelf) shelf = shelf_new();
    g_autoptr(Journal) journal = open_journal(shelf);
    int64_t at_us = 0;
    g_autofree char *boot_id = NULL;
    g_assert_false(journal_last_alive(journal, &at_us, &boot_id));
    g_assert_true(journal_alive(journal, 5, BOOT, NULL));
    g_assert_true(journal_alive(journal, 9, BOOT, NULL));
    g_assert_true(journal_last_alive(journal, &at_us, &boot_id));
    g_assert_cmpint(at_us, ==, 9);
    g_assert_cmpstr(boot_id, ==, BOOT);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/journal/start survives", a_start_survives);
    g_test_add_func("/journal/mark survives", a_mark_survives);
    g_test_add_func("/journal/end survives", an_end_and_its_receipt_survive_together);
    g_test_add_func("/journal/acknowledged never starts again",
                    what_was_acknowledged_is_gone_but_never_starts_again);
    g_test_add_func("/journal/chain", counters_have_no_gap_and_each_receipt_names_the_one_before);
    g_test_add_func("/journal/first", the_first_receipt_names_zeros);
    g_test_add_func("/journal/unreadable", a_chain_that_cannot_be_read_is_not_begun_anew);
    g_test_add_func("/journal/batch", a_batch_comes_in_counter_order_and_is_put_away_one_by_one);
    g_test_add_func("/journal/pruning", pruning_spares_what_waits_and_what_sounds);
    g_test_add_func("/journal/alive", the_last_sign_of_life_is_kept);
    return g_test_run();
}
