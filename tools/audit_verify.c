/* loa audit verify: an auditor's check that needs no controller, no database and no network.
 *
 * Everything is judged from the exact signed bytes: verify first, then parse the same bytes. A row
 * that fails is named with its file and line and the check goes on, so that one damaged line does
 * not hide the next. Trust starts at root.json, which must sign itself; the stations' keys are told
 * apart by their id, the hash of the key. */
#include "audit_verify.h"

#include <gio/gio.h>
#include <stdio.h>
#include <string.h>

#include "base/atomic_file.h"
#include "digest.h"
#include "wire/command.h"
#include "wire/plan.h"
#include "wire/receipt.h"
#include "wire/root.h"

#define AUDIT_MAX_FILE       (1024u * 1024 * 1024)
#define AUDIT_FIRST_PREVIOUS "0000000000000000000000000000000000000000000000000000000000000000"

typedef struct StationKey {
    Key key;
    char *station;
    int64_t last_counter;
    char last_hash[DIGEST_HEX + 1];
} StationKey;

typedef struct Audit {
    Root *root;
    GHashTable *keys;     /* key id -> StationKey* */
    GHashTable *airings;  /* "station airing" of every plan */
    GHashTable *bindings; /* "station keyid" of every plan: whose key is whose, signed */
    GHashTable *alerts;   /* id -> Command* of every signed alert */
    GHashTable *paths;    /* station -> GPtrArray of areas that its plans placed it in */
    GHashTable *pruned;   /* "station epoch version" of plans without a body, and "station" */
    AuditReport *report;
    const char *file; /* of the row being judged */
    unsigned line;
} Audit;

static void station_key_free(void *data)
{
    StationKey *self = data;
    g_free(self->station);
    g_free(self);
}

static void fault(Audit *self, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void fault(Audit *self, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *what = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    self->report->bad++;
    g_ptr_array_add(self->report->faults,
                    g_strdup_printf("%s:%u: %s", self->file, self->line, what));
}

/* Hands each line of a file, parsed as an object, to `row`. */
static bool each_row(Audit *self, const char *directory, const char *name,
                     void (*row)(Audit *self, const Json *object), GError **error)
{
    g_autofree char *path = g_build_filename(directory, name, NULL);
    g_autoptr(GBytes) content = atomic_file_read(path, AUDIT_MAX_FILE, error);
    if (content == NULL)
        return false;
    size_t length = 0;
    const char *at = g_bytes_get_data(content, &length);
    const char *end = at ? at + length : at;
    self->file = name;
    self->line = 0;
    while (at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t size = (size_t)((stop ? stop : end) - at);
        self->line++;
        if (size > 0) {
            g_autoptr(GError) why = NULL;
            g_autoptr(Json) object = json_parse(at, size, &why);
            if (object)
                row(self, object);
            else
                fault(self, "not JSON: %s", why->message);
        }
        at += size + 1;
    }
    return true;
}

static bool read_root(Audit *self, const char *directory, GError **error)
{
    g_autofree char *path = g_build_filename(directory, "root.json", NULL);
    g_autoptr(GBytes) content = atomic_file_read(path, ROOT_MAX_BYTES * 2, error);
    if (content == NULL)
        return false;
    size_t length = 0;
    const char *text = g_bytes_get_data(content, &length);
    g_autoptr(Envelope) envelope = envelope_parse(text, length, ROOT_MAX_BYTES * 2, error);
    if (envelope == NULL) {
        g_prefix_error(error, "root.json: ");
        return false;
    }
    self->root = root_open_first(envelope, error);
    if (self->root == NULL)
        g_prefix_error(error, "root.json: ");
    return self->root != NULL;
}

static void station_row(Audit *self, const Json *object)
{
    g_autoptr(JsonForm) form = json_form_new(object, "");
    const char *station = json_form_text(form, "station", true, 1, 100);
    const char *keyid = json_form_hex(form, "keyid", true, 64);
    GBytes *public_key = json_form_base64(form, "public", true, CRYPTO_PUBLIC_BYTES);
    if (!json_form_ok(form, false)) {
        fault(self, "a station needs station, keyid and public");
        return;
    }
    g_autofree StationKey *entry = g_new0(StationKey, 1);
    size_t length = 0;
    const uint8_t *bytes = g_bytes_get_data(public_key, &length);
    if (!key_from_public(bytes, length, &entry->key) || strcmp(entry->key.id, keyid) != 0) {
        fault(self, "key id %s is not the hash of its public key", keyid);
        return;
    }
    entry->station = g_strdup(station);
    g_strlcpy(entry->last_hash, AUDIT_FIRST_PREVIOUS, sizeof entry->last_hash);
    self->report->stations++;
    g_hash_table_replace(self->keys, g_strdup(keyid), g_steal_pointer(&entry));
}

static Envelope *row_envelope(Audit *self, const Json *object)
{
    g_autoptr(GError) error = NULL;
    Envelope *envelope = envelope_from_json(json_peek(object, "envelope"), &error);
    if (envelope == NULL)
        fault(self, "%s", error->message);
    return envelope;
}

static bool is_pruned(Audit *self, const Json *object)
{
    bool pruned = json_peek_bool(object, "pruned", false);
    self->report->pruned += pruned;
    return pruned;
}

static char *plan_name(const char *station, int64_t epoch, int64_t version)
{
    return g_strdup_printf("%s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT, station, epoch, version);
}

static void pruned_plan_row(Audit *self, const Json *object)
{
    const char *station = json_peek_text(object, "station");
    const char *hash = json_peek_text(object, "sha256");
    if (!station || !hash) {
        fault(self, "a pruned plan needs station and sha256");
        return;
    }
    g_hash_table_add(self->pruned, g_strdup(station));
    g_hash_table_add(self->pruned, plan_name(station, json_peek_int(object, "epoch", 0),
                                             json_peek_int(object, "version", 0)));
}

/* Every area that it was ever placed in: it may have moved since an alert. */
static void note_path(Audit *self, const Plan *plan)
{
    GPtrArray *path = g_hash_table_lookup(self->paths, plan->station);
    if (!path) {
        path = g_ptr_array_new_with_free_func(g_free);
        g_hash_table_insert(self->paths, g_strdup(plan->station), path);
    }
    for (unsigned i = 0; i < plan->area_path->len; i++)
        if (!g_ptr_array_find_with_equal_func(path, plan->area_path->pdata[i], g_str_equal, NULL))
            g_ptr_array_add(path, g_strdup(plan->area_path->pdata[i]));
}

static void keep_alert(Audit *self, Command *take_command)
{
    g_hash_table_insert(self->alerts, g_strdup(take_command->id), take_command);
}

/* How a station is to stand: its receipt names the order as plan and command both do. */
static void expect_standing(Audit *self, const char *station, const char *what, int64_t epoch,
                            int64_t generation)
{
    if (generation <= 0)
        return;
    g_autofree char *id = standing_id(what, epoch, generation, station);
    g_hash_table_add(self->airings, g_strdup_printf("%s %s", station, id));
}

static void standing_command(Audit *self, const Command *command)
{
    const char *what = command->kind == COMMAND_MUTE ? STANDING_MUTE : STANDING_VOLUME;
    for (unsigned i = 0; i < command->targets->len; i++) {
        const CommandTarget *target = command->targets->pdata[i];
        if (target->kind == COMMAND_STATION && !target->exclude)
            expect_standing(self, target->id, what, command->epoch, command->generation);
    }
}

static void command_row(Audit *self, const Json *object)
{
    g_autoptr(Envelope) envelope = row_envelope(self, object);
    if (envelope == NULL)
        return;
    g_autoptr(GError) error = NULL;
    size_t length = 0;
    const void *bytes = g_bytes_get_data(envelope->payload, &length);
    g_autoptr(Command) command = command_parse(bytes, length, &error);
    g_autoptr(GPtrArray) issuer = g_ptr_array_new();
    if (command != NULL)
        g_ptr_array_add(issuer, command->issuer);
    if (strcmp(envelope->type, ENVELOPE_TYPE_COMMAND) != 0)
        fault(self, "payload type %s is not a command's", envelope->type);
    else if (command == NULL ||
             !root_accepts(self->root, envelope, ROOT_ROLE_COMMAND, issuer, &error))
        fault(self, "%s", error ? error->message : "not a command");
    else if (command->kind == COMMAND_ALERT)
        keep_alert(self, g_steal_pointer(&command));
    else if (command_is_standing(command))
        standing_command(self, command);
}

static void plan_row(Audit *self, const Json *object)
{
    self->report->plans++;
    if (is_pruned(self, object)) {
        pruned_plan_row(self, object);
        return;
    }
    g_autoptr(Envelope) envelope = row_envelope(self, object);
    if (envelope == NULL)
        return;
    g_autoptr(GError) error = NULL;
    if (strcmp(envelope->type, ENVELOPE_TYPE_PLAN) != 0) {
        fault(self, "payload type %s is not a plan's", envelope->type);
        return;
    }
    /* The area path stands inside the plan: signature first, scope with the path that it states. */
    size_t length = 0;
    const void *bytes = g_bytes_get_data(envelope->payload, &length);
    g_autoptr(Plan) plan = plan_parse(bytes, length, &error);
    if (plan == NULL ||
        !root_accepts(self->root, envelope, ROOT_ROLE_PLAN, plan->area_path, &error)) {
        fault(self, "%s", error->message);
        return;
    }
    g_hash_table_add(self->bindings, g_strdup_printf("%s %s", plan->station, plan->keyid));
    note_path(self, plan);
    for (unsigned i = 0; i < plan->airings->len; i++) {
        const PlanAiring *airing = g_ptr_array_index(plan->airings, i);
        g_hash_table_add(self->airings, g_strdup_printf("%s %s", plan->station, airing->id));
    }
    expect_standing(self, plan->station, STANDING_VOLUME, plan->epoch,
                    plan->standing.volume_generation);
    expect_standing(self, plan->station, STANDING_MUTE, plan->epoch,
                    plan->standing.mute_generation);
}

/* The chain of one key: counter one up, `previous` the hash of the payload before. */
static void check_chain(Audit *self, StationKey *entry, const Receipt *receipt, const char *hash)
{
    if (receipt->counter != entry->last_counter + 1)
        fault(self, "station %s: receipt %" G_GINT64_FORMAT " follows %" G_GINT64_FORMAT,
              receipt->station, receipt->counter, entry->last_counter);
    else if (strcmp(receipt->previous, entry->last_hash) != 0)
        fault(self, "station %s: receipt %" G_GINT64_FORMAT " does not name the one before it",
              receipt->station, receipt->counter);
    entry->last_counter = receipt->counter;
    g_strlcpy(entry->last_hash, hash, sizeof entry->last_hash);
}

/* Its place in the chain is held by the hash that the next receipt names. */
static void pruned_receipt_row(Audit *self, const Json *object)
{
    const char *keyid = json_peek_text(object, "keyid");
    const char *hash = json_peek_text(object, "sha256");
    int64_t counter = json_peek_int(object, "counter", 0);
    StationKey *entry = keyid ? g_hash_table_lookup(self->keys, keyid) : NULL;
    if (!entry || !hash || !digest_is_sha256_hex(hash)) {
        fault(self, "a pruned receipt needs sha256 and the key of a station");
        return;
    }
    if (counter != entry->last_counter + 1)
        fault(self, "station %s: receipt %" G_GINT64_FORMAT " (pruned) follows %" G_GINT64_FORMAT,
              entry->station, counter, entry->last_counter);
    entry->last_counter = counter;
    g_strlcpy(entry->last_hash, hash, sizeof entry->last_hash);
}

/* True for a play of an alert that meant this station, or of one that a button there started;
 * or for a test tone, which may be asked for at the pole. */
static bool is_alert(const Audit *self, const Receipt *receipt)
{
    g_autofree char *id = plan_airing_id(receipt->broadcast, 0, receipt->repeat, receipt->station);
    if (receipt->kind == RECEIPT_TEST)
        return g_str_equal(receipt->broadcast, receipt->airing);
    if (!g_str_equal(id, receipt->airing))
        return false;
    const Command *alert = g_hash_table_lookup(self->alerts, receipt->broadcast);
    const GPtrArray *path = g_hash_table_lookup(self->paths, receipt->station);
    return receipt->kind == RECEIPT_LOCAL ||
           (alert && path && command_reaches(alert, receipt->station, path));
}

/* What a receipt answers: a key and an airing that signed plans name. Where the plan's body has
 * gone with its time nobody can tell any more. */
static void check_order(Audit *self, const StationKey *entry, const Receipt *receipt)
{
    g_autofree char *binding = g_strdup_printf("%s %s", receipt->station, entry->key.id);
    if (!g_hash_table_contains(self->bindings, binding) &&
        !g_hash_table_contains(self->pruned, receipt->station))
        fault(self, "station %s: no plan names the key that signed", receipt->station);
    g_autofree char *ordered = g_strdup_printf("%s %s", receipt->station, receipt->airing);
    g_autofree char *plan = plan_name(receipt->station, receipt->plan_epoch, receipt->plan_version);
    if (!g_hash_table_contains(self->airings, ordered) && !is_alert(self, receipt) &&
        !g_hash_table_contains(self->pruned, plan))
        fault(self, "station %s: airing %s stands in no plan", receipt->station, receipt->airing);
}

static void receipt_row(Audit *self, const Json *object)
{
    self->report->receipts++;
    if (is_pruned(self, object)) {
        pruned_receipt_row(self, object);
        return;
    }
    g_autoptr(Envelope) envelope = row_envelope(self, object);
    if (envelope == NULL)
        return;
    StationKey *entry = g_hash_table_lookup(
        self->keys, envelope->n_signatures > 0 ? envelope->signatures[0].keyid : "");
    if (entry == NULL) {
        fault(self, "signed by a key that no station has");
        return;
    }
    g_autoptr(GError) error = NULL;
    if (!envelope_verify(envelope, ENVELOPE_TYPE_RECEIPT, &entry->key, &error)) {
        fault(self, "%s", error->message);
        return;
    }
    size_t length = 0;
    const void *bytes = g_bytes_get_data(envelope->payload, &length);
    g_autoptr(Receipt) receipt = receipt_parse(bytes, length, &error);
    if (receipt == NULL) {
        fault(self, "%s", error->message);
        return;
    }
    if (strcmp(receipt->station, entry->station) != 0) {
        fault(self, "names station %s but the key is that of %s", receipt->station, entry->station);
        return;
    }
    g_autofree char *hash = digest_hex_of(bytes, length);
    check_chain(self, entry, receipt, hash);
    check_order(self, entry, receipt);
}

/* An export from before there were commands has no such file. */
static bool has_file(const char *directory, const char *name)
{
    g_autofree char *path = g_build_filename(directory, name, NULL);
    return g_file_test(path, G_FILE_TEST_EXISTS);
}

bool audit_verify(const char *directory, AuditReport *ret_report, GError **error)
{
    g_autoptr(GHashTable) keys =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, station_key_free);
    g_autoptr(GHashTable) airings = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) bindings = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) pruned = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) alerts =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)command_free);
    g_autoptr(GHashTable) paths =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
    Audit audit = {.keys = keys,
                   .alerts = alerts,
                   .paths = paths,
                   .airings = airings,
                   .bindings = bindings,
                   .pruned = pruned,
                   .report = ret_report};
    *ret_report = (AuditReport){.faults = g_ptr_array_new_with_free_func(g_free)};

    bool read = read_root(&audit, directory, error) &&
                each_row(&audit, directory, "stations.jsonl", station_row, error) &&
                each_row(&audit, directory, "plans.jsonl", plan_row, error) &&
                (!has_file(directory, "commands.jsonl") ||
                 each_row(&audit, directory, "commands.jsonl", command_row, error)) &&
                each_row(&audit, directory, "receipts.jsonl", receipt_row, error);
    root_free(audit.root);
    if (!read)
        audit_report_clear(ret_report);
    return read;
}

void audit_report_clear(AuditReport *report)
{
    g_clear_pointer(&report->faults, g_ptr_array_unref);
}

static void print_json(const AuditReport *report)
{
    g_autoptr(Json) line = json_new_object();
    json_set_int(line, "stations", report->stations);
    json_set_int(line, "plans", report->plans);
    json_set_int(line, "receipts", report->receipts);
    json_set_int(line, "pruned", report->pruned);
    json_set_int(line, "bad", report->bad);
    Json *faults = json_new_array();
    for (unsigned i = 0; i < report->faults->len; i++)
        json_append_text(faults, g_ptr_array_index(report->faults, i));
    json_set_take(line, "faults", faults);
    size_t length = 0;
    g_autofree char *text = json_print(line, &length);
    puts(text);
}

int audit_verify_main(int argc, char **argv)
{
    bool as_json = argc == 2 && strcmp(argv[1], "--json") == 0;
    if (argc < 1 || (argc > 1 && !as_json)) {
        fputs("loa audit verify DIR [--json]\n", stderr);
        return 2;
    }
    g_autoptr(GError) error = NULL;
    AuditReport report;
    if (!audit_verify(argv[0], &report, &error)) {
        fprintf(stderr, "loa audit verify: %s\n", error->message);
        return 1;
    }
    if (as_json) {
        print_json(&report);
    } else {
        for (unsigned i = 0; i < report.faults->len; i++)
            printf("BAD  %s\n", (char *)g_ptr_array_index(report.faults, i));
        if (report.pruned)
            printf("%u of the plans and receipts are pruned: only their hashes could be judged\n",
                   report.pruned);
        printf("%u stations, %u plans, %u receipts: %s\n", report.stations, report.plans,
               report.receipts, report.bad == 0 ? "all hold" : "NOT all hold");
    }
    bool holds = report.bad == 0;
    audit_report_clear(&report);
    return holds ? 0 : 1;
}
