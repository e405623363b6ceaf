/* The station's own count of what it did not believe. */
#include "link/refusals.h"

#include <glib/gstdio.h>

#define NOW INT64_C(1795305600000000)

typedef struct Room {
    char *dir, *path;
    FakeClock clock;
    Refusals *refusals;
} Room;

static void set_up(Room *self, G_GNUC_UNUSED gconstpointer data)
{
    fake_clock_init(&self->clock, NOW);
    self->dir = g_dir_make_tmp("loa-refusals-XXXXXX", NULL);
    self->path = g_build_filename(self->dir, "refusals.json", NULL);
    self->refusals = refusals_open(self->path, &self->clock.clock);
}

static void tear_down(Room *self, G_GNUC_UNUSED gconstpointer data)
{
    refusals_free(self->refusals);
    g_unlink(self->path);
    g_rmdir(self->dir);
    g_free(self->path);
    g_free(self->dir);
}

static void restart(Room *self)
{
    refusals_free(self->refusals);
    self->refusals = refusals_open(self->path, &self->clock.clock);
}

static void assert_row(const Room *self, unsigned at, const char *code, int64_t count,
                       int64_t first_us, int64_t last_us)
{
    g_autoptr(Json) list = refusals_to_json(self->refusals);
    const Json *one = json_at(list, at);
    g_assert_cmpstr(json_peek_text(one, "code"), ==, code);
    g_assert_cmpint(json_peek_int(one, "count", 0), ==, count);
    g_assert_cmpint(json_peek_int(one, "first_us", 0), ==, first_us);
    g_assert_cmpint(json_peek_int(one, "last_us", 0), ==, last_us);
}

static void the_same_code_is_one_line_and_outlives_the_process(Room *self,
                                                               G_GNUC_UNUSED gconstpointer data)
{
    refusals_add(self->refusals, "plan", "bad-signature");
    fake_clock_advance(&self->clock, 1000);
    refusals_add(self->refusals, "root", "malformed");
    fake_clock_advance(&self->clock, 1000);
    refusals_add(self->refusals, "plan", "bad-signature");
    assert_row(self, 0, "plan.bad-signature", 2, NOW, NOW + 2000);
    assert_row(self, 1, "root.malformed", 1, NOW + 1000, NOW + 1000);
    restart(self);
    assert_row(self, 0, "plan.bad-signature", 2, NOW, NOW + 2000);
    refusals_add(NULL, "plan", "bad-signature"); /* nobody to tell */
}

static void a_new_code_is_on_the_disk_at_once(Room *self, G_GNUC_UNUSED gconstpointer data)
{
    refusals_add(self->refusals, "plan", "not-mine");
    g_autofree char *text = NULL;
    g_assert_true(g_file_get_contents(self->path, &text, NULL, NULL));
    g_assert_nonnull(strstr(text, "plan.not-mine"));
}

static void a_million_inventions_take_no_room(Room *self, G_GNUC_UNUSED gconstpointer data)
{
    for (unsigned i = 0; i < 1000; i++) {
        g_autofree char *why = g_strdup_printf("invention-%u-%0200u", i, i);
        refusals_add(self->refusals, "command", why);
    }
    g_autoptr(Json) list = refusals_to_json(self->refusals);
    g_assert_cmpuint(json_length(list), ==, REFUSALS_MAX);
    assert_row(self, 0, "other", 1000 - (REFUSALS_MAX - 1), NOW, NOW);
    GStatBuf about;
    g_assert_true(refusals_save(self->refusals, NULL));
    g_assert_cmpint(g_stat(self->path, &about), ==, 0);
    g_assert_cmpint(about.st_size, <, 8192);
    restart(self);
    refusals_add(self->refusals, "command", "one more");
    assert_row(self, 0, "other", 1001 - (REFUSALS_MAX - 1), NOW, NOW);
}

static void a_damaged_file_is_begun_anew(Room *self, G_GNUC_UNUSED gconstpointer data)
{
    static const char *const texts[] = {"", "{", "[{}]", "{\"a\":1}", "[{\"code\":1}]", "[[]]"};
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_assert_true(g_file_set_contents(self->path, texts[i], -1, NULL));
        restart(self);
        g_autoptr(Json) list = refusals_to_json(self->refusals);
        g_assert_cmpuint(json_length(list), ==, 0);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    static const struct {
        const char *name;
        void (*run)(Room *, gconstpointer);
    } tests[] = {
        {"/refusals/one line", the_same_code_is_one_line_and_outlives_the_process},
        {"/refusals/at once", a_new_code_is_on_the_disk_at_once},
        {"/refusals/bounded", a_million_inventions_take_no_room},
        {"/refusals/damaged", a_damaged_file_is_begun_anew},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(tests); i++)
        g_test_add(tests[i].name, Room, NULL, set_up, tests[i].run, tear_down);
    return g_test_run();
}
