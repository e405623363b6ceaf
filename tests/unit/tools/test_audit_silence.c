/* An exported ledger with airings that are called unreported, right and wrong in every way that the
 * check knows of. The tale is always the same, only told wrongly in one place:
 *
 * day 0: plan 1 orders A, B and C for the days 1, 2 and 3. The station speaks of A and falls
 * silent. Day 3.5: plan 2 still names them. Day 63: B is closed, day 64: C. Day 70: plan 3, empty.
 */
#include "audit_verify.h"

#include <stdlib.h>
#include <string.h>

#include "crypto.h"
#include "digest.h"
#include "wire/command.h"
#include "wire/plan.h"
#include "wire/receipt.h"
#include "wire/root.h"
#include "wire/silence.h"

#define DAY   (INT64_C(86400) * G_USEC_PER_SEC)
#define START (20000 * DAY)
#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"

enum { A, B, C, AIRINGS };

typedef struct Tale {
    const char *name;
    const char *fault;    /* a part of the first one; NULL = all holds */
    unsigned more_faults; /* beside that */
    const char *note;     /* a part of one; NULL = none at all */
    int silent, answered; /* -1 = silence is not known */

    bool no_file, old_entries, no_first, no_second, swapped; /* of the entries */
    bool other_previous, second_is_old, other_key, changed_bit, wrong_time, early, invented, twice,
        no_heads, no_plan_named;
    bool also_a;        /* the first entry closes A, too */
    int held;           /* receipts that the entries say were held; 0 = 1 */
    int receipts;       /* receipts in the folder; 0 = 1, -1 = none */
    int about;          /* the airing that receipt 2 speaks of */
    bool other_receipt; /* another receipt in the place of the first */
    bool gap;           /* receipt 1 and 3 are there */
    bool pruned_receipts, pruned_plans, other_hash, no_plans;
    bool taken_out; /* plan 2 no longer names B and C */
    bool alert;     /* B is the first play of an alert */
    bool alert_for_others;
} Tale;

typedef struct World {
    const Tale *tale;
    Key root, online, station, stranger;
    char *ids[AIRINGS];
    char *plan_sha256[3];
    char receipt_sha256[4][DIGEST_HEX + 1];
    char *directory;
} World;

static char *sha256_of(GBytes *bytes)
{
    size_t length;
    const void *data = g_bytes_get_data(bytes, &length);
    return digest_hex_of(data, length);
}

static Json *signed_line(const char *type, Json *take_document, const Key *key, char **ret_sha256)
{
    g_autoptr(GBytes) payload = json_print_bytes(take_document);
    g_autoptr(Envelope) envelope = envelope_sign(type, payload, key);
    json_drop(take_document);
    if (ret_sha256)
        *ret_sha256 = sha256_of(payload);
    Json *line = json_new_object();
    json_set_take(line, "envelope", envelope_to_json(envelope));
    return line;
}

static void add_line(GString *file, Json *take_line)
{
    g_autofree char *text = json_print(take_line, NULL);
    g_string_append_printf(file, "%s\n", text);
    json_drop(take_line);
}

static void write_file(const World *world, const char *name, GString *take_text)
{
    g_autofree char *path = g_build_filename(world->directory, name, NULL);
    g_assert_true(g_file_set_contents(path, take_text->str, -1, NULL));
    g_string_free(take_text, TRUE);
}

static int64_t planned_us(int airing)
{
    return START + (airing + 1) * DAY;
}

static void write_root(const World *world)
{
    g_autoptr(Root) root = root_new();
    root->version = root->epoch = 1;
    root_add_key(root, &world->root);
    root_add_key(root, &world->online);
    root_grant(root, ROOT_ROLE_ROOT, &world->root);
    root_grant(root, ROOT_ROLE_PLAN, &world->online);
    root_grant(root, ROOT_ROLE_COMMAND, &world->online);
    g_autoptr(Json) json = root_to_json(root);
    g_autoptr(GBytes) payload = json_print_bytes(json);
    g_autoptr(Envelope) envelope = envelope_sign(ENVELOPE_TYPE_ROOT, payload, &world->root);
    g_autofree char *text = envelope_print(envelope, NULL);
    write_file(world, "root.json", g_string_new(text));
}

static void write_stations(const World *world)
{
    GString *file = g_string_new(NULL);
    g_autofree char *public = g_base64_encode(world->station.public_key, CRYPTO_PUBLIC_BYTES);
    g_string_append_printf(file, "{\"station\":\"s\",\"keyid\":\"%s\",\"public\":\"%s\"}\n",
                           world->station.id, public);
    write_file(world, "stations.jsonl", file);
}

static void order(const World *world, Plan *plan, int airing)
{
    PlanAiring *one = plan_airing_new();
    PlanItem *item = plan_item_new();
    item->bulletin = g_strdup("b");
    item->bulletin_version = g_strdup("v");
    item->sha256 = g_strdup(ZEROS);
    item->frames = 48000;
    one->id = g_strdup(world->ids[airing]);
    one->broadcast = g_strdup("x");
    one->start_us = planned_us(airing);
    one->start_by_us = one->start_us + 1;
    one->rank = RANK_NORMAL;
    one->title = g_strdup("t");
    one->issuer = g_strdup("p");
    one->author = g_strdup("a");
    one->approver = g_strdup("a");
    g_ptr_array_add(one->items, item);
    g_ptr_array_add(plan->airings, one);
}

static Plan *make_plan(const World *world, int version)
{
    static const int64_t issued[] = {0, START, START + 7 * DAY / 2, START + 70 * DAY};
    const Tale *tale = world->tale;
    Plan *plan = plan_new();
    plan->station = g_strdup("s");
    g_strlcpy(plan->keyid, world->station.id, sizeof plan->keyid);
    plan->epoch = 1;
    plan->version = version;
    plan->issued_us = issued[version];
    plan->from_us = issued[version] - 4 * DAY;
    plan->until_us = issued[version] + 35 * DAY;
    g_ptr_array_add(plan->area_path, g_strdup("p"));
    for (int airing = A; version < 3 && airing < AIRINGS; airing++)
        if (!(airing == B && tale->alert) && !(airing > A && version == 2 && tale->taken_out))
            order(world, plan, airing);
    return plan;
}

static Json *pruned_plan(const World *world, int version)
{
    Json *line = json_new_object();
    json_set_text(line, "station", "s");
    json_set_bool(line, "pruned", true);
    json_set_text(line, "sha256",
                  world->tale->other_hash ? ZEROS : world->plan_sha256[version - 1]);
    json_set_int(line, "epoch", 1);
    json_set_int(line, "version", version);
    return line;
}

static void write_plans(World *world)
{
    GString *file = g_string_new(NULL);
    for (int version = 1; version <= 3; version++) {
        g_autoptr(Plan) plan = make_plan(world, version);
        Json *line = signed_line(ENVELOPE_TYPE_PLAN, plan_to_json(plan), &world->online,
                                 &world->plan_sha256[version - 1]);
        bool is_old = version < 3;
        if (is_old && world->tale->no_plans) {
            json_drop(line);
        } else if (is_old && world->tale->pruned_plans) {
            json_drop(line);
            add_line(file, pruned_plan(world, version));
        } else {
            add_line(file, line);
        }
    }
    write_file(world, "plans.jsonl", file);
}

static void write_commands(const World *world)
{
    GString *file = g_string_new(NULL);
    g_autoptr(Command) alert = command_new(COMMAND_ALERT);
    alert->id = g_strnfill(COMMAND_ID_HEX, 'a');
    alert->epoch = 1;
    alert->issued_us = planned_us(B);
    alert->expires_us = planned_us(B) + DAY / 24;
    alert->issuer = g_strdup("p");
    alert->author = g_strdup("a");
    alert->severity = 3;
    alert->title = g_strdup("t");
    alert->clip = g_strdup("c");
    command_add_target(alert, COMMAND_STATION, world->tale->alert_for_others ? "other" : "s",
                       false);
    PlanItem *item = plan_item_new();
    item->bulletin = g_strdup("b");
    item->bulletin_version = g_strdup("v");
    item->sha256 = g_strdup(ZEROS);
    item->frames = 48000;
    g_ptr_array_add(alert->items, item);
    if (world->tale->alert)
        add_line(file,
                 signed_line(ENVELOPE_TYPE_COMMAND, command_to_json(alert), &world->online, NULL));
    write_file(world, "commands.jsonl", file);
}

static Receipt *receipt_about(const World *world, int counter, int airing)
{
    Receipt *receipt = receipt_new();
    receipt->station = g_strdup("s");
    receipt->keyid = g_strdup(world->station.id);
    receipt->counter = counter;
    receipt->boot_id = g_strnfill(32, 'b');
    receipt->airing = g_strdup(world->ids[airing]);
    receipt->broadcast = g_strdup("x");
    receipt->plan_epoch = receipt->plan_version = 1;
    receipt->planned_us = receipt->resolved_us = planned_us(airing);
    receipt->outcome = OUTCOME_MISSED;
    receipt->reason = REASON_NO_POWER;
    receipt->amplifier = g_strdup("on");
    receipt->made_us = planned_us(airing) + 1;
    return receipt;
}

static Json *receipt_line(World *world, int counter)
{
    g_autoptr(Receipt) receipt =
        receipt_about(world, counter, counter == 2 ? world->tale->about : A);
    g_strlcpy(receipt->previous, counter > 1 ? world->receipt_sha256[counter - 1] : ZEROS,
              sizeof receipt->previous);
    g_autofree char *sha256 = NULL;
    Json *line =
        signed_line(ENVELOPE_TYPE_RECEIPT, receipt_to_json(receipt), &world->station, &sha256);
    g_strlcpy(world->receipt_sha256[counter], sha256, DIGEST_HEX + 1);
    if (counter == 1 && world->tale->other_receipt) {
        json_drop(line);
        receipt->late_by_ms = 1;
        line = signed_line(ENVELOPE_TYPE_RECEIPT, receipt_to_json(receipt), &world->station, NULL);
    }
    return line;
}

static Json *pruned_receipt(const World *world, int counter)
{
    Json *line = json_new_object();
    json_set_text(line, "station", "s");
    json_set_bool(line, "pruned", true);
    json_set_text(line, "sha256", world->receipt_sha256[counter]);
    json_set_text(line, "keyid", world->station.id);
    json_set_int(line, "counter", counter);
    return line;
}

static void write_receipts(World *world)
{
    const Tale *tale = world->tale;
    int there = tale->receipts < 0 ? 0 : MAX(tale->receipts, 1);
    GString *file = g_string_new(NULL);
    for (int counter = 1; counter <= 3; counter++) {
        Json *line = receipt_line(world, counter);
        bool is_there = tale->gap ? counter != 2 : counter <= there;
        if (is_there && tale->pruned_receipts)
            add_line(file, pruned_receipt(world, counter));
        else if (is_there)
            add_line(file, json_hold(line));
        json_drop(line);
    }
    write_file(world, "receipts.jsonl", file);
}

static void add_airing(const World *world, Silence *entry, int airing)
{
    const Tale *tale = world->tale;
    g_autofree char *invented = g_strnfill(32, 'f');
    bool is_play = airing == B && tale->alert;
    SilenceAiring *one =
        silence_add(entry, "s", airing == B && tale->invented ? invented : world->ids[airing],
                    is_play ? "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" : "x",
                    planned_us(airing) + (tale->wrong_time ? 1 : 0));
    if (tale->old_entries || tale->no_plan_named || (is_play && !tale->alert_for_others))
        return;
    one->plan_epoch = one->plan_version = 1;
    g_strlcpy(one->plan_sha256, world->plan_sha256[0], sizeof one->plan_sha256);
}

static Silence *make_entry(const World *world, int number, const char *previous)
{
    const Tale *tale = world->tale;
    Silence *entry = silence_new();
    int airing = number == 1 || tale->twice ? B : C;
    int held = MAX(tale->held, 1);
    entry->number = tale->old_entries ? 0 : number;
    g_strlcpy(entry->previous, previous, sizeof entry->previous);
    entry->made_us = planned_us(airing) + SILENCE_AFTER_US + (tale->early ? 0 : G_USEC_PER_SEC);
    if (number == 1 && tale->also_a)
        add_airing(world, entry, A);
    add_airing(world, entry, airing);
    if (!tale->old_entries && !tale->no_heads)
        silence_add_head(entry, "s", world->station.id, held, world->receipt_sha256[held]);
    return entry;
}

static void change_bit(Json *line)
{
    Json *envelope = json_peek(line, "envelope");
    g_autofree char *payload = g_strdup(json_peek_text(envelope, "payload"));
    payload[40] = payload[40] == 'A' ? 'B' : 'A';
    json_set_text(envelope, "payload", payload);
}

static void write_entries(const World *world)
{
    const Tale *tale = world->tale;
    const Key *key = tale->other_key ? &world->stranger : &world->online;
    g_autofree char *first_sha256 = NULL;
    g_autoptr(Silence) first = make_entry(world, 1, ZEROS);
    g_autoptr(Json) one =
        signed_line(ENVELOPE_TYPE_UNREPORTED, silence_to_json(first), key, &first_sha256);
    g_autoptr(Silence) second = make_entry(world, 2, tale->other_previous ? ZEROS : first_sha256);
    second->number = tale->second_is_old ? 0 : second->number;
    g_autoptr(Json) two = signed_line(ENVELOPE_TYPE_UNREPORTED, silence_to_json(second), key, NULL);
    if (tale->changed_bit)
        change_bit(one);
    GString *file = g_string_new(NULL);
    if (tale->swapped)
        add_line(file, json_hold(two));
    if (!tale->no_first)
        add_line(file, json_hold(one));
    if (!tale->no_second && !tale->swapped)
        add_line(file, json_hold(two));
    if (tale->no_file)
        g_string_free(file, TRUE);
    else
        write_file(world, "unreported.jsonl", file);
}

static void world_init(World *world, const Tale *tale)
{
    *world = (World){.tale = tale, .directory = g_dir_make_tmp("loa-audit-XXXXXX", NULL)};
    Key *const keys[] = {&world->root, &world->online, &world->station, &world->stranger};
    for (unsigned i = 0; i < G_N_ELEMENTS(keys); i++)
        key_generate(keys[i]);
    for (int airing = A; airing < AIRINGS; airing++)
        world->ids[airing] = airing == B && tale->alert
                                 ? plan_airing_id("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 0, 0, "s")
                                 : plan_airing_id("x", planned_us(airing), 0, "s");
    write_root(world);
    write_stations(world);
    write_plans(world);
    write_commands(world);
    write_receipts(world);
    write_entries(world);
}

static void world_clear(World *world)
{
    g_autofree char *command = g_strdup_printf("rm -rf %s", world->directory);
    g_assert_cmpint(system(command), ==, 0);
    g_free(world->directory);
    for (int airing = A; airing < AIRINGS; airing++)
        g_free(world->ids[airing]);
    for (int i = 0; i < 3; i++)
        g_free(world->plan_sha256[i]);
}

static const char *first_of(const GPtrArray *texts)
{
    return texts->len ? texts->pdata[0] : "";
}

static void assert_told(const Tale *tale, const AuditReport *report)
{
    const char *fault = first_of(report->faults), *note = first_of(report->notes);
    if (tale->fault ? !strstr(fault, tale->fault) : *fault != '\0')
        g_error("%s: the first fault is \"%s\"", tale->name, fault);
    if (tale->note ? !strstr(note, tale->note) : *note != '\0')
        g_error("%s: the note is \"%s\"", tale->name, note);
    if (report->bad != (tale->fault ? 1 + tale->more_faults : 0))
        g_error("%s: %u faults, the last \"%s\"", tale->name, report->bad,
                (char *)report->faults->pdata[report->faults->len - 1]);
    g_assert_cmpint(report->knows_silence ? (int)report->silent : -1, ==, tale->silent);
    g_assert_cmpint((int)report->answered, ==, tale->answered);
}

static const Tale tales[] = {
    {.name = "right", .silent = 2},
    {.name = "no file", .no_file = true, .silent = -1, .note = "were not checked"},
    {.name = "entries from before", .old_entries = true, .silent = 2},
    {.name = "entries from before, plans gone",
     .old_entries = true,
     .no_plans = true,
     .receipts = -1,
     .silent = 2,
     .note = "could not be judged"},
    {.name = "the first taken out",
     .no_first = true,
     .silent = 1,
     .fault = "unreported.jsonl:1: entry 2 stands where 1 should be",
     .more_faults = 1},
    {.name = "the last taken out",
     .no_second = true,
     .silent = 1,
     .fault = "neither a receipt nor an entry"},
    {.name = "all taken out",
     .no_first = true,
     .no_second = true,
     .silent = 0,
     .fault = "neither a receipt nor an entry",
     .more_faults = 1},
    {.name = "taken out of the plan before its start",
     .no_first = true,
     .no_second = true,
     .taken_out = true,
     .silent = 0},
    {.name = "out of order",
     .swapped = true,
     .silent = 2,
     .fault = "entry 2 stands where 1 should be",
     .more_faults = 1},
    {.name = "another before it",
     .other_previous = true,
     .silent = 2,
     .fault = "unreported.jsonl:2: entry 2 does not name the one before it"},
    {.name = "one that follows none",
     .second_is_old = true,
     .silent = 2,
     .fault = "unreported.jsonl:2: does not say which entry it follows"},
    {.name = "another key", .other_key = true, .fault = "no key", .more_faults = 3},
    {.name = "a changed bit",
     .changed_bit = true,
     .silent = 1,
     .fault = "unreported.jsonl:1: no key",
     .more_faults = 1},
    {.name = "another time",
     .wrong_time = true,
     .silent = 2,
     .fault = "stands in no plan for that time",
     .more_faults = 1},
    {.name = "too early",
     .early = true,
     .silent = 2,
     .fault = "closed before 60 days",
     .more_faults = 1},
    {.name = "never ordered",
     .invented = true,
     .silent = 2,
     .fault = "stands in no plan for that time",
     .more_faults = 1},
    {.name = "never ordered and no plan named",
     .invented = true,
     .no_plan_named = true,
     .silent = 2,
     .fault = "neither a receipt nor an entry",
     .note = "could not be judged"},
    {.name = "twice",
     .twice = true,
     .silent = 2,
     .fault = "was closed in line 1 already",
     .more_faults = 1},
    {.name = "does not say what was held",
     .no_heads = true,
     .silent = 2,
     .fault = "does not say which of its receipts had come",
     .more_faults = 1},
    {.name = "although its receipt was held",
     .also_a = true,
     .silent = 3,
     .fault = "receipts.jsonl:1: station s: receipt 1 speaks of airing"},
    {.name = "although its receipt was held, the second",
     .receipts = 2,
     .held = 2,
     .about = C,
     .silent = 2,
     .fault = "receipts.jsonl:2: station s: receipt 2 speaks of airing"},
    {.name = "a receipt that came later", .receipts = 2, .about = B, .silent = 2, .answered = 1},
    {.name = "a receipt that was held is gone",
     .held = 2,
     .about = C,
     .silent = 2,
     .fault = "receipt 2 had come by then and is missing"},
    {.name = "a receipt that was held is another",
     .other_receipt = true,
     .silent = 2,
     .fault = "receipts.jsonl:1: station s: receipt 1 is not the one"},
    {.name = "a gap in the chain",
     .gap = true,
     .silent = 2,
     .fault = "receipt 3 follows 1",
     .note = "2 of its airings are called unreported"},
    {.name = "receipts pruned", .pruned_receipts = true, .silent = 2},
    {.name = "receipts pruned, and no entry",
     .pruned_receipts = true,
     .no_first = true,
     .no_second = true,
     .silent = 0},
    {.name = "plans pruned", .pruned_plans = true, .silent = 2},
    {.name = "plans pruned, another hash",
     .pruned_plans = true,
     .other_hash = true,
     .silent = 2,
     .fault = "is not the one that the entry names",
     .more_faults = 1},
    {.name = "plans gone",
     .no_plans = true,
     .silent = 2,
     .fault = "which is said to order airing",
     .more_faults = 2},
    {.name = "an alert", .alert = true, .silent = 2},
    {.name = "an alert for others",
     .alert = true,
     .alert_for_others = true,
     .silent = 2,
     .fault = "stands in no plan for that time"},
};

static void test_each_tale_is_told_apart(void)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(tales); i++) {
        World world;
        world_init(&world, &tales[i]);
        g_autoptr(GError) error = NULL;
        AuditReport report;
        bool read = audit_verify(world.directory, &report, &error);
        g_assert_no_error(error);
        g_assert_true(read);
        assert_told(&tales[i], &report);
        audit_report_clear(&report);
        world_clear(&world);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_assert_true(crypto_init());
    g_test_add_func("/audit_silence/tales", test_each_tale_is_told_apart);
    return g_test_run();
}
