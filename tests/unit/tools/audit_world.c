/* Papers as stations and the controller sign them, a knob for each way to be wrong. */
#include "audit_world.h"

#include <stdlib.h>
#include <string.h>

#include "envelope.h"
#include "wire/command.h"
#include "wire/plan.h"
#include "wire/receipt.h"
#include "wire/root.h"
#include "wire/silence.h"

#define DAY   (INT64_C(86400) * G_USEC_PER_SEC)
#define START (20000 * DAY)
#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"

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

static void write_file(const AuditWorld *world, const char *name, GString *take_text)
{
    g_autofree char *path = g_build_filename(world->directory, name, NULL);
    g_assert_true(g_file_set_contents(path, take_text->str, -1, NULL));
    g_string_free(take_text, TRUE);
}

static int64_t planned_us(int airing)
{
    return START + (airing + 1) * DAY;
}

static Root *first_root(const AuditWorld *world)
{
    Root *root = root_new();
    root->version = root->epoch = 1;
    root_add_key(root, &world->root);
    root_add_key(root, &world->online);
    root_grant(root, ROOT_ROLE_ROOT, &world->root);
    root_grant(root, ROOT_ROLE_PLAN, &world->online);
    root_grant(root, ROOT_ROLE_COMMAND, &world->online);
    return root;
}

static Envelope *sign_root(const Root *root, const Key *key)
{
    g_autoptr(Json) json = root_to_json(root);
    g_autoptr(GBytes) payload = json_print_bytes(json);
    return envelope_sign(ENVELOPE_TYPE_ROOT, payload, key);
}

/* The same root key vouches for another online key, or a root of one's own does. */
static Envelope *next_root(const AuditWorld *world, const Root *first)
{
    g_autoptr(Root) next = root_successor(first, START + DAY);
    g_assert_true(root_replace_key(next, world->online.id, &world->online_2));
    if (!world->tale->own_root && !world->tale->other_roots)
        return sign_root(next, &world->root);
    g_assert_true(root_replace_key(next, world->root.id, &world->stranger));
    return sign_root(next, &world->stranger);
}

static void add_root(GString *file, const Envelope *envelope)
{
    Json *line = json_new_object();
    json_set_take(line, "envelope", envelope_to_json(envelope));
    add_line(file, line);
}

static void write_roots(const AuditWorld *world)
{
    const Tale *tale = world->tale;
    GString *file = g_string_new(NULL);
    g_autoptr(Root) root = first_root(world);
    g_autoptr(Envelope) first = sign_root(root, &world->root);
    g_autoptr(Envelope) next = next_root(world, root);
    g_autofree char *text = envelope_print(tale->new_keys ? next : first, NULL);
    if (!tale->other_roots)
        add_root(file, first);
    if (tale->new_keys || tale->other_roots)
        add_root(file, next);
    write_file(world, "root.json", g_string_new(text));
    if (tale->no_roots)
        g_string_free(file, TRUE);
    else
        write_file(world, "roots.jsonl", file);
}

static void write_stations(const AuditWorld *world)
{
    GString *file = g_string_new(NULL);
    g_autofree char *public = g_base64_encode(world->station.public_key, CRYPTO_PUBLIC_BYTES);
    g_string_append_printf(file, "{\"station\":\"s\",\"keyid\":\"%s\",\"public\":\"%s\"}\n",
                           world->station.id, public);
    write_file(world, "stations.jsonl", file);
}

static void order(const AuditWorld *world, Plan *plan, int airing)
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

static Plan *make_plan(const AuditWorld *world, int version)
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

static Json *pruned_plan(const AuditWorld *world, int version)
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

static void write_plans(AuditWorld *world)
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

static void write_commands(const AuditWorld *world)
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

static Receipt *receipt_about(const AuditWorld *world, int counter, int airing)
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

static Json *receipt_line(AuditWorld *world, int counter)
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

static Json *pruned_receipt(const AuditWorld *world, int counter)
{
    Json *line = json_new_object();
    json_set_text(line, "station", "s");
    json_set_bool(line, "pruned", true);
    json_set_text(line, "sha256", world->receipt_sha256[counter]);
    json_set_text(line, "keyid", world->station.id);
    json_set_int(line, "counter", counter);
    return line;
}

static void write_receipts(AuditWorld *world)
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

static void add_airing(const AuditWorld *world, Silence *entry, int airing)
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

static Silence *make_entry(const AuditWorld *world, int number, const char *previous)
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

static void write_entries(const AuditWorld *world)
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

void audit_world_init(AuditWorld *world, const Tale *tale)
{
    *world = (AuditWorld){.tale = tale, .directory = g_dir_make_tmp("loa-audit-XXXXXX", NULL)};
    Key *const keys[] = {&world->root, &world->online, &world->station, &world->stranger,
                         &world->online_2};
    for (unsigned i = 0; i < G_N_ELEMENTS(keys); i++)
        key_generate(keys[i]);
    for (int airing = A; airing < AIRINGS; airing++)
        world->ids[airing] = airing == B && tale->alert
                                 ? plan_airing_id("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 0, 0, "s")
                                 : plan_airing_id("x", planned_us(airing), 0, "s");
    write_roots(world);
    write_stations(world);
    write_plans(world);
    write_commands(world);
    write_receipts(world);
    write_entries(world);
}

void audit_world_clear(AuditWorld *world)
{
    g_autofree char *command = g_strdup_printf("rm -rf %s", world->directory);
    g_assert_cmpint(system(command), ==, 0);
    g_free(world->directory);
    for (int airing = A; airing < AIRINGS; airing++)
        g_free(world->ids[airing]);
    for (int i = 0; i < 3; i++)
        g_free(world->plan_sha256[i]);
}
