/* Cuts the power under the station's real journal, between any two changes of its disk.
 *
 * A life: a random player's day (starts, marks, ends, acknowledgements, marks of being alive,
 * pruning, clean restarts) on a journal whose SQLite writes to a Disk. Before every change of the
 * disk, and between the calls, crash states are made and opened with the same real code beside the
 * living one. Such a journal must say exactly what was promised before the call under way, or what
 * is promised after it. Now and then the life goes on from such a state, so recovery is cut too. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

#include "crash_run.h"
#include "crash_vfs.h"
#include "journal_model.h"

#define PATH   "/journal.db"
#define SECOND INT64_C(1000000)

#define STATES 20000

typedef struct Life {
    CrashRun *run;
    Dice dice;
    Key key;
    Disk *disk;
    Journal *journal;
    JournalModel *model;
    Op op;      /* under way */
    Disk *next; /* where the power was cut for good */
    JournalModel *next_model;
    int64_t now_us;
    unsigned depth; /* a judge is at work: its own changes are not cut */
} Life;

static const CrashControl controls[] = {
    {"synchronous-normal", "receipt-lost"},
    {"synchronous-off", "intact"},
    {"lying-disk", "receipt-lost"},
    {"sound-before-start", "starts-again"},
    {"start-not-durable", "starts-again"},
    {"no-transaction", "never-ends"},
    {"damaged", "intact"},
    {NULL, NULL},
};

static bool no_transactions; /* the control: every statement is on its own */
int __real_sqlite3_exec(sqlite3 *db, const char *sql, sqlite3_callback row, void *user,
                        char **ret_error);
int __wrap_sqlite3_exec(sqlite3 *db, const char *sql, sqlite3_callback row, void *user,
                        char **ret_error);

int __wrap_sqlite3_exec(sqlite3 *db, const char *sql, sqlite3_callback row, void *user,
                        char **ret_error)
{
    bool border = g_str_has_prefix(sql, "BEGIN") || g_str_equal(sql, "COMMIT");
    if (no_transactions && border)
        return SQLITE_OK;
    return __real_sqlite3_exec(db, sql, row, user, ret_error);
}

static const char *judge_intact(void)
{
    sqlite3_stmt *row = NULL;
    sqlite3 *db = crash_vfs_connection();
    sqlite3_prepare_v2(db, "PRAGMA integrity_check", -1, &row, NULL);
    bool intact = row && sqlite3_step(row) == SQLITE_ROW &&
                  g_strcmp0((const char *)sqlite3_column_text(row, 0), "ok") == 0;
    sqlite3_finalize(row);
    return intact ? NULL : "intact";
}

static Receipt *make_receipt(const AiringFact *airing, int mark, Outcome outcome)
{
    Receipt *receipt = receipt_new();
    receipt->station = g_strdup("tram-01");
    receipt->boot_id = g_strdup("00112233445566778899aabbccddeeff");
    receipt->airing = g_strdup(airing->id);
    receipt->broadcast = g_strdup("ban-tin-sang");
    receipt->planned_us = receipt->resolved_us = airing->planned_us;
    receipt->outcome = outcome;
    receipt->reason = outcome == OUTCOME_PLAYED ? REASON_NONE : REASON_NO_POWER;
    receipt->late_by_ms = mark;
    receipt->made_us = airing->planned_us + mark * 5 * SECOND;
    ReceiptItem *item =
        receipt_item_new("v1", "5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9");
    ReceiptSegment *segment = receipt_item_add_segment(item);
    segment->first_us = airing->planned_us;
    segment->last_us = receipt->made_us;
    segment->ended = g_strdup("complete");
    g_ptr_array_add(receipt->items, item);
    return receipt;
}

/* The station after the cut: what stands never starts again, what started can be closed. */
static const char *judge_future(Life *self, const JournalModel *model, Journal *journal)
{
    for (unsigned i = 0; i < model->airings->len; i++) {
        const AiringFact *airing = journal_model_airing(model, i);
        if (!airing->started || airing->pruned)
            continue;
        g_autoptr(GError) error = NULL;
        g_autoptr(Receipt) draft = make_receipt(airing, 0, OUTCOME_PARTIAL);
        if (journal_start(journal, draft, &error) ||
            !g_error_matches(error, JOURNAL_ERROR, JOURNAL_ERROR_AGAIN))
            return "starts-again";
        if (airing->ended)
            continue;
        if (!journal_end(journal, draft, NULL) ||
            draft->counter != (int64_t)model->receipts->len + 1)
            return "chain";
        g_clear_error(&error);
        g_autoptr(Receipt) twice = make_receipt(airing, 0, OUTCOME_PARTIAL);
        return journal_end(journal, twice, &error) ? "ends-twice" : NULL;
    }
    return dice_chance(&self->dice, 50) ? judge_intact() : NULL;
}

/* Finds the promise that the journal keeps: the one before the call under way, or the one after. */
static const char *judge_said(Life *self, const JournalSaid *said, JournalModel **ret_model,
                              char **ret_what)
{
    g_autoptr(JournalModel) model = journal_model_copy(self->model);
    const char *rule = journal_model_judge(model, said, ret_what);
    g_autofree char *after_what = NULL;
    if (rule && self->op.kind != OP_NONE &&
        journal_model_apply(model, &self->op, said, &self->key) &&
        !journal_model_judge(model, said, &after_what))
        rule = NULL;
    if (!rule)
        *ret_model = g_steal_pointer(&model);
    return rule;
}

static const char *judge_opened(Life *self, JournalModel **ret_model, char **ret_what)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Journal) journal = journal_open(PATH, &self->key, &error);
    g_autoptr(JournalSaid) said = journal ? journal_said_read(journal, &error) : NULL;
    if (!said) {
        *ret_what = g_strdup(error ? error->message : "no word");
        return "intact";
    }
    const char *rule = judge_said(self, said, ret_model, ret_what);
    if (!rule && dice_chance(&self->dice, 15))
        rule = judge_future(self, *ret_model, journal);
    return rule;
}

static void try_state(Life *self)
{
    g_autofree char *what = NULL;
    g_autoptr(Disk) left = disk_cut(self->disk, &self->dice);
    g_autoptr(Disk) pristine = disk_copy(left);
    g_autoptr(JournalModel) model = NULL;
    if (crash_run_is(self->run, "damaged"))
        disk_damage(left, &self->dice);
    crash_vfs_mount(left);
    self->depth++;
    const char *rule = judge_opened(self, &model, &what);
    self->depth--;
    crash_vfs_mount(self->disk);
    crash_run_judged(self->run, rule, what ? what : "");
    if (self->run->failed) {
        g_autofree char *before = disk_describe(self->disk), *after = disk_describe(pristine);
        printf("the disk:\n%sthe state:\n%s", before, after);
    }
    if (rule || self->next || !dice_chance(&self->dice, 1))
        return;
    self->next = g_steal_pointer(&pristine);
    self->next_model = g_steal_pointer(&model);
}

static void before_change(Disk *disk, void *user)
{
    Life *self = user;
    if (self->depth > 0 || disk != self->disk || crash_run_is_over(self->run))
        return;
    if (dice_chance(&self->dice, 60))
        try_state(self);
}

static void weaken(Life *self)
{
    if (crash_run_is(self->run, "synchronous-normal"))
        sqlite3_exec(crash_vfs_connection(), "PRAGMA synchronous = NORMAL", NULL, NULL, NULL);
    if (crash_run_is(self->run, "synchronous-off"))
        sqlite3_exec(crash_vfs_connection(), "PRAGMA synchronous = OFF", NULL, NULL, NULL);
    if (crash_run_is(self->run, "lying-disk"))
        disk_lie(self->disk, DISK_LIES_FILES | DISK_LIES_FOLDERS);
}

static bool open_journal(Life *self)
{
    static const int checkpoint_pages[] = {6, 20, 1000};
    g_autoptr(GError) error = NULL;
    self->op = (Op){.kind = OP_OPEN_CLOSE};
    self->journal = journal_open(PATH, &self->key, &error);
    self->op = (Op){0};
    if (!self->journal) {
        crash_run_judged(self->run, "intact", error->message);
        return false;
    }
    weaken(self);
    sqlite3_wal_autocheckpoint(crash_vfs_connection(),
                               checkpoint_pages[dice_below(&self->dice, 3)]);
    return true;
}

static void close_journal(Life *self)
{
    self->op = (Op){.kind = OP_OPEN_CLOSE};
    g_clear_pointer(&self->journal, journal_free);
    self->op = (Op){0};
}

static unsigned plan_airing(Life *self)
{
    AiringFact fact = {.planned_us = self->now_us += SECOND};
    for (unsigned i = 0; i < 2; i++)
        g_snprintf(fact.id + 16 * i, 17, "%016" G_GINT64_MODIFIER "x", dice_next(&self->dice));
    g_array_append_val(self->model->airings, fact);
    return self->model->airings->len - 1;
}

/* A random airing that sounds, or a new one. */
static unsigned pick_airing(Life *self, bool *ret_started)
{
    unsigned n = self->model->airings->len;
    for (unsigned tries = 0; n > 0 && tries < 6; tries++) {
        unsigned i = dice_below(&self->dice, n);
        const AiringFact *fact = journal_model_airing(self->model, i);
        *ret_started = true;
        if (fact->started && !fact->ended)
            return i;
    }
    *ret_started = false;
    return plan_airing(self);
}

static int64_t pick_receipt(Life *self)
{
    for (unsigned i = 0; i < self->model->receipts->len; i++)
        if (!g_array_index(self->model->receipts, ReceiptFact, i).acknowledged)
            return dice_chance(&self->dice, 75) ? i + 1 : MIN(i + 2, self->model->receipts->len);
    return 0;
}

/* What a player might ask of its journal next. */
static Op pick_op(Life *self)
{
    bool started;
    unsigned roll = dice_below(&self->dice, 100);
    if (roll < 10)
        return (Op){.kind = OP_ALIVE, .airing = UINT_MAX, .at_us = self->now_us += SECOND};
    if (roll < 25 && pick_receipt(self) > 0)
        return (Op){.kind = OP_ACKNOWLEDGE, .airing = UINT_MAX, .counter = pick_receipt(self)};
    if (roll < 29)
        return (Op){.kind = OP_PRUNE, .airing = UINT_MAX, .at_us = self->now_us - 3 * SECOND};
    Op op = {.airing = pick_airing(self, &started)};
    op.mark = journal_model_airing(self->model, op.airing)->mark;
    op.kind = !started                       ? dice_chance(&self->dice, 70) ? OP_START : OP_END
              : dice_chance(&self->dice, 55) ? OP_MARK
                                             : OP_END;
    op.mark += op.kind == OP_MARK;
    return op;
}

static bool start(Life *self, const Receipt *draft, GError **error)
{
    bool lazy = crash_run_is(self->run, "start-not-durable");
    if (crash_run_is(self->run, "sound-before-start"))
        journal_model_airing(self->model, self->op.airing)->sounded = true;
    if (lazy)
        disk_lie(self->disk, DISK_LIES_FILES);
    bool good = journal_start(self->journal, draft, error);
    if (lazy)
        disk_lie(self->disk, DISK_LIES_NOT);
    return good;
}

static bool call(Life *self, GError **error)
{
    const Op *op = &self->op;
    g_autoptr(Receipt) receipt = NULL;
    if (op->airing != UINT_MAX)
        receipt = make_receipt(journal_model_airing(self->model, op->airing), op->mark,
                               dice_chance(&self->dice, 50) ? OUTCOME_PLAYED : OUTCOME_PARTIAL);
    switch (op->kind) {
    case OP_START: return start(self, receipt, error);
    case OP_MARK: return journal_mark(self->journal, receipt, error);
    case OP_END: return journal_end(self->journal, receipt, error);
    case OP_ACKNOWLEDGE: return journal_acknowledge(self->journal, op->counter, error);
    case OP_ALIVE:
        return journal_alive(self->journal, op->at_us, "00112233445566778899aabbccddeeff", error);
    case OP_PRUNE: return journal_prune(self->journal, op->at_us, error);
    case OP_NONE:
    case OP_OPEN_CLOSE:
    default: return true;
    }
}

static bool do_op(Life *self)
{
    g_autoptr(GError) error = NULL;
    self->op = pick_op(self);
    bool good = call(self, &error);
    g_autoptr(JournalSaid) said = good ? journal_said_read(self->journal, &error) : NULL;
    Op done = self->op;
    self->op = (Op){0};
    if (!said || !journal_model_apply(self->model, &done, said, &self->key)) {
        crash_run_judged(self->run, "chain", error ? error->message : "a receipt out of the chain");
        return false;
    }
    return true;
}

/* The living station is gone; the one that boots from what is left takes its place. */
static void cut_for_good(Life *self)
{
    self->depth++;
    close_journal(self);
    self->depth--;
    disk_free(self->disk);
    journal_model_free(self->model);
    self->disk = g_steal_pointer(&self->next);
    self->model = g_steal_pointer(&self->next_model);
    disk_watch(self->disk, before_change, self);
    crash_vfs_mount(self->disk);
}

static bool day(Life *self)
{
    unsigned ops = 4 + dice_below(&self->dice, 24);
    if (!open_journal(self))
        return false;
    for (unsigned i = 0; i < ops && !self->next && !crash_run_is_over(self->run); i++) {
        if (!do_op(self))
            return false;
        if (dice_chance(&self->dice, 30))
            try_state(self);
    }
    if (!self->next)
        close_journal(self);
    return true;
}

static void live(CrashRun *run)
{
    Life self = {.run = run, .dice = dice_of(run->seed), .now_us = INT64_C(1795000000) * SECOND};
    key_generate(&self.key);
    crash_vfs_seed(run->seed);
    self.disk = disk_new();
    self.model = journal_model_new();
    disk_watch(self.disk, before_change, &self);
    crash_vfs_mount(self.disk);
    for (unsigned days = 0; days < 4 && !crash_run_is_over(run) && day(&self); days++)
        if (self.next)
            cut_for_good(&self);
    self.depth++;
    close_journal(&self);
    journal_model_free(self.model);
    journal_model_free(self.next_model);
    disk_free(self.next);
    disk_free(self.disk);
}

int main(int argc, char **argv)
{
    CrashRun run;
    if (!crypto_init() || !crash_run_begin(&run, argc, argv, STATES, controls))
        return EXIT_FAILURE;
    crash_vfs_install();
    no_transactions = crash_run_is(&run, "no-transaction");
    while (crash_run_next(&run))
        live(&run);
    return crash_run_end(&run);
}
