/* Which commands a station believes: one refusal per guard, in the order of docs/protocol.md; and
 * 20,000 mutated envelopes, none of which gets through. */
#include "alert/command_keep.h"

#include <glib/gstdio.h>
#include <string.h>

#define NOW       INT64_C(1795332600000000) /* 2026-11-22T07:30:00Z */
#define HOUR      (INT64_C(3600) * G_USEC_PER_SEC)
#define ID        "0123456789abcdef0123456789abcdef"
#define MUTATIONS 20000

typedef struct Office {
    Key online, stranger, root;
    Identity identity;
    GHashTable *seen;
} Office;

static Office *office_new(void)
{
    g_assert_true(crypto_init());
    Office *self = g_new0(Office, 1);
    key_generate(&self->root);
    key_generate(&self->online);
    key_generate(&self->stranger);
    self->identity.station = g_strdup("station-1");
    self->identity.area_path = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(self->identity.area_path, g_strdup("province"));
    g_ptr_array_add(self->identity.area_path, g_strdup("commune"));
    self->identity.root = root_new();
    self->identity.root->version = self->identity.root->epoch = 1;
    root_add_key(self->identity.root, &self->root);
    root_add_key(self->identity.root, &self->online);
    root_grant(self->identity.root, ROOT_ROLE_ROOT, &self->root);
    root_grant(self->identity.root, ROOT_ROLE_COMMAND, &self->online);
    self->seen = g_hash_table_new(g_str_hash, g_str_equal);
    return self;
}

static void office_free(Office *self)
{
    g_free(self->identity.station);
    g_ptr_array_unref(self->identity.area_path);
    root_free(self->identity.root);
    g_hash_table_unref(self->seen);
    g_free(self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Office, office_free)

static Command *alert(void)
{
    Command *command = command_new(COMMAND_ALERT);
    command->id = g_strdup(ID);
    command->epoch = 2;
    command->issued_us = NOW;
    command->expires_us = NOW + 6 * HOUR;
    command->issuer = g_strdup("commune");
    command_add_target(command, COMMAND_AREA, "commune", false);
    PlanItem *item = plan_item_new();
    item->bulletin = g_strdup("b");
    item->bulletin_version = g_strdup("v");
    item->sha256 = g_strnfill(64, 'a');
    item->frames = 48000;
    g_ptr_array_add(command->items, item);
    return command;
}

static char *sign_json(const char *type, Json *take_json, const Key *key)
{
    g_autoptr(Json) json = take_json;
    g_autoptr(GBytes) payload = json_print_bytes(json);
    g_autoptr(Envelope) envelope = envelope_sign(type, payload, key);
    return envelope_print(envelope, NULL);
}

static char *sign(const Office *office, Command *take_command)
{
    g_autoptr(Command) command = take_command;
    return sign_json(ENVELOPE_TYPE_COMMAND, command_to_json(command), &office->online);
}

static CommandCode judge(const Office *office, const char *text, size_t length)
{
    CommandRules rules = {.identity = &office->identity,
                          .area_path = office->identity.area_path,
                          .epoch = 2,
                          .seen = office->seen,
                          .max_seen = 3,
                          .max_ends = 4,
                          .volume = {.epoch = 2, .generation = 5},
                          .mute = {.epoch = 3, .generation = 1},
                          .surely_us = NOW};
    CommandCode code;
    g_autoptr(Command) command = command_accept(&rules, text, length, &code, NULL);
    g_assert_true((command != NULL) == (code == COMMAND_OK));
    return code;
}

static void assert_code(const Office *office, char *take_text, CommandCode wanted)
{
    g_autofree char *text = take_text;
    g_assert_cmpstr(command_code_words[judge(office, text, strlen(text))], ==,
                    command_code_words[wanted]);
}

static void an_alert_for_this_station_is_believed(void)
{
    g_autoptr(Office) office = office_new();
    assert_code(office, sign(office, alert()), COMMAND_OK);
}

static void size_is_judged_before_parsing(void)
{
    g_autoptr(Office) office = office_new();
    assert_code(office, g_strnfill(COMMAND_MAX_ENVELOPE + 1, '['), COMMAND_TOO_LARGE);
    assert_code(office, g_strnfill(COMMAND_MAX_ENVELOPE, '['), COMMAND_NO_ENVELOPE);
}

static void a_plan_is_no_command(void)
{
    g_autoptr(Office) office = office_new();
    g_autoptr(Command) command = alert();
    assert_code(office, sign_json(ENVELOPE_TYPE_PLAN, command_to_json(command), &office->online),
                COMMAND_WRONG_TYPE);
}

static void keys_without_the_role_are_strangers(void)
{
    g_autoptr(Office) office = office_new();
    g_autoptr(Command) command = alert();
    assert_code(office,
                sign_json(ENVELOPE_TYPE_COMMAND, command_to_json(command), &office->stranger),
                COMMAND_KEY_UNKNOWN);
    assert_code(office, sign_json(ENVELOPE_TYPE_COMMAND, command_to_json(command), &office->root),
                COMMAND_BAD_SIGNATURE);
}

static void a_changed_byte_breaks_the_signature(void)
{
    g_autoptr(Office) office = office_new();
    char *text = sign(office, alert());
    char *payload = strstr(text, "\"payload\":\"") + 40;
    *payload = *payload == 'A' ? 'B' : 'A';
    assert_code(office, text, COMMAND_BAD_SIGNATURE);
}

static void what_is_not_whole_is_malformed(void)
{
    g_autoptr(Office) office = office_new();
    Command *endless = alert();
    endless->expires_us = endless->issued_us + COMMAND_EXPIRES_MAX + 1;
    assert_code(office, sign(office, endless), COMMAND_MALFORMED);
    Command *silent = alert();
    g_ptr_array_set_size(silent->items, 0);
    assert_code(office, sign(office, silent), COMMAND_MALFORMED);
    Command *restless = alert();
    restless->every_us = COMMAND_EVERY_MIN_US - 1;
    assert_code(office, sign(office, restless), COMMAND_MALFORMED);
}

static void what_a_newer_controller_relies_on_is_unsupported(void)
{
    g_autoptr(Office) office = office_new();
    g_autoptr(Command) command = alert();
    Json *json = command_to_json(command);
    json_set_text(json, "kind", "live");
    assert_code(office, sign_json(ENVELOPE_TYPE_COMMAND, json, &office->online),
                COMMAND_UNSUPPORTED);
    json = command_to_json(command);
    Json *critical = json_new_array();
    json_append_text(critical, "siren_tone");
    json_set_take(json, "critical", critical);
    assert_code(office, sign_json(ENVELOPE_TYPE_COMMAND, json, &office->online),
                COMMAND_UNSUPPORTED);
}

static void only_those_who_are_meant_obey(void)
{
    g_autoptr(Office) office = office_new();
    Command *excluded = alert();
    command_add_target(excluded, COMMAND_STATION, "station-1", true);
    assert_code(office, sign(office, excluded), COMMAND_NOT_MINE);
    Command *elsewhere = alert();
    g_ptr_array_set_size(elsewhere->targets, 0);
    command_add_target(elsewhere, COMMAND_STATION, "station-2", false);
    assert_code(office, sign(office, elsewhere), COMMAND_NOT_MINE);
    Command *neighbour = alert(); /* an issuer has no say beside its own area */
    g_free(neighbour->issuer);
    neighbour->issuer = g_strdup("next-commune");
    assert_code(office, sign(office, neighbour), COMMAND_NOT_MINE);
    Command *accepted = alert(); /* unless an area here accepted its group */
    g_free(accepted->issuer);
    accepted->issuer = g_strdup("next-commune");
    command_add_accepted(accepted, COMMAND_AREA, "commune", "commune");
    assert_code(office, sign(office, accepted), COMMAND_OK);
    Command *moved = alert(); /* and still does */
    g_free(moved->issuer);
    moved->issuer = g_strdup("next-commune");
    command_add_accepted(moved, COMMAND_STATION, "station-1", "third-commune");
    assert_code(office, sign(office, moved), COMMAND_NOT_MINE);
    Command *province = alert();
    g_free(province->issuer);
    province->issuer = g_strdup("province");
    assert_code(office, sign(office, province), COMMAND_OK);
}

static void an_epoch_from_before_a_restore_is_refused(void)
{
    g_autoptr(Office) office = office_new();
    Command *old = alert();
    old->epoch = 1;
    assert_code(office, sign(office, old), COMMAND_OLD_EPOCH);
}

static void an_id_is_obeyed_once(void)
{
    g_autoptr(Office) office = office_new();
    g_hash_table_add(office->seen, (char *)ID);
    assert_code(office, sign(office, alert()), COMMAND_SEEN);
}

static void what_has_expired_is_refused_at_its_instant(void)
{
    g_autoptr(Office) office = office_new();
    Command *last = alert();
    last->issued_us = NOW - HOUR;
    last->expires_us = NOW + 1;
    assert_code(office, sign(office, last), COMMAND_OK);
    Command *over = alert();
    over->issued_us = NOW - HOUR;
    over->expires_us = NOW;
    assert_code(office, sign(office, over), COMMAND_EXPIRED);
}

static void a_station_keeps_only_so_many(void)
{
    g_autoptr(Office) office = office_new();
    g_hash_table_add(office->seen, (char *)"a");
    g_hash_table_add(office->seen, (char *)"b");
    assert_code(office, sign(office, alert()), COMMAND_OK);
    g_hash_table_add(office->seen, (char *)"c");
    assert_code(office, sign(office, alert()), COMMAND_FULL);
}

static Command *standing(CommandKind kind, int64_t epoch, int64_t generation)
{
    Command *command = alert();
    command->kind = kind;
    command->epoch = epoch;
    command->generation = generation;
    command->from_us = NOW;
    command->until_us = NOW + HOUR;
    return command;
}

/* In force: generation 5 of the volume in epoch 2, and a silence of epoch 3. */
static void an_older_generation_is_refused(void)
{
    g_autoptr(Office) office = office_new();
    assert_code(office, sign(office, standing(COMMAND_VOLUME, 2, 4)), COMMAND_OLD_GENERATION);
    assert_code(office, sign(office, standing(COMMAND_VOLUME, 2, 5)), COMMAND_OK);
    assert_code(office, sign(office, standing(COMMAND_VOLUME, 2, 6)), COMMAND_OK);
    assert_code(office, sign(office, standing(COMMAND_VOLUME, 3, 1)), COMMAND_OK);
    assert_code(office, sign(office, standing(COMMAND_MUTE, 2, 9)), COMMAND_OLD_GENERATION);
    assert_code(office, sign(office, standing(COMMAND_MUTE, 3, 2)), COMMAND_OK);
}

/* Each guard of a command holds for these, too. */
static void a_standing_order_gets_by_no_guard(void)
{
    static const CommandKind kinds[] = {COMMAND_VOLUME, COMMAND_MUTE};
    g_autoptr(Office) office = office_new();
    for (unsigned i = 0; i < G_N_ELEMENTS(kinds); i++) {
        g_autoptr(Command) good = standing(kinds[i], 3, 7);
        assert_code(office,
                    sign_json(ENVELOPE_TYPE_COMMAND, command_to_json(good), &office->stranger),
                    COMMAND_KEY_UNKNOWN);
        assert_code(office, sign(office, standing(kinds[i], 3, 0)), COMMAND_MALFORMED);
        Command *other = standing(kinds[i], 3, 7);
        command_add_target(other, COMMAND_STATION, "station-1", true);
        assert_code(office, sign(office, other), COMMAND_NOT_MINE);
        assert_code(office, sign(office, standing(kinds[i], 1, 7)), COMMAND_OLD_EPOCH);
        Command *over = standing(kinds[i], 3, 7);
        over->issued_us = NOW - HOUR;
        over->expires_us = NOW;
        assert_code(office, sign(office, over), COMMAND_EXPIRED);
    }
    Command *loud = standing(COMMAND_VOLUME, 3, 7);
    loud->gain_mdb = 1;
    assert_code(office, sign(office, loud), COMMAND_MALFORMED);
    Command *endless = standing(COMMAND_MUTE, 3, 7);
    endless->until_us = endless->from_us + STANDING_MUTE_MAX_US + 1;
    assert_code(office, sign(office, endless), COMMAND_MALFORMED);
    Command *backwards = standing(COMMAND_MUTE, 3, 7);
    backwards->until_us = backwards->from_us - 1;
    assert_code(office, sign(office, backwards), COMMAND_MALFORMED);
}

/* The mistakes a command can have, the one that is judged last first. One with several is refused
 * for the first guard it meets: whoever is a stranger learns nothing of what the station knows. */
enum { FULL, EXPIRED, SEEN, OLD_EPOCH, NOT_MINE, MALFORMED, STRANGER, WRONG_TYPE, MISTAKES };
static const CommandCode mistake_codes[MISTAKES] = {[FULL] = COMMAND_FULL,
                                                    [EXPIRED] = COMMAND_EXPIRED,
                                                    [SEEN] = COMMAND_SEEN,
                                                    [OLD_EPOCH] = COMMAND_OLD_EPOCH,
                                                    [NOT_MINE] = COMMAND_NOT_MINE,
                                                    [MALFORMED] = COMMAND_MALFORMED,
                                                    [STRANGER] = COMMAND_KEY_UNKNOWN,
                                                    [WRONG_TYPE] = COMMAND_WRONG_TYPE};

/* A command with all mistakes up to and with `last`. */
static char *wrong_up_to(const Office *office, int last)
{
    g_autoptr(Command) command = alert();
    if (last >= EXPIRED) {
        command->issued_us = NOW - HOUR;
        command->expires_us = NOW;
    }
    if (last >= OLD_EPOCH)
        command->epoch = 1;
    if (last >= NOT_MINE)
        command_add_target(command, COMMAND_STATION, "station-1", true);
    if (last >= MALFORMED)
        g_ptr_array_set_size(command->items, 0);
    return sign_json(last >= WRONG_TYPE ? ENVELOPE_TYPE_PLAN : ENVELOPE_TYPE_COMMAND,
                     command_to_json(command),
                     last >= STRANGER ? &office->stranger : &office->online);
}

static void the_first_guard_speaks(void)
{
    g_autoptr(Office) office = office_new();
    static const char *const others[] = {"a", "b", "c"};
    for (unsigned i = 0; i < G_N_ELEMENTS(others); i++)
        g_hash_table_add(office->seen, (char *)others[i]);
    for (int last = FULL; last < MISTAKES; last++) {
        if (last == SEEN)
            g_hash_table_add(office->seen, (char *)ID);
        assert_code(office, wrong_up_to(office, last), mistake_codes[last]);
    }
}

static void no_mutated_envelope_is_believed(void)
{
    g_autoptr(Office) office = office_new();
    g_autofree char *good = sign(office, alert());
    g_autoptr(Envelope) original = envelope_parse(good, strlen(good), COMMAND_MAX_ENVELOPE, NULL);
    size_t length = strlen(good);
    g_autoptr(GRand) dice = g_rand_new_with_seed(5);
    for (unsigned i = 0; i < MUTATIONS; i++) {
        g_autofree char *text = g_strdup(good);
        size_t at = g_rand_int_range(dice, 0, (int)length);
        char byte = (char)g_rand_int_range(dice, 1, 256);
        if (text[at] == byte)
            continue;
        text[at] = byte;
        if (judge(office, text, length) != COMMAND_OK)
            continue;
        /* Only what means the same (the last bits of a base64 text are spare) may pass. */
        g_autoptr(Envelope) same = envelope_parse(text, length, COMMAND_MAX_ENVELOPE, NULL);
        g_assert_true(g_bytes_equal(same->payload, original->payload));
    }
}

/* ---- kept through a restart ---- */

static void what_was_taken_is_known_after_a_restart(void)
{
    g_autoptr(Office) office = office_new();
    g_autofree char *dir = g_dir_make_tmp("loa-commands-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(dir, "commands.json", NULL);
    g_autofree char *text = sign(office, alert());
    g_autoptr(CommandKeep) keep = command_keep_open(path, &office->identity);
    command_keep_add(keep, alert(), text, NOW);
    g_assert_true(command_keep_save(keep, NULL));

    g_autoptr(CommandKeep) again = command_keep_open(path, &office->identity);
    const KeptCommand *kept = command_keep_find(again, ID);
    g_assert_nonnull(kept);
    g_assert_true(kept->restored);
    g_assert_cmpint(kept->heard_us, ==, NOW);
    g_assert_cmpint(command_keep_epoch(again), ==, 2);
    g_assert_false(command_keep_prune(again, NOW));
    g_assert_true(command_keep_prune(again, NOW + 6 * HOUR));
    g_assert_cmpuint(command_keep_length(again), ==, 0);
    g_assert_cmpint(command_keep_epoch(again), ==, 2);
    g_unlink(path);
    g_rmdir(dir);
}

static void a_file_that_somebody_changed_starts_nothing(void)
{
    g_autoptr(Office) office = office_new();
    g_autofree char *dir = g_dir_make_tmp("loa-commands-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(dir, "commands.json", NULL);
    g_autoptr(Command) command = alert();
    g_autofree char *forged =
        sign_json(ENVELOPE_TYPE_COMMAND, command_to_json(command), &office->stranger);
    g_autoptr(CommandKeep) keep = command_keep_open(path, &office->identity);
    command_keep_add(keep, alert(), forged, NOW);
    g_assert_true(command_keep_save(keep, NULL));
    g_autoptr(CommandKeep) again = command_keep_open(path, &office->identity);
    g_assert_cmpuint(command_keep_length(again), ==, 0);
    g_unlink(path);
    g_rmdir(dir);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add_func("/command_accept/" #name, name)
    TEST(an_alert_for_this_station_is_believed);
    TEST(size_is_judged_before_parsing);
    TEST(a_plan_is_no_command);
    TEST(keys_without_the_role_are_strangers);
    TEST(a_changed_byte_breaks_the_signature);
    TEST(what_is_not_whole_is_malformed);
    TEST(what_a_newer_controller_relies_on_is_unsupported);
    TEST(only_those_who_are_meant_obey);
    TEST(an_epoch_from_before_a_restore_is_refused);
    TEST(an_id_is_obeyed_once);
    TEST(what_has_expired_is_refused_at_its_instant);
    TEST(a_station_keeps_only_so_many);
    TEST(an_older_generation_is_refused);
    TEST(a_standing_order_gets_by_no_guard);
    TEST(the_first_guard_speaks);
    TEST(no_mutated_envelope_is_believed);
    TEST(what_was_taken_is_known_after_a_restart);
    TEST(a_file_that_somebody_changed_starts_nothing);
    return g_test_run();
}
