/* Cuts the power under the controller while a station sends its receipts: the real database with
 * its migrations, the real intake.
 *
 * Of a batch that was answered every receipt stands in the ledger, in its chain and in the log of
 * airings; of the batch under way all or nothing. After the cut the station sends on from what was
 * answered and nothing of it is refused. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "crash_run.h"
#include "crash_vfs.h"
#include "digest.h"
#include "ledger/receipt_intake.h"
#include "ledger/receipt_store.h"

#define STATES   3000
#define RECEIPTS 40
#define STATION  "tram-01"
#define SECOND   INT64_C(1000000)
#define NOON_US  (INT64_C(1795000000) * SECOND)

/* The station's side, made once: a chain of receipts. */
typedef struct Sender {
    Key key;
    Envelope *receipts[RECEIPTS];
    char sha256[RECEIPTS][65];
} Sender;

typedef struct Life {
    CrashRun *run;
    const Sender *sender;
    const char *path;
    Dice dice;
    Disk *disk;
    Database *database;
    bool made;                  /* the airings stand in the log */
    unsigned answered, sending; /* receipts; equal when nothing is under way */
    Disk *next;                 /* where the power was cut for good */
    unsigned next_answered;
    unsigned depth;
} Life;

static const CrashControl controls[] = {
    {"synchronous-normal", "receipt-lost"},
    {"answer-before-commit", "receipt-lost"},
    {"one-by-one", "half-a-batch"},
    {NULL, NULL},
};

static bool one_by_one; /* the control: a batch is many transactions */
int __wrap_flock(int fd, int operation);

/* The living controller and the one that is judged are two machines. */
int __wrap_flock(G_GNUC_UNUSED int fd, G_GNUC_UNUSED int operation)
{
    return 0;
}

static int64_t planned_us(unsigned i)
{
    return NOON_US + i * 60 * SECOND;
}

static void sign_receipt(Sender *self, unsigned i)
{
    g_autoptr(Receipt) receipt = receipt_new();
    receipt->station = g_strdup(STATION);
    receipt->keyid = g_strdup(self->key.id);
    receipt->counter = i + 1;
    receipt->boot_id = g_strnfill(32, 'b');
    receipt->airing = g_strdup_printf("%032x", i);
    receipt->broadcast = g_strdup("br1");
    receipt->planned_us = receipt->resolved_us = receipt->made_us = planned_us(i);
    receipt->outcome = OUTCOME_MISSED;
    receipt->reason = REASON_DEVICE_FAULT;
    if (i > 0)
        g_strlcpy(receipt->previous, self->sha256[i - 1], sizeof receipt->previous);
    g_autoptr(Json) json = receipt_to_json(receipt);
    g_autoptr(GBytes) payload = json_print_bytes(json);
    g_autofree char *sha256 =
        digest_hex_of(g_bytes_get_data(payload, NULL), g_bytes_get_size(payload));
    g_strlcpy(self->sha256[i], sha256, sizeof self->sha256[i]);
    self->receipts[i] = envelope_sign(ENVELOPE_TYPE_RECEIPT, payload, &self->key);
}

static int64_t ask(Database *database, const char *sql)
{
    g_autoptr(Query) query = database_query(database, sql);
    return query_next(query, NULL) == 1 ? row_int(query, 0) : -1;
}

/* Also the log of airings, as the publisher would have made it. */
static bool make_airings(Database *database)
{
    g_autoptr(GString) sql = g_string_new("BEGIN IMMEDIATE;");
    for (unsigned i = 0; i < RECEIPTS; i++)
        g_string_append_printf(sql,
                               "INSERT INTO airings(planned_us, id, station, broadcast, area,"
                               " area_path, bulletin, bulletin_version, title, class, duration_ms,"
                               " start_by_us) VALUES (%" G_GINT64_FORMAT ", '%032x', '" STATION
                               "', 'br1', 'a', '/a/', 'b1', 'v1', 'x', 'normal', 1000,"
                               " %" G_GINT64_FORMAT ");",
                               planned_us(i), i, planned_us(i) + 60 * SECOND);
    g_string_append(sql, "COMMIT;");
    return database_script(database, sql->str, NULL);
}

static bool take(Database *database, const Sender *sender, unsigned i, IntakeStatus wanted)
{
    IntakeResult result;
    IntakeCaller caller = {.station = STATION, .key = &sender->key, .now_us = NOON_US};
    g_autoptr(Json) entry = envelope_to_json(sender->receipts[i]);
    return receipt_intake_take(database, &caller, entry, &result, NULL) && result.status == wanted;
}

/* A batch from `first` up to below `end`, and one that the ledger has already. */
static bool send(Database *database, const Sender *sender, unsigned first, unsigned end)
{
    bool good = database_begin(database, NULL);
    if (good && first > 0)
        good = take(database, sender, first - 1, INTAKE_DUPLICATE);
    for (unsigned i = first; good && i < end; i++) {
        good = take(database, sender, i, INTAKE_STORED);
        if (one_by_one)
            good = good && database_commit(database, NULL) && database_begin(database, NULL);
    }
    if (good)
        return database_commit(database, NULL);
    database_rollback(database);
    return false;
}

static const char *judge_ledger(Life *self, Database *database, unsigned *ret_stands)
{
    ReceiptChain chain;
    unsigned n = 0;
    for (; n < RECEIPTS; n++) {
        g_autofree char *sha256 =
            receipt_store_payload(database, self->sender->key.id, n + 1, NULL);
        if (!sha256)
            break;
        if (!g_str_equal(sha256, self->sender->sha256[n]))
            return "receipt-changed";
    }
    *ret_stands = n;
    if (n < self->answered)
        return "receipt-lost";
    if (n != self->answered && n != self->sending)
        return "half-a-batch";
    if (!receipt_store_chain(database, self->sender->key.id, &chain, NULL) || chain.counter != n ||
        (n > 0 && !g_str_equal(chain.sha256, self->sender->sha256[n - 1])))
        return "half-a-batch";
    if (ask(database, "SELECT count(*) FROM airings WHERE outcome <> ''") != n)
        return "half-a-batch";
    return NULL;
}

static const char *judge_opened(Life *self, unsigned *ret_stands, char **ret_what)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Database) database = database_open(self->path, &error);
    if (!database) {
        *ret_what = g_strdup(error->message);
        return "intact";
    }
    int64_t airings = ask(database, "SELECT count(*) FROM airings");
    if (airings != RECEIPTS && (self->made || airings != 0))
        return "airings-lost";
    if (airings == 0)
        return NULL;
    const char *rule = judge_ledger(self, database, ret_stands);
    unsigned end = MIN(*ret_stands + 3, RECEIPTS);
    if (!rule && dice_chance(&self->dice, 25) && !send(database, self->sender, *ret_stands, end))
        rule = "refused";
    return rule;
}

static void try_state(Life *self)
{
    g_autofree char *what = NULL;
    g_autoptr(Disk) left = disk_cut(self->disk, &self->dice);
    g_autoptr(Disk) pristine = disk_copy(left);
    unsigned stands = 0;
    crash_vfs_mount(left);
    self->depth++;
    const char *rule = judge_opened(self, &stands, &what);
    self->depth--;
    crash_vfs_mount(self->disk);
    crash_run_judged(self->run, rule, what ? what : "");
    if (self->run->failed) {
        g_autofree char *before = disk_describe(self->disk), *after = disk_describe(pristine);
        printf("the disk:\n%sthe state:\n%s", before, after);
    }
    if (rule || self->next || !self->made || !dice_chance(&self->dice, 1))
        return;
    self->next = g_steal_pointer(&pristine);
    self->next_answered = stands;
}

static void before_change(Disk *disk, void *user)
{
    Life *self = user;
    if (self->depth > 0 || disk != self->disk || crash_run_is_over(self->run))
        return;
    if (dice_chance(&self->dice, self->made ? 50 : 2))
        try_state(self);
}

static bool open_database(Life *self)
{
    g_autoptr(GError) error = NULL;
    crash_vfs_mount(self->disk);
    disk_watch(self->disk, before_change, self);
    self->database = database_open(self->path, &error);
    if (!self->database) {
        crash_run_judged(self->run, "intact", error->message);
        return false;
    }
    sqlite3 *db = crash_vfs_connection();
    if (crash_run_is(self->run, "synchronous-normal"))
        sqlite3_exec(db, "PRAGMA synchronous = NORMAL", NULL, NULL, NULL);
    if (dice_chance(&self->dice, 60))
        sqlite3_wal_autocheckpoint(db, dice_chance(&self->dice, 50) ? 10 : 40);
    if (!self->made)
        self->made = make_airings(self->database);
    return self->made;
}

static bool send_batch(Life *self)
{
    unsigned before = self->answered;
    self->sending = before + 1 + dice_below(&self->dice, MIN(4, RECEIPTS - before));
    if (crash_run_is(self->run, "answer-before-commit"))
        self->answered = self->sending;
    bool good = send(self->database, self->sender, before, self->sending);
    self->answered = self->sending;
    if (!good)
        crash_run_judged(self->run, "refused", "a batch that follows on");
    return good;
}

static void cut_for_good(Life *self)
{
    self->depth++;
    g_clear_pointer(&self->database, database_close);
    self->depth--;
    disk_free(self->disk);
    self->disk = g_steal_pointer(&self->next);
    self->answered = self->sending = self->next_answered;
}

static void live(CrashRun *run, const Sender *sender, const char *path)
{
    Life self = {.run = run, .sender = sender, .path = path, .dice = dice_of(run->seed)};
    crash_vfs_seed(run->seed);
    self.disk = disk_new();
    bool good = open_database(&self);
    while (good && self.answered < RECEIPTS && !crash_run_is_over(run)) {
        good = send_batch(&self);
        if (self.next)
            cut_for_good(&self);
        else if (dice_chance(&self.dice, 10))
            g_clear_pointer(&self.database, database_close);
        if (good && !self.database)
            good = open_database(&self);
    }
    self.depth++;
    g_clear_pointer(&self.database, database_close);
    disk_free(self.next);
    disk_free(self.disk);
}

int main(int argc, char **argv)
{
    CrashRun run;
    Sender sender = {0};
    if (!crypto_init() || !crash_run_begin(&run, argc, argv, STATES, controls))
        return EXIT_FAILURE;
    key_generate(&sender.key);
    memset(sender.sha256, 0, sizeof sender.sha256);
    for (unsigned i = 0; i < RECEIPTS; i++)
        sign_receipt(&sender, i);
    crash_vfs_install();
    one_by_one = crash_run_is(&run, "one-by-one");
    g_autofree char *folder = g_dir_make_tmp("loa-crash-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "loa.db", NULL);
    g_autofree char *lock = g_build_filename(folder, "lock", NULL);
    while (crash_run_next(&run))
        live(&run, &sender, path);
    for (unsigned i = 0; i < RECEIPTS; i++)
        envelope_free(sender.receipts[i]);
    unlink(lock);
    rmdir(folder);
    return crash_run_end(&run);
}
