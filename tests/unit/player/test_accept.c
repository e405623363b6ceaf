/* What a station believes: one refusal per guard, and the plan file that never goes back. */
#include "digest.h"
#include "plan/plan_file.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct Office {
    Key root, online, stranger;
    Identity identity;
} Office;

static void office_open(Office *self)
{
    g_assert_true(crypto_init());
    key_generate(&self->root);
    key_generate(&self->online);
    key_generate(&self->stranger);
    self->identity.station = g_strdup("station-1");
    self->identity.area_path = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(self->identity.area_path, g_strdup("province"));
    self->identity.root = root_new();
    self->identity.root->version = 1;
    self->identity.root->epoch = 1;
    root_add_key(self->identity.root, &self->root);
    root_add_key(self->identity.root, &self->online);
    root_grant(self->identity.root, ROOT_ROLE_ROOT, &self->root);
    root_grant(self->identity.root, ROOT_ROLE_PLAN, &self->online);
}

static void office_close(Office *self)
{
    g_free(self->identity.station);
    g_ptr_array_unref(self->identity.area_path);
    root_free(self->identity.root);
}

static Json *plan_json(int64_t epoch, int64_t version, const char *station)
{
    g_autoptr(Plan) plan = plan_new();
    plan->station = g_strdup(station);
    plan->epoch = epoch;
    plan->version = version;
    plan->until_us = 1;
    return plan_to_json(plan);
}

static char *sign(const char *type, Json *take_payload, const Key *key)
{
    g_autoptr(Json) payload = take_payload;
    g_autoptr(GBytes) bytes = json_print_bytes(payload);
    g_autoptr(Envelope) envelope = envelope_sign(type, bytes, key);
    return envelope_print(envelope, NULL);
}

static char *plan_text(const Office *office, int64_t epoch, int64_t version)
{
    return sign(ENVELOPE_TYPE_PLAN, plan_json(epoch, version, "station-1"), &office->online);
}

/* At this station, plan 2.7 is in force. */
static AcceptCode judge(const Office *office, const char *text, size_t length)
{
    AcceptRules rules = {.identity = &office->identity, .epoch = 2, .version = 7, .sha256 = ""};
    AcceptCode code = ACCEPT_OK;
    g_autoptr(GError) error = NULL;
    g_autoptr(Plan) plan = accept_plan(&rules, text, length, &code, &error);
    g_assert_true((plan != NULL) == (code == ACCEPT_OK));
    g_assert_true((error == NULL) == (code == ACCEPT_OK));
    return code;
}

static void assert_code(AcceptCode found, AcceptCode wanted)
{
    g_assert_cmpstr(accept_words[found], ==, accept_words[wanted]);
}

static void assert_refused(const Office *office, char *take_text, AcceptCode wanted)
{
    g_autofree char *text = take_text;
    assert_code(judge(office, text, strlen(text)), wanted);
}

static void a_newer_plan_of_ours_is_believed(void)
{
    Office office;
    office_open(&office);
    assert_refused(&office, plan_text(&office, 2, 8), ACCEPT_OK);
    assert_refused(&office, plan_text(&office, 3, 1), ACCEPT_OK);
    office_close(&office);
}

static void too_large_is_refused_before_parsing(void)
{
    Office office;
    office_open(&office);
    g_autofree char *text = g_strnfill(6 * 1024 * 1024, '[');
    assert_code(judge(&office, text, 6 * 1024 * 1024), ACCEPT_TOO_LARGE);
    office_close(&office);
}

static void what_is_no_envelope_is_refused(void)
{
    static const char *const texts[] = {
        "", "null", "[]", "{}", "{\"payloadType\":1}", "{\"payload\":\"\"}", "\xff",
    };
    Office office;
    office_open(&office);
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        assert_refused(&office, g_strdup(texts[i]), ACCEPT_NO_ENVELOPE);
    office_close(&office);
}

static void another_type_is_refused(void)
{
    Office office;
    office_open(&office);
    assert_refused(&office,
                   sign(ENVELOPE_TYPE_RECEIPT, plan_json(2, 8, "station-1"), &office.online),
                   ACCEPT_WRONG_TYPE);
    office_close(&office);
}

static void a_strangers_key_is_refused(void)
{
    Office office;
    office_open(&office);
    assert_refused(&office,
                   sign(ENVELOPE_TYPE_PLAN, plan_json(2, 8, "station-1"), &office.stranger),
                   ACCEPT_KEY_UNKNOWN);
    office_close(&office);
}

static void a_known_key_without_the_role_is_refused(void)
{
    Office office;
    office_open(&office);
    assert_refused(&office, sign(ENVELOPE_TYPE_PLAN, plan_json(2, 8, "station-1"), &office.root),
                   ACCEPT_BAD_SIGNATURE);
    office_close(&office);
}

static void one_flipped_bit_in_the_payload_is_refused(void)
{
    Office office;
    office_open(&office);
    g_autofree char *text = plan_text(&office, 2, 8);
    g_autoptr(Envelope) envelope = envelope_parse(text, strlen(text), 1 << 20, NULL);
    size_t length;
    const char *bytes = g_bytes_get_data(envelope->payload, &length);
    for (size_t bit = 0; bit < 8 * length; bit += 7) {
        g_autofree char *flipped = g_memdup2(bytes, length);
        flipped[bit / 8] ^= (char)(1 << bit % 8);
        g_bytes_unref(envelope->payload);
        envelope->payload = g_bytes_new(flipped, length);
        g_autofree char *print = envelope_print(envelope, NULL);
        assert_code(judge(&office, print, strlen(print)), ACCEPT_BAD_SIGNATURE);
        flipped[bit / 8] ^= (char)(1 << bit % 8);
        g_bytes_unref(envelope->payload);
        envelope->payload = g_bytes_new(flipped, length);
        bytes = g_bytes_get_data(envelope->payload, NULL);
    }
    office_close(&office);
}

static void another_stations_plan_is_refused(void)
{
    Office office;
    office_open(&office);
    assert_refused(&office, sign(ENVELOPE_TYPE_PLAN, plan_json(2, 8, "station-2"), &office.online),
                   ACCEPT_NOT_MINE);
    office_close(&office);
}

static void what_is_older_is_refused(void)
{
    Office office;
    office_open(&office);
    assert_refused(&office, plan_text(&office, 1, 99), ACCEPT_OLD_EPOCH);
    assert_refused(&office, plan_text(&office, 2, 6), ACCEPT_OLD_VERSION);
    assert_refused(&office, plan_text(&office, 2, 7), ACCEPT_OK); /* the same again */
    office_close(&office);
}

static void a_malformed_plan_is_refused_although_it_is_signed(void)
{
    Office office;
    office_open(&office);
    Json *json = plan_json(2, 8, "station-1");
    json_set_text(json, "airings", "none");
    assert_refused(&office, sign(ENVELOPE_TYPE_PLAN, json, &office.online), ACCEPT_MALFORMED);
    office_close(&office);
}

static void what_we_do_not_know_but_should_is_refused(void)
{
    Office office;
    office_open(&office);
    Json *json = plan_json(2, 8, "station-1");
    Json *critical = json_new_array();
    json_append_text(critical, "telepathy");
    json_set_take(json, "critical", critical);
    assert_refused(&office, sign(ENVELOPE_TYPE_PLAN, json, &office.online), ACCEPT_UNSUPPORTED);
    office_close(&office);
}

/* Each with all the mistakes of the lines before it: the first guard it meets speaks. */
static void the_first_guard_speaks(void)
{
    Office office;
    office_open(&office);
    static const struct {
        int64_t epoch, version;
        const char *station, *type;
        bool stranger;
        AcceptCode code;
    } steps[] = {
        {2, 6, "station-1", ENVELOPE_TYPE_PLAN, false, ACCEPT_OLD_VERSION},
        {1, 6, "station-1", ENVELOPE_TYPE_PLAN, false, ACCEPT_OLD_EPOCH},
        {1, 6, "station-2", ENVELOPE_TYPE_PLAN, false, ACCEPT_NOT_MINE},
        {1, 6, "station-2", ENVELOPE_TYPE_PLAN, true, ACCEPT_KEY_UNKNOWN},
        {1, 6, "station-2", ENVELOPE_TYPE_COMMAND, true, ACCEPT_WRONG_TYPE},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(steps); i++) {
        Json *plan = plan_json(steps[i].epoch, steps[i].version, steps[i].station);
        json_set_text(plan, "until_us", "never"); /* malformed: judged last of all */
        const Key *key = steps[i].stranger ? &office.stranger : &office.online;
        assert_refused(&office, sign(steps[i].type, plan, key), steps[i].code);
    }
    office_close(&office);
}

static void remove_files(const char *dir)
{
    static const char *const names[] = {"plan.json", "plan-seen.json"};
    for (unsigned i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = g_build_filename(dir, names[i], NULL);
        g_remove(path);
    }
    g_rmdir(dir);
}

static bool replace(PlanFile *file, char *take_text, AcceptCode *ret_code)
{
    g_autofree char *text = take_text;
    return plan_file_replace(file, text, strlen(text), ret_code, NULL);
}

static void a_plan_outlives_the_process_and_a_refused_one_changes_nothing(void)
{
    Office office;
    office_open(&office);
    AcceptCode code;
    g_autofree char *dir = g_dir_make_tmp("loa-plan-XXXXXX", NULL);
    PlanFile *file = plan_file_open(dir, &office.identity, &code);
    assert_code(code, ACCEPT_OK);
    g_assert_null(plan_file_plan(file));
    g_assert_true(replace(file, plan_text(&office, 1, 5), &code));
    g_assert_false(replace(file, plan_text(&office, 1, 4), &code));
    assert_code(code, ACCEPT_OLD_VERSION);
    plan_file_free(file);

    file = plan_file_open(dir, &office.identity, &code);
    assert_code(code, ACCEPT_OK);
    g_assert_cmpint(plan_file_plan(file)->version, ==, 5);
    plan_file_free(file);
    remove_files(dir);
    office_close(&office);
}

static void a_damaged_plan_is_not_used_and_an_older_one_stays_out(void)
{
    Office office;
    office_open(&office);
    AcceptCode code;
    g_autofree char *dir = g_dir_make_tmp("loa-plan-XXXXXX", NULL);
    PlanFile *file = plan_file_open(dir, &office.identity, &code);
    g_assert_true(replace(file, plan_text(&office, 1, 5), &code));
    plan_file_free(file);
    g_autofree char *path = g_build_filename(dir, "plan.json", NULL);
    g_assert_true(g_file_set_contents(path, "{\"payload", -1, NULL));

    file = plan_file_open(dir, &office.identity, &code);
    assert_code(code, ACCEPT_NO_ENVELOPE);
    g_assert_null(plan_file_plan(file));
    g_assert_false(replace(file, plan_text(&office, 1, 4), &code));
    assert_code(code, ACCEPT_OLD_VERSION);
    g_assert_true(replace(file, plan_text(&office, 1, 5), &code));
    plan_file_free(file);
    remove_files(dir);
    office_close(&office);
}

static void one_version_never_means_two_plans(void)
{
    Office office;
    office_open(&office);
    AcceptCode code;
    g_autofree char *dir = g_dir_make_tmp("loa-plan-XXXXXX", NULL);
    g_autoptr(PlanFile) file = plan_file_open(dir, &office.identity, &code);
    g_assert_true(replace(file, plan_text(&office, 1, 5), &code));
    Json *other = plan_json(1, 5, "station-1");
    json_set_int(other, "until_us", 2);
    g_assert_false(replace(file, sign(ENVELOPE_TYPE_PLAN, other, &office.online), &code));
    assert_code(code, ACCEPT_OLD_VERSION);
    remove_files(dir);
    office_close(&office);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/accept/newer", a_newer_plan_of_ours_is_believed);
    g_test_add_func("/accept/too large", too_large_is_refused_before_parsing);
    g_test_add_func("/accept/no envelope", what_is_no_envelope_is_refused);
    g_test_add_func("/accept/wrong type", another_type_is_refused);
    g_test_add_func("/accept/stranger", a_strangers_key_is_refused);
    g_test_add_func("/accept/no role", a_known_key_without_the_role_is_refused);
    g_test_add_func("/accept/flipped bit", one_flipped_bit_in_the_payload_is_refused);
    g_test_add_func("/accept/another station", another_stations_plan_is_refused);
    g_test_add_func("/accept/older", what_is_older_is_refused);
    g_test_add_func("/accept/malformed", a_malformed_plan_is_refused_although_it_is_signed);
    g_test_add_func("/accept/unsupported", what_we_do_not_know_but_should_is_refused);
    g_test_add_func("/accept/order", the_first_guard_speaks);
    g_test_add_func("/plan file/outlives",
                    a_plan_outlives_the_process_and_a_refused_one_changes_nothing);
    g_test_add_func("/plan file/damaged", a_damaged_plan_is_not_used_and_an_older_one_stays_out);
    g_test_add_func("/plan file/one version", one_version_never_means_two_plans);
    return g_test_run();
}
