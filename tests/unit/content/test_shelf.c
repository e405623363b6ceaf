/* Bulletins as people look for them: by word without marks, page after page, and nothing that
 * stands elsewhere. */
#include "access/user_store.h"
#include "content/bulletin_store.h"
#include "registry/area_store.h"
#include "registry/shelf_check_store.h"

#include <stdlib.h>
#include <string.h>

#define NOW_US 1795305600000000LL

typedef struct Fixture {
    char *folder; /* NULL: in memory */
    Database *database;
    int made;
} Fixture;

static void add_area(Database *database, const char *id, const char *parent, const char *path)
{
    const Area area = {.id = (char *)id,
                       .parent = (char *)parent,
                       .name = (char *)id,
                       .kind = (char *)"commune",
                       .path = (char *)path};
    g_assert_true(area_store_add(database, &area, NOW_US, NULL));
}

static void set_up(Fixture *self, gconstpointer data)
{
    self->folder = data ? g_dir_make_tmp("loa-shelf-XXXXXX", NULL) : NULL;
    g_autofree char *path = data ? g_build_filename(self->folder, data, NULL) : NULL;
    self->database = database_open(path ? path : ":memory:", NULL);
    add_area(self->database, "a1", NULL, "/a1/");
    add_area(self->database, "b2", "a1", "/a1/b2/");
    add_area(self->database, "b20", "a1", "/a1/b20/");
    g_autoptr(GArray) grants = g_array_new(FALSE, FALSE, sizeof(UserGrant));
    const User user = {
        .id = (char *)"f0", .name = (char *)"Đỗ Thị Hằng", .login = (char *)"f0", .grants = grants};
    g_assert_true(user_store_add(self->database, &user, "-", NOW_US, NULL));
}

static void tear_down(Fixture *self, gconstpointer data)
{
    (void)data;
    database_close(self->database);
    g_autofree char *command = self->folder ? g_strdup_printf("rm -r %s", self->folder) : NULL;
    g_assert_true(!command || system(command) == 0);
    g_free(self->folder);
}

static Bulletin version_of(Fixture *self, const char *id, const char *title, const char *text)
{
    static char versions[200][8];
    g_snprintf(versions[self->made], sizeof versions[0], "v%d", self->made);
    return (Bulletin){.id = (char *)id,
                      .version = versions[self->made++],
                      .area = (char *)"b2",
                      .title = (char *)title,
                      .text = (char *)text,
                      .language = (char *)"vi",
                      .author = (char *)"f0",
                      .author_name = (char *)"Đỗ Thị Hằng",
                      .created_us = NOW_US};
}

static void add(Fixture *self, const char *id, const char *area, const char *title,
                const char *text)
{
    Bulletin bulletin = version_of(self, id, title, text);
    bulletin.area = (char *)area;
    g_assert_true(bulletin_store_add(self->database, &bulletin, NULL));
}

/* "id id ..." of what is found; `next` of the page comes back in the query. */
static char *find(Fixture *self, const char *area, ShelfQuery *query)
{
    g_autoptr(GPtrArray) areas = g_ptr_array_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) ids = g_string_new(NULL);
    g_ptr_array_add(areas, (gpointer)area);
    query->areas = areas;
    query->limit = query->limit ? query->limit : 50;
    g_autoptr(GPtrArray) list = bulletin_store_page(self->database, query, &query->before, &error);
    g_assert_no_error(error);
    for (unsigned i = 0; i < list->len; i++)
        g_string_append_printf(ids, "%s%s", i ? " " : "",
                               ((const Bulletin *)g_ptr_array_index(list, i))->id);
    return g_string_free(g_steal_pointer(&ids), FALSE);
}

static void assert_found(Fixture *self, const char *typed, const char *expected)
{
    ShelfQuery query = {.typed = typed};
    g_autofree char *ids = find(self, "a1", &query);
    g_assert_cmpstr(ids, ==, expected);
}

static void test_words_are_found_with_and_without_marks(Fixture *self, gconstpointer data)
{
    (void)data;
    add(self, "e1", "b2", "Lịch tiêm chủng tháng 11", NULL);
    add(self, "e2", "b2", "Thông báo cắt điện", "Đường dây 22 kV ngừng cấp điện từ 7 giờ");
    add(self, "e3", "b20", "Đại hội nông dân", NULL);
    assert_found(self, "tiem chung", "e1");
    assert_found(self, "TIÊM CHỦNG", "e1");
    assert_found(self, "Tie\xcc\x82m", "e1");      /* decomposed, as some keyboards send it */
    assert_found(self, "chung  tiem thang", "e1"); /* in any order */
    assert_found(self, "duong day 22", "e2");      /* in the typed text */
    assert_found(self, "đường", "e2");
    assert_found(self, "dai", "e3");
    assert_found(self, "do thi hang", "e3 e2 e1"); /* the author */
    assert_found(self, "d", "e3 e2 e1");           /* while it is being typed */
    assert_found(self, "iem", "");                 /* a word is known by how it begins */
    assert_found(self, "tiem dien", "");
    assert_found(self, "", "e3 e2 e1");
    assert_found(self, NULL, "e3 e2 e1");
}

static void test_no_sign_is_an_order_to_the_index(Fixture *self, gconstpointer data)
{
    (void)data;
    add(self, "e1", "b2", "Giá lúa \"ST25\" (tăng)", NULL);
    assert_found(self, "\"ST25\" AND (tang OR", "");
    assert_found(self, "\"st25\" - (tang) *", "e1");
    assert_found(self, "'; DROP TABLE bulletins; --", "");
    g_autofree char *nobody = find(self, "a1", &(ShelfQuery){.marks = {"f\"0) OR (a-b", "", "f,"}});
    g_assert_cmpstr(nobody, ==, "");
    for (gunichar letter = 1; letter < 0x3000; letter++) {
        char word[16] = "a";
        if (letter < 0xd800 || letter > 0xdfff)
            word[1 + g_unichar_to_utf8(letter, word + 1)] = '\0';
        g_strlcat(word, "b", sizeof word);
        g_autofree G_GNUC_UNUSED char *ids =
            find(self, "a1", &(ShelfQuery){.typed = word}); /* fails on error */
    }
}

static void test_areas_that_begin_alike_stay_apart(Fixture *self, gconstpointer data)
{
    (void)data;
    add(self, "e1", "b2", "Bản tin", NULL);
    add(self, "e2", "b20", "Bản tin", NULL);
    g_autofree char *one = find(self, "b2", &(ShelfQuery){.typed = "ban"});
    g_assert_cmpstr(one, ==, "e1");
    g_autofree char *other = find(self, "b20", &(ShelfQuery){0});
    g_assert_cmpstr(other, ==, "e2");
    g_autofree char *all = find(self, "a1", &(ShelfQuery){0});
    g_assert_cmpstr(all, ==, "e2 e1");
    const ShelfQuery nowhere = {.areas = g_ptr_array_new(), .limit = 5};
    g_autoptr(GPtrArray) none = bulletin_store_page(self->database, &nowhere, NULL, NULL);
    g_assert_cmpuint(none->len, ==, 0);
    g_ptr_array_unref((GPtrArray *)nowhere.areas);
}

static void test_pages_hold_still_while_others_write(Fixture *self, gconstpointer data)
{
    (void)data;
    static const char *const ids[] = {"e1", "e2", "e3", "e4", "e5"};
    for (size_t i = 0; i < G_N_ELEMENTS(ids); i++)
        add(self, ids[i], "b2", "Bản tin", NULL);
    ShelfQuery query = {.limit = 2};
    g_autofree char *first = find(self, "a1", &query);
    g_assert_cmpstr(first, ==, "e5 e4");
    add(self, "e6", "b2", "Bản tin mới", NULL);
    Bulletin anew = version_of(self, "e3", "Bản tin sửa", NULL);
    g_assert_true(bulletin_store_add_version(self->database, &anew, NULL));
    g_autofree char *second = find(self, "a1", &query);
    g_assert_cmpstr(second, ==, "e3 e2");
    g_autofree char *third = find(self, "a1", &query);
    g_assert_cmpstr(third, ==, "e1");
    g_assert_cmpint(query.before, ==, 0);
}

static void test_a_new_version_is_found_by_its_own_words(Fixture *self, gconstpointer data)
{
    (void)data;
    int64_t count = 0;
    add(self, "e1", "b2", "Lịch tiêm chủng", "Mang theo sổ");
    Bulletin anew = version_of(self, "e1", "Lịch khám bệnh", NULL);
    anew.source = NULL;
    g_assert_true(bulletin_store_add_version(self->database, &anew, NULL));
    assert_found(self, "tiem", "");
    assert_found(self, "so", "");
    assert_found(self, "kham", "e1");
    g_autoptr(GPtrArray) areas = g_ptr_array_new();
    g_ptr_array_add(areas, (gpointer) "a1");
    const ShelfQuery all = {.areas = areas, .limit = 1};
    g_assert_true(shelf_store_count(self->database, SHELF_BULLETINS, &all, &count, NULL));
    g_assert_cmpint(count, ==, 1);
}

static void assert_marked(Fixture *self, const char *state, const char *expected)
{
    g_autofree char *ids = find(self, "a1", &(ShelfQuery){.marks = {state, "f0", "sound"}});
    g_assert_cmpstr(ids, ==, expected);
}

static void test_states_move_with_the_bulletin(Fixture *self, gconstpointer data)
{
    (void)data;
    add(self, "e1", "b2", "Bản tin", NULL);
    const struct {
        BulletinState from, to;
    } steps[] = {{BULLETIN_DRAFT, BULLETIN_SUBMITTED},
                 {BULLETIN_SUBMITTED, BULLETIN_APPROVED},
                 {BULLETIN_APPROVED, BULLETIN_WITHDRAWN}};
    for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
        const BulletinMove move = {.bulletin = "e1",
                                   .version = "v0",
                                   .from = steps[i].from,
                                   .to = steps[i].to,
                                   .now_us = NOW_US};
        assert_marked(self, bulletin_state_word(steps[i].from), "e1");
        g_assert_true(bulletin_store_move(self->database, &move, NULL));
        assert_marked(self, bulletin_state_word(steps[i].from), "");
        assert_marked(self, "airs", move.to == BULLETIN_APPROVED ? "e1" : "");
        assert_marked(self, bulletin_state_word(steps[i].to), "e1");
    }
    assert_marked(self, "draft,withdrawn", "e1");
    g_autofree char *own = find(self, "a1", &(ShelfQuery){.marks = {"a1,b2"}});
    g_assert_cmpstr(own, ==, "e1");
    g_autofree char *relays = find(self, "a1", &(ShelfQuery){.marks = {"relay"}});
    g_assert_cmpstr(relays, ==, "");
}

static void test_a_step_that_is_undone_leaves_what_was_found(Fixture *self, gconstpointer data)
{
    (void)data;
    add(self, "e1", "b2", "Bản tin", NULL);
    const BulletinMove move = {.bulletin = "e1",
                               .version = "v0",
                               .from = BULLETIN_DRAFT,
                               .to = BULLETIN_SUBMITTED,
                               .now_us = NOW_US};
    g_assert_true(database_begin(self->database, NULL));
    g_assert_true(bulletin_store_move(self->database, &move, NULL));
    database_rollback(self->database);
    assert_marked(self, "draft", "e1");
    assert_marked(self, "submitted", "");
}

static void test_a_few_given_ones_come_in_the_same_order(Fixture *self, gconstpointer data)
{
    (void)data;
    static const char *const ids[] = {"e1", "e2", "e3", "e4"};
    g_autoptr(GPtrArray) among = g_ptr_array_new();
    for (size_t i = 0; i < G_N_ELEMENTS(ids); i++)
        add(self, ids[i], i == 2 ? "b20" : "b2", "Bản tin", NULL);
    for (size_t i = 0; i < 3; i++)
        g_ptr_array_add(among, (gpointer)ids[i]);
    g_ptr_array_add(among, (gpointer) "gone");
    ShelfQuery query = {.among = among, .limit = 1};
    g_autofree char *first = find(self, "b2", &query);
    g_autofree char *second = find(self, "b2", &query);
    g_assert_cmpstr(first, ==, "e2");
    g_assert_cmpstr(second, ==, "e1");
    g_assert_cmpint(query.before, ==, 0);
}

/* ---- damage ---- */

static void run(Fixture *self, const char *statement)
{
    g_autoptr(GError) error = NULL;
    const bool done = database_script(self->database, statement, &error);
    g_assert_no_error(error);
    g_assert_true(done);
}

/* What a connection knows of the index it does not read again. */
static void reopen(Fixture *self)
{
    g_autofree char *path = g_strdup(database_path(self->database));
    database_close(self->database);
    self->database = database_open(path, NULL);
}

static void rebuild(Fixture *self)
{
    g_autoptr(GError) error = NULL;
    const bool done = shelf_check_store_rebuild(self->database, &error);
    g_assert_no_error(error);
    g_assert_true(done);
}

static bool looks_right(Fixture *self)
{
    g_autoptr(GError) error = NULL;
    const bool right = shelf_check_store_look(self->database, &error);
    g_assert_true(right == (error == NULL));
    return right;
}

static bool compares_right(Fixture *self)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Database) reader = database_open_reader(database_path(self->database), &error);
    g_assert_no_error(error);
    const bool right = shelf_check_store_compare(reader, &error);
    g_test_message("%s", right ? "right" : error->message);
    g_assert_true(right == (error == NULL));
    return right;
}

static void test_damage_is_seen_and_made_good(Fixture *self, gconstpointer data)
{
    (void)data;
    static const struct {
        const char *damage;
        bool unseen_by_a_look; /* only holding it against all words tells */
    } cases[] = {
        {"SELECT 1", true}, /* none at all */
        {"UPDATE bulletin_words_data SET block = zeroblob(length(block)) WHERE id > 10", false},
        {"UPDATE bulletin_words_data SET block = x'ffffffffffff' WHERE id = 10", false},
        {"UPDATE bulletin_words_data SET block = x'ffffffff' WHERE id = 10", false}, /* empty */
        {"UPDATE bulletin_words_data SET block = substr(block, 1, length(block) / 2)", false},
        {"DELETE FROM bulletin_words_data WHERE id > 10", false},
        {"DELETE FROM bulletin_words_config", false},
        {"DELETE FROM bulletin_words_docsize WHERE id = 2", false},
        {"DELETE FROM bulletin_shelf WHERE id = 'e2'", false},
        {"INSERT INTO programme_words (rowid, words, places, marks) VALUES (7, 'a', 'a', 'a')",
         false},
        {"UPDATE bulletin_versions SET title = 'Khác hẳn'", true},
        {"UPDATE areas SET path = '/a1/zz/b2/' WHERE id = 'b2'", true},
    };
    add(self, "e1", "b2", "Lịch tiêm chủng tháng 11", NULL);
    add(self, "e2", "b2", "Thông báo cắt điện", "Đường dây 22 kV ngừng cấp điện từ 7 giờ");
    add(self, "e3", "b20", "Đại hội nông dân", NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].damage);
        run(self, cases[i].damage);
        reopen(self);
        g_assert_true(looks_right(self) == cases[i].unseen_by_a_look);
        g_assert_true(compares_right(self) == (i == 0));
        rebuild(self);
        g_assert_true(looks_right(self));
        g_assert_true(compares_right(self));
        run(self, "UPDATE areas SET path = '/a1/b2/' WHERE id = 'b2'");
        rebuild(self);
        g_autofree char *found = find(self, "b20", &(ShelfQuery){.typed = "thi hang"});
        g_assert_cmpstr(found, ==, "e3");
    }
}

#define ADD(name, function) g_test_add("/shelf/" name, Fixture, NULL, set_up, function, tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("words are found with and without marks", test_words_are_found_with_and_without_marks);
    ADD("no sign is an order to the index", test_no_sign_is_an_order_to_the_index);
    ADD("areas that begin alike stay apart", test_areas_that_begin_alike_stay_apart);
    ADD("pages hold still while others write", test_pages_hold_still_while_others_write);
    ADD("a new version is found by its own words", test_a_new_version_is_found_by_its_own_words);
    ADD("states move with the bulletin", test_states_move_with_the_bulletin);
    ADD("a step that is undone leaves what was found",
        test_a_step_that_is_undone_leaves_what_was_found);
    ADD("a few given ones come in the same order", test_a_few_given_ones_come_in_the_same_order);
    g_test_add("/shelf/damage is seen and made good", Fixture, "loa.db", set_up,
               test_damage_is_seen_and_made_good, tear_down);
    return g_test_run();
}
