/* From method and path to a route. */
#include "http/router.h"

static Reply *first(void *room, Request *request)
{
    (void)room, (void)request;
    return NULL;
}

static Reply *second(void *room, Request *request)
{
    (void)room, (void)request;
    return NULL;
}

static const Route routes[] = {
    {.method = "GET", .path = "/a/fixed", .listeners = LISTENER_PEOPLE, .handler = first},
    {.method = "GET", .path = "/a/{id}", .listeners = LISTENER_PEOPLE, .handler = second},
    {.method = "POST", .path = "/a/{id}/b/{other}", .listeners = 3, .handler = first},
    {.method = "HEAD", .path = "/own", .listeners = LISTENER_PEOPLE, .handler = second},
    {.method = "PATCH", .path = "/own", .listeners = LISTENER_PEOPLE, .handler = first},
};

typedef struct Found {
    const Route *route;
    GHashTable *places;
    char *allowed;
} Found;

static void clear_found(Found *found)
{
    g_clear_pointer(&found->places, g_hash_table_unref);
    g_free(found->allowed);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Found, clear_found)

static Found find(const char *method, const char *path, Listener listener)
{
    void *app = NULL;
    g_autoptr(Router) router = router_new(routes, G_N_ELEMENTS(routes), &app);
    Found found = {0};
    found.route = router_find(router, listener, method, path, &found.places, &found.allowed);
    return found;
}

static void test_fixed_path_wins_over_a_place(void)
{
    g_auto(Found) fixed = find("GET", "/a/fixed", LISTENER_PEOPLE);
    g_assert_true(fixed.route == &routes[0]);
    g_auto(Found) place = find("GET", "/a/x", LISTENER_PEOPLE);
    g_assert_true(place.route == &routes[1]);
    g_assert_cmpstr(g_hash_table_lookup(place.places, "id"), ==, "x");
}

static void test_places_are_decoded_but_never_made_of_slashes(void)
{
    g_auto(Found) found = find("POST", "/a/%C4%91/b/2", LISTENER_STATIONS);
    g_assert_true(found.route == &routes[2]);
    g_assert_cmpstr(g_hash_table_lookup(found.places, "id"), ==, "đ");
    g_assert_cmpstr(g_hash_table_lookup(found.places, "other"), ==, "2");
    const char *wrong[] = {"/a/x%2Fy", "/a/%zz", "/a/%ff", "/a/%00", "/a/",
                           "/a",       "/a/x/",  "//x",    ""};
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_auto(Found) none = find("GET", wrong[i], LISTENER_PEOPLE);
        g_assert_null(none.route);
    }
}

static void test_other_methods_are_named(void)
{
    g_auto(Found) wrong = find("DELETE", "/a/fixed", LISTENER_PEOPLE);
    g_assert_null(wrong.route);
    g_assert_cmpstr(wrong.allowed, ==, "GET, HEAD");
    g_auto(Found) nothing = find("GET", "/b", LISTENER_PEOPLE);
    g_assert_null(nothing.allowed);
}

static void test_head_falls_back_to_get_only_without_a_route_of_its_own(void)
{
    g_auto(Found) get = find("HEAD", "/a/x", LISTENER_PEOPLE);
    g_assert_true(get.route == &routes[1]);
    g_auto(Found) own = find("HEAD", "/own", LISTENER_PEOPLE);
    g_assert_true(own.route == &routes[3]);
}

static void test_each_listener_has_its_own_paths(void)
{
    g_auto(Found) people = find("GET", "/a/x", LISTENER_STATIONS);
    g_assert_null(people.route);
    g_assert_null(people.allowed);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name) g_test_add_func("/router/" #name, test_##name)
    ADD(fixed_path_wins_over_a_place);
    ADD(places_are_decoded_but_never_made_of_slashes);
    ADD(other_methods_are_named);
    ADD(head_falls_back_to_get_only_without_a_route_of_its_own);
    ADD(each_listener_has_its_own_paths);
    return g_test_run();
}
