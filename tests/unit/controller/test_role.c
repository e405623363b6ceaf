/* Who may do what where: every role, every verb, in four positions of the tree. */
#include "access/access.h"

#include "access/user_store.h"

/* What the table of role.c is to say, written a second time by hand: V view, A areas, U users,
 * S stations, C create, P approve, B schedule, E emergencies, L log. */
static const char *const expected[ROLE_COUNT] = {
    [ROLE_ADMINISTRATOR] = "VAUSCPBEL", [ROLE_EDITOR] = "V...CPBE.",
    [ROLE_AUDITOR] = "V.......L",       [ROLE_LEADER] = "V...CPBE.",
    [ROLE_OPERATOR] = "V...C.BE.",      [ROLE_VILLAGE_HEAD] = "V...C.B..",
    [ROLE_TECHNICIAN] = "V..S.....",    [ROLE_VIEWER] = "V........",
};

static Database *tree(void)
{
    Database *database = database_open(":memory:", NULL);
    g_assert_true(database_script(
        database,
        "INSERT INTO areas (id, parent, name, kind, path, search, created_us) VALUES "
        "('a1', NULL, 'p', 'k', '/a1/', 'p', 0), ('b2', 'a1', 'c', 'k', '/a1/b2/', 'c', 0),"
        "('b22', 'a1', 'd', 'k', '/a1/b22/', 'd', 0),"
        "('c3', 'b2', 'v', 'k', '/a1/b2/c3/', 'v', 0)",
        NULL));
    return database;
}

static User *user_with(Role role, const char *area)
{
    User *user = g_new0(User, 1);
    UserGrant grant = {.role = role, .area = g_strdup(area)};
    user->grants = g_array_new(FALSE, FALSE, sizeof(UserGrant));
    g_array_append_val(user->grants, grant);
    return user;
}

static void test_every_role_verb_and_place(void)
{
    g_autoptr(Database) database = tree();
    for (unsigned role = 0; role < ROLE_COUNT; role++) {
        g_autoptr(User) user = user_with((Role)role, "b2");
        for (unsigned verb = 0; verb < VERB_COUNT; verb++) {
            bool may = expected[role][verb] != '.';
            g_assert_cmpint(access_allows(database, user, (Verb)verb, "b2"), ==, may); /* own */
            g_assert_cmpint(access_allows(database, user, (Verb)verb, "c3"), ==, may); /* below */
            g_assert_false(access_allows(database, user, (Verb)verb, "b22"));          /* beside */
            g_assert_false(access_allows(database, user, (Verb)verb, "a1"));           /* above */
            g_assert_false(access_allows(database, user, (Verb)verb, "zz"));           /* nowhere */
            g_assert_false(access_allows(database, user, (Verb)verb, NULL));
            g_assert_cmpint(access_anywhere(user, (Verb)verb), ==, may);
        }
        g_free(g_array_index(user->grants, UserGrant, 0).area);
    }
}

static void test_words_come_back_as_the_same_role(void)
{
    for (unsigned role = 0; role < ROLE_COUNT; role++) {
        Role found = ROLE_COUNT;
        g_assert_true(role_from_word(role_word((Role)role), &found));
        g_assert_cmpuint(found, ==, role);
    }
    Role untouched = ROLE_VIEWER;
    g_assert_false(role_from_word("root", &untouched));
    g_assert_false(role_from_word(NULL, &untouched));
    g_assert_cmpuint(untouched, ==, ROLE_VIEWER);
}

static void test_two_grants_add_up(void)
{
    g_autoptr(Database) database = tree();
    g_autoptr(User) user = user_with(ROLE_TECHNICIAN, "b2");
    UserGrant grant = {.role = ROLE_AUDITOR, .area = g_strdup("a1")};
    g_array_append_val(user->grants, grant);
    g_assert_true(access_allows(database, user, VERB_MANAGE_STATIONS, "c3"));
    g_assert_true(access_allows(database, user, VERB_AUDIT, "b22"));
    g_assert_false(access_allows(database, user, VERB_MANAGE_STATIONS, "b22"));
    g_free(g_array_index(user->grants, UserGrant, 0).area);
    g_free(g_array_index(user->grants, UserGrant, 1).area);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name) g_test_add_func("/role/" #name, test_##name)
    ADD(every_role_verb_and_place);
    ADD(words_come_back_as_the_same_role);
    ADD(two_grants_add_up);
    return g_test_run();
}
