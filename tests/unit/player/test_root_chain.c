/* Root documents at the station: which are followed, that they outlive the process, and that the
 * plan in force does not fall silent for it. */
#include "plan/plan_file.h"

#include <glib/gstdio.h>
#include <string.h>

#define NOW INT64_C(1795305600000000)

typedef struct Office {
    Key root, online, next_root, next_online, stranger;
    char *dir;
    Identity *identity;
} Office;

static Root *first_root(const Office *self)
{
    Root *root = root_new();
    root->version = root->epoch = 1;
    root_add_key(root, &self->root);
    root_add_key(root, &self->online);
    root_grant(root, ROOT_ROLE_ROOT, &self->root);
    root_grant(root, ROOT_ROLE_PLAN, &self->online);
    return root;
}

static Root *second_root(const Office *self)
{
    g_autoptr(Root) first = first_root(self);
    Root *next = root_successor(first, NOW);
    g_assert_true(root_replace_key(next, self->root.id, &self->next_root));
    g_assert_true(root_replace_key(next, self->online.id, &self->next_online));
    return next;
}

static Envelope *sign(const Root *root, const Key *one, const Key *two)
{
    g_autoptr(Json) json = root_to_json(root);
    g_autoptr(GBytes) payload = json_print_bytes(json);
    Envelope *envelope = envelope_sign(ENVELOPE_TYPE_ROOT, payload, one);
    if (two)
        g_assert_true(envelope_add_signature(envelope, two));
    return envelope;
}

static void set_up(Office *self, G_GNUC_UNUSED gconstpointer data)
{
    Key *const keys[] = {&self->root, &self->online, &self->next_root, &self->next_online,
                         &self->stranger};
    for (unsigned i = 0; i < G_N_ELEMENTS(keys); i++)
        key_generate(keys[i]);
    self->dir = g_dir_make_tmp("loa-root-XXXXXX", NULL);
    g_autoptr(Root) root = first_root(self);
    g_autoptr(Envelope) envelope = sign(root, &self->root, NULL);
    g_autoptr(Json) answer = json_new_object();
    json_set_text(answer, "station", "station-1");
    json_set_take(answer, "area_path", json_new_array());
    json_set_take(answer, "root", envelope_to_json(envelope));
    g_assert_true(identity_save(answer, self->dir, NULL));
    self->identity = identity_load(self->dir, NULL);
    g_assert_nonnull(self->identity);
}

static void tear_down(Office *self, G_GNUC_UNUSED gconstpointer data)
{
    static const char *const names[] = {"station.json", "root-2.json", "root-3.json", "plan.json",
                                        "plan-seen.json"};
    for (unsigned i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = g_build_filename(self->dir, names[i], NULL);
        g_unlink(path);
    }
    g_rmdir(self->dir);
    g_free(self->dir);
    identity_free(self->identity);
}

static bool follow(Office *self, Envelope *take_envelope)
{
    g_autoptr(Envelope) envelope = take_envelope;
    size_t length;
    g_autofree char *text = envelope_print(envelope, &length);
    return identity_follow(self->identity, self->dir, text, length, NULL);
}

static void reload(Office *self)
{
    identity_free(self->identity);
    self->identity = identity_load(self->dir, NULL);
    g_assert_nonnull(self->identity);
}

static void the_next_root_is_followed_and_outlives_the_process(Office *self,
                                                               G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(Root) second = second_root(self);
    g_assert_true(follow(self, sign(second, &self->root, &self->next_root)));
    g_assert_cmpint(self->identity->root->version, ==, 2);
    reload(self);
    g_assert_cmpint(self->identity->root->version, ==, 2);
    g_assert_cmpint(self->identity->previous->version, ==, 1);
}

static void no_forgery_is_followed(Office *self, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(Root) second = second_root(self);
    g_autoptr(Root) skips = second_root(self);
    g_autoptr(Root) same = second_root(self);
    g_autoptr(Root) lower = second_root(self);
    g_autoptr(Root) theirs = first_root(self);
    skips->version = 3;
    same->version = 1;
    lower->epoch = 0;
    theirs->version = 2;
    g_assert_true(root_replace_key(theirs, self->root.id, &self->stranger));
    Envelope *plan = sign(second, &self->root, &self->next_root);
    g_free(plan->type);
    plan->type = g_strdup(ENVELOPE_TYPE_PLAN);
    Envelope *const forgeries[] = {
        sign(second, &self->root, NULL),          /* the new key has not agreed */
        sign(second, &self->next_root, NULL),     /* the old one has not let it in */
        sign(second, &self->root, &self->root),   /* twice the same is once */
        sign(second, &self->root, &self->online), /* another role */
        sign(second, &self->stranger, &self->next_root),
        sign(skips, &self->root, &self->next_root),
        sign(same, &self->root, &self->next_root),
        sign(lower, &self->root, &self->next_root),
        sign(theirs, &self->stranger, &self->online),
        plan,
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(forgeries); i++) {
        g_test_message("forgery %u", i);
        g_assert_false(follow(self, forgeries[i]));
        g_assert_cmpint(self->identity->root->version, ==, 1);
    }
    g_assert_false(identity_follow(self->identity, self->dir, "{}", 2, NULL));
    g_autofree char *large = g_strnfill(200 * 1024, '[');
    g_assert_false(identity_follow(self->identity, self->dir, large, 200 * 1024, NULL));
    reload(self);
    g_assert_cmpint(self->identity->root->version, ==, 1);
}

static void every_flipped_bit_is_refused(Office *self, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(Root) second = second_root(self);
    g_autoptr(Envelope) envelope = sign(second, &self->root, &self->next_root);
    size_t length;
    const uint8_t *bytes = g_bytes_get_data(envelope->payload, &length);
    for (size_t i = 0; i < length; i++) {
        uint8_t *copy = g_memdup2(bytes, length);
        copy[i] ^= (uint8_t)(1 << i % 8);
        Envelope *bent = sign(second, &self->root, &self->next_root);
        g_bytes_unref(bent->payload);
        bent->payload = g_bytes_new_take(copy, length);
        g_assert_false(follow(self, bent));
    }
}

static void a_damaged_link_ends_the_chain_before_it(Office *self, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(Root) second = second_root(self);
    g_autoptr(Root) third = root_successor(second, NOW);
    g_assert_true(follow(self, sign(second, &self->root, &self->next_root)));
    g_assert_true(follow(self, sign(third, &self->next_root, NULL)));
    g_autofree char *path = g_build_filename(self->dir, "root-3.json", NULL);
    g_assert_true(g_file_set_contents(path, "{\"payl", -1, NULL));
    reload(self);
    g_assert_cmpint(self->identity->root->version, ==, 2);
    g_assert_true(follow(self, sign(third, &self->next_root, NULL)));
    g_assert_cmpint(self->identity->root->version, ==, 3);
}

static char *plan_text(const Key *key, int64_t epoch, int64_t version)
{
    g_autoptr(Plan) plan = plan_new();
    plan->station = g_strdup("station-1");
    plan->epoch = epoch;
    plan->version = version;
    plan->until_us = 1;
    g_autoptr(Json) json = plan_to_json(plan);
    g_autoptr(GBytes) bytes = json_print_bytes(json);
    g_autoptr(Envelope) envelope = envelope_sign(ENVELOPE_TYPE_PLAN, bytes, key);
    return envelope_print(envelope, NULL);
}

static AcceptCode offer(PlanFile *file, char *take_text)
{
    g_autofree char *text = take_text;
    AcceptCode code;
    G_GNUC_UNUSED bool taken = plan_file_replace(file, text, strlen(text), &code, NULL);
    return code;
}

static void the_plan_in_force_outlives_a_change_of_root(Office *self,
                                                        G_GNUC_UNUSED gconstpointer data)
{
    AcceptCode code;
    g_autoptr(Root) second = second_root(self);
    PlanFile *file = plan_file_open(self->dir, self->identity, &code);
    g_assert_cmpint(offer(file, plan_text(&self->online, 1, 5)), ==, ACCEPT_OK);
    g_assert_true(follow(self, sign(second, &self->root, &self->next_root)));
    /* From here on nothing new of the old keys, */
    g_assert_cmpint(offer(file, plan_text(&self->online, 1, 6)), ==, ACCEPT_KEY_UNKNOWN);
    g_assert_cmpint(offer(file, plan_text(&self->next_online, 1, 6)), ==, ACCEPT_OLD_EPOCH);
    plan_file_free(file);
    reload(self);
    file = plan_file_open(self->dir, self->identity, &code);
    g_assert_cmpint(code, ==, ACCEPT_OK);
    g_assert_cmpint(plan_file_plan(file)->version, ==, 5); /* but what was in force plays on. */
    g_assert_cmpint(offer(file, plan_text(&self->next_online, second->epoch, 1)), ==, ACCEPT_OK);
    plan_file_free(file);

    /* Another plan of the old key on the disk is not the one that was in force. */
    g_autofree char *path = g_build_filename(self->dir, "plan.json", NULL);
    g_autofree char *other = plan_text(&self->online, 1, 5);
    g_assert_true(g_file_set_contents(path, other, -1, NULL));
    file = plan_file_open(self->dir, self->identity, &code);
    g_assert_cmpint(code, ==, ACCEPT_KEY_UNKNOWN);
    g_assert_null(plan_file_plan(file));
    plan_file_free(file);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_assert_true(crypto_init());
    static const struct {
        const char *name;
        void (*run)(Office *, gconstpointer);
    } tests[] = {
        {"/root chain/next", the_next_root_is_followed_and_outlives_the_process},
        {"/root chain/forgeries", no_forgery_is_followed},
        {"/root chain/flipped bits", every_flipped_bit_is_refused},
        {"/root chain/damaged link", a_damaged_link_ends_the_chain_before_it},
        {"/root chain/plan", the_plan_in_force_outlives_a_change_of_root},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(tests); i++)
        g_test_add(tests[i].name, Office, NULL, set_up, tests[i].run, tear_down);
    return g_test_run();
}
