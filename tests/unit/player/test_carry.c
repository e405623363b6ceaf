/* Sticks that are cut short, hostile or simply someone else's. */
#include "carry.h"

#include "digest.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SOUND "the canonical file of an announcement, long enough to be cut in two"

typedef struct Pole {
    Key root, online;
    char *data, *mount, *folder, *sha256;
    FakeClock clock;
    Identity *identity;
    PlanFile *plan;
    MediaCache *media;
    Fetcher *fetcher;
    Refusals *refusals;
    Carry *carry;
    unsigned plans, files;
} Pole;

static void on_plan(void *user)
{
    ((Pole *)user)->plans++;
}

static void on_ready(const char *sha256, void *user)
{
    Pole *self = user;
    g_assert_cmpstr(sha256, ==, self->sha256);
    self->files++;
}

static Identity *make_identity(const Pole *self)
{
    Identity *identity = g_new0(Identity, 1);
    identity->station = g_strdup("station-1");
    identity->area_path = g_ptr_array_new_with_free_func(g_free);
    identity->root = root_new();
    identity->root->version = identity->root->epoch = 1;
    root_add_key(identity->root, &self->root);
    root_add_key(identity->root, &self->online);
    root_grant(identity->root, ROOT_ROLE_ROOT, &self->root);
    root_grant(identity->root, ROOT_ROLE_PLAN, &self->online);
    return identity;
}

static void set_up(Pole *self, G_GNUC_UNUSED gconstpointer data)
{
    AcceptCode code;
    key_generate(&self->root);
    key_generate(&self->online);
    fake_clock_init(&self->clock, INT64_C(1795305600000000));
    self->data = g_dir_make_tmp("loa-pole-XXXXXX", NULL);
    self->mount = g_dir_make_tmp("loa-mount-XXXXXX", NULL);
    self->folder = g_build_filename(self->mount, CARRY_FOLDER, NULL);
    g_autofree char *sound = g_build_filename(self->folder, "media", NULL);
    g_autofree char *media = g_build_filename(self->data, "media", NULL);
    g_autofree char *refused = g_build_filename(self->data, "refusals.json", NULL);
    g_assert_cmpint(g_mkdir_with_parents(sound, 0700), ==, 0);
    self->sha256 = digest_hex_of(SOUND, strlen(SOUND));
    self->identity = make_identity(self);
    self->plan = plan_file_open(self->data, self->identity, &code);
    self->media = media_cache_open(media, NULL);
    self->fetcher = fetcher_new(NULL, self->media, &(FetcherEvents){0});
    self->refusals = refusals_open(refused, &self->clock.clock);
    self->carry = carry_new(&(CarryParts){.mount = self->mount,
                                          .data = self->data,
                                          .identity = self->identity,
                                          .plan = self->plan,
                                          .media = self->media,
                                          .fetcher = self->fetcher,
                                          .refusals = self->refusals,
                                          .on_plan = on_plan,
                                          .on_ready = on_ready,
                                          .user = self});
}

static void remove_tree(const char *path)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name(dir));) {
        g_autofree char *inside = g_build_filename(path, name, NULL);
        if (g_file_test(inside, G_FILE_TEST_IS_DIR) && !g_file_test(inside, G_FILE_TEST_IS_SYMLINK))
            remove_tree(inside);
        else
            g_unlink(inside);
    }
    g_rmdir(path);
}

static void tear_down(Pole *self, G_GNUC_UNUSED gconstpointer data)
{
    carry_free(self->carry);
    refusals_free(self->refusals);
    fetcher_free(self->fetcher);
    media_cache_free(self->media);
    plan_file_free(self->plan);
    identity_free(self->identity);
    remove_tree(self->data);
    remove_tree(self->mount);
    g_free(self->data);
    g_free(self->mount);
    g_free(self->folder);
    g_free(self->sha256);
}

static void put(const Pole *self, const char *folder, const char *name, const char *content,
                size_t length)
{
    g_autofree char *path = g_build_filename(self->folder, folder, name, NULL);
    g_unlink(path);
    g_assert_true(g_file_set_contents(path, content, (gssize)length, NULL));
}

static void put_sound(const Pole *self)
{
    put(self, "media", self->sha256, SOUND, strlen(SOUND));
}

static void put_plan(const Pole *self, int64_t version, const char *station, const Key *key)
{
    g_autoptr(Plan) plan = plan_new();
    plan->station = g_strdup(station);
    plan->epoch = 1;
    plan->version = version;
    plan->until_us = 1;
    g_ptr_array_add(plan->media, plan_media_new(self->sha256, strlen(SOUND), 1));
    g_autoptr(Json) json = plan_to_json(plan);
    g_autoptr(GBytes) bytes = json_print_bytes(json);
    g_autoptr(Envelope) envelope = envelope_sign(ENVELOPE_TYPE_PLAN, bytes, key);
    size_t length;
    g_autofree char *text = envelope_print(envelope, &length);
    put(self, "", "plan.json", text, length);
}

static void insert(Pole *self)
{
    if (carry_look(self->carry))
        while (carry_step(self->carry))
            ;
}

static void assert_refused(const Pole *self, const char *code)
{
    g_autoptr(Json) list = refusals_to_json(self->refusals);
    g_assert_cmpstr(json_peek_text(json_at(list, 0), "code"), ==, code);
}

static void a_right_stick_brings_plan_and_sound_once(Pole *self, G_GNUC_UNUSED gconstpointer data)
{
    put_plan(self, 3, "station-1", &self->online);
    put_sound(self);
    insert(self);
    g_assert_cmpint(plan_file_plan(self->plan)->version, ==, 3);
    g_assert_true(media_cache_verify(self->media, self->sha256, NULL));
    insert(self);
    g_assert_cmpuint(self->plans, ==, 1);
    g_assert_cmpuint(self->files, ==, 1);
    g_autoptr(Json) list = refusals_to_json(self->refusals);
    g_assert_cmpuint(json_length(list), ==, 0);
}

static void
a_stick_for_another_station_or_by_a_stranger_changes_nothing(Pole *self,
                                                             G_GNUC_UNUSED gconstpointer data)
{
    Key stranger;
    key_generate(&stranger);
    put_sound(self);
    put_plan(self, 3, "station-2", &self->online);
    insert(self);
    assert_refused(self, "import.not-mine");
    put_plan(self, 3, "station-1", &stranger);
    insert(self);
    assert_refused(self, "import.key-unknown");
    put(self, "", "plan.json", "{\"payl", 6);
    insert(self);
    assert_refused(self, "import.no-envelope");
    g_assert_null(plan_file_plan(self->plan));
    g_assert_false(media_cache_has(self->media, self->sha256));
}

static void an_older_stick_does_not_bring_back_its_plan(Pole *self,
                                                        G_GNUC_UNUSED gconstpointer data)
{
    put_plan(self, 5, "station-1", &self->online);
    insert(self);
    put_plan(self, 4, "station-1", &self->online);
    put_sound(self);
    insert(self);
    assert_refused(self, "import.old-version");
    g_assert_cmpint(plan_file_plan(self->plan)->version, ==, 5);
    g_assert_cmpuint(self->files, ==, 1); /* what the plan in force needs is welcome all the same */
}

static void a_stick_without_its_plan_is_passed_over(Pole *self, G_GNUC_UNUSED gconstpointer data)
{
    put_sound(self);
    insert(self);
    g_assert_cmpuint(self->files, ==, 0);
}

static void a_wrong_file_is_not_taken(Pole *self, G_GNUC_UNUSED gconstpointer data)
{
    g_autofree char *bent = g_strdup(SOUND);
    bent[10] ^= 1;
    put_plan(self, 3, "station-1", &self->online);
    put(self, "media", self->sha256, bent, strlen(bent));
    insert(self);
    assert_refused(self, "import.wrong-hash");
    put_plan(self, 4, "station-1", &self->online);
    put(self, "media", self->sha256, SOUND, strlen(SOUND) / 2);
    insert(self);
    assert_refused(self, "import.wrong-size");
    g_assert_cmpuint(self->files, ==, 0);
    put_plan(self, 5, "station-1", &self->online);
    put_sound(self);
    insert(self);
    g_assert_cmpuint(self->files, ==, 1);
}

static void a_link_or_a_pipe_is_no_file(Pole *self, G_GNUC_UNUSED gconstpointer data)
{
    g_autofree char *elsewhere = g_build_filename(self->data, "elsewhere", NULL);
    g_autofree char *path = g_build_filename(self->folder, "media", self->sha256, NULL);
    g_assert_true(g_file_set_contents(elsewhere, SOUND, -1, NULL));
    g_assert_cmpint(symlink(elsewhere, path), ==, 0);
    put_plan(self, 3, "station-1", &self->online);
    insert(self);
    g_assert_cmpuint(self->files, ==, 0);
    g_unlink(path);
    g_assert_cmpint(mkfifo(path, 0600), ==, 0);
    put_plan(self, 4, "station-1", &self->online);
    insert(self);
    g_assert_cmpuint(self->files, ==, 0);
}

static void what_the_network_began_the_stick_ends(Pole *self, G_GNUC_UNUSED gconstpointer data)
{
    int64_t have;
    int fd = media_cache_part_open(self->media, self->sha256, strlen(SOUND), &have, NULL);
    g_assert_cmpint(write(fd, SOUND, 20), ==, 20);
    close(fd);
    put_plan(self, 3, "station-1", &self->online);
    put_sound(self);
    insert(self);
    g_assert_cmpuint(self->files, ==, 1);
    g_assert_true(media_cache_verify(self->media, self->sha256, NULL));
}

static void the_roots_on_a_stick_are_followed(Pole *self, G_GNUC_UNUSED gconstpointer data)
{
    Key next_online;
    key_generate(&next_online);
    g_autofree char *folder = g_build_filename(self->folder, "roots", NULL);
    g_assert_cmpint(g_mkdir(folder, 0700), ==, 0);
    g_autoptr(Root) next = root_successor(self->identity->root, 0);
    g_assert_true(root_replace_key(next, self->online.id, &next_online));
    g_autoptr(Json) json = root_to_json(next);
    g_autoptr(GBytes) payload = json_print_bytes(json);
    g_autoptr(Envelope) envelope = envelope_sign(ENVELOPE_TYPE_ROOT, payload, &self->root);
    size_t length;
    g_autofree char *text = envelope_print(envelope, &length);
    put(self, "roots", "2.json", text, length);
    put_plan(self, 3, "station-1", &next_online);
    insert(self);
    g_assert_cmpint(self->identity->root->version, ==, 2);
    assert_refused(self, "import.old-epoch"); /* signed right, but of the time before that root */
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_log_set_always_fatal(G_LOG_FATAL_MASK);
    g_assert_true(crypto_init());
    static const struct {
        const char *name;
        void (*run)(Pole *, gconstpointer);
    } tests[] = {
        {"/carry/right", a_right_stick_brings_plan_and_sound_once},
        {"/carry/foreign", a_stick_for_another_station_or_by_a_stranger_changes_nothing},
        {"/carry/older", an_older_stick_does_not_bring_back_its_plan},
        {"/carry/without plan", a_stick_without_its_plan_is_passed_over},
        {"/carry/wrong file", a_wrong_file_is_not_taken},
        {"/carry/links", a_link_or_a_pipe_is_no_file},
        {"/carry/part", what_the_network_began_the_stick_ends},
        {"/carry/roots", the_roots_on_a_stick_are_followed},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(tests); i++)
        g_test_add(tests[i].name, Pole, NULL, set_up, tests[i].run, tear_down);
    return g_test_run();
}
