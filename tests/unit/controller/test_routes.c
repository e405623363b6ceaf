/* The table of routes and openapi.json say the same. */
#include "routes.h"

#include <string.h>

#include "machine_api.h"

static const char *const methods[] = {"get", "post", "put", "patch", "delete", "head", "options"};

static Json *document(void)
{
    g_autoptr(GBytes) bytes = machine_api_document();
    g_autoptr(GError) error = NULL;
    size_t length = 0;
    const char *text = g_bytes_get_data(bytes, &length);
    Json *parsed = json_parse(text, length, &error);
    g_assert_no_error(error);
    return parsed;
}

static const Route *find_route(const char *method, const char *path)
{
    size_t count = 0;
    const Route *routes = routes_table(&count);
    for (size_t i = 0; i < count; i++) {
        if (g_ascii_strcasecmp(routes[i].method, method) == 0 && strcmp(routes[i].path, path) == 0)
            return &routes[i];
    }
    return NULL;
}

static void test_every_route_is_in_the_document(void)
{
    g_autoptr(Json) openapi = document();
    const Json *paths = json_peek(openapi, "paths");
    size_t count = 0;
    const Route *routes = routes_table(&count);
    for (size_t i = 0; i < count; i++) {
        g_autofree char *method = g_ascii_strdown(routes[i].method, -1);
        const Json *path = json_peek(paths, routes[i].path);
        if (!path || !json_peek(path, method))
            g_test_fail_printf("%s %s is not in openapi.json", routes[i].method, routes[i].path);
    }
}

static void test_every_path_of_the_document_is_a_route(void)
{
    g_autoptr(Json) openapi = document();
    const Json *paths = json_peek(openapi, "paths");
    g_autofree const char **names = json_keys(paths);
    for (size_t i = 0; names[i]; i++) {
        const Json *path = json_peek(paths, names[i]);
        for (size_t m = 0; m < G_N_ELEMENTS(methods); m++) {
            if (json_peek(path, methods[m]) && !find_route(methods[m], names[i]))
                g_test_fail_printf("%s %s has no route", methods[m], names[i]);
        }
    }
}

static void test_every_operation_says_what_it_needs(void)
{
    g_autoptr(Json) openapi = document();
    const Json *paths = json_peek(openapi, "paths");
    size_t count = 0;
    const Route *routes = routes_table(&count);
    for (size_t i = 0; i < count; i++) {
        g_autofree char *method = g_ascii_strdown(routes[i].method, -1);
        const Json *operation = json_peek(json_peek(paths, routes[i].path), method);
        bool has_body = routes[i].body == BODY_JSON || routes[i].body == BODY_BYTES;
        bool is_open = routes[i].gate == GATE_OPEN;
        if (has_body != (json_peek(operation, "requestBody") != NULL) &&
            routes[i].body != BODY_STREAM)
            g_test_fail_printf("%s %s: body", routes[i].method, routes[i].path);
        if (is_open != (json_peek(operation, "security") != NULL &&
                        json_length(json_peek(operation, "security")) == 0))
            g_test_fail_printf("%s %s: who may come in", routes[i].method, routes[i].path);
        g_assert_nonnull(json_peek(operation, "responses"));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/routes/every_route_is_in_the_document", test_every_route_is_in_the_document);
    g_test_add_func("/routes/every_path_of_the_document_is_a_route",
                    test_every_path_of_the_document_is_a_route);
    g_test_add_func("/routes/every_operation_says_what_it_needs",
                    test_every_operation_says_what_it_needs);
    return g_test_run();
}
