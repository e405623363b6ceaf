/* Problem documents in two languages. */
#include "http/problem.h"

#include <gio/gio.h>
#include <string.h>

#include "db/database.h"

static const ProblemKind problem_test = {"test", 409, "Trạm {name} bận.",
                                         "Station {name} is busy."};

static Json *print(Problem *take_problem, Language language)
{
    g_autoptr(Problem) problem = take_problem;
    size_t length = 0;
    g_autofree char *text = problem_print(problem, language, "0123", &length);
    Json *document = json_parse(text, length, NULL);
    g_assert_nonnull(document);
    return document;
}

static Problem *busy(void)
{
    Problem *problem = problem_new(&problem_test);
    problem_set(problem, "name", "Thôn \"Đông\"");
    return problem;
}

static void test_both_languages_fill_their_places(void)
{
    g_autoptr(Json) vi = print(busy(), LANGUAGE_VI);
    g_autoptr(Json) en = print(busy(), LANGUAGE_EN);
    g_assert_cmpstr(json_peek_text(vi, "detail"), ==, "Trạm Thôn \"Đông\" bận.");
    g_assert_cmpstr(json_peek_text(en, "detail"), ==, "Station Thôn \"Đông\" is busy.");
    g_assert_cmpstr(json_peek_text(en, "type"), ==, "/problems/test");
    g_assert_cmpint(json_peek_int(en, "status", 0), ==, 409);
    g_assert_cmpstr(json_peek_text(en, "instance"), ==, "urn:loa:request:0123");
    g_assert_null(json_peek(en, "errors"));
}

static void test_every_mistake_of_a_form_is_named(void)
{
    const char *text = "{\"name\": \"\", \"count\": 9, \"more\": 1}";
    g_autoptr(Json) body = json_parse(text, strlen(text), NULL);
    g_autoptr(JsonForm) form = json_form_new(body, "");
    json_form_text(form, "name", true, 1, 10);
    json_form_int(form, "count", true, 0, 5, 0);
    json_form_text(form, "missing", true, 1, 10);
    g_assert_false(json_form_ok(form, true));
    g_autoptr(Json) document = print(problem_from_form(form), LANGUAGE_EN);
    const Json *errors = json_peek(document, "errors");
    g_assert_cmpuint(json_length(errors), ==, 4);
    g_assert_cmpstr(json_peek_text(json_at(errors, 0), "pointer"), ==, "/name");
    g_assert_cmpstr(json_peek_text(json_at(errors, 0), "detail"), ==, "Fill this in");
    g_assert_cmpstr(json_peek_text(json_at(errors, 2), "detail"), ==, "This is missing");
    g_assert_cmpstr(json_peek_text(json_at(errors, 3), "pointer"), ==, "/more");
}

static void test_a_range_is_named_with_both_ends(void)
{
    const char *text = "{\"minutes\": 0, \"count\": -1}";
    g_autoptr(Json) body = json_parse(text, strlen(text), NULL);
    g_autoptr(JsonForm) form = json_form_new(body, "");
    json_form_int(form, "minutes", true, 1, 180, 1);
    json_form_int(form, "count", true, 0, G_MAXINT64, 0);
    const char *const said[][2] = {
        {"Ngoài khoảng cho phép (1 đến 180)", "Out of range (1 to 180)"},
        {"Ngoài khoảng cho phép (≥ 0)", "Out of range (≥ 0)"},
    };
    g_autoptr(Json) vi = print(problem_from_form(form), LANGUAGE_VI);
    g_autoptr(Json) en = print(problem_from_form(form), LANGUAGE_EN);
    for (unsigned i = 0; i < 2; i++) {
        g_assert_cmpstr(json_peek_text(json_at(json_peek(vi, "errors"), i), "detail"), ==,
                        said[i][0]);
        g_assert_cmpstr(json_peek_text(json_at(json_peek(en, "errors"), i), "detail"), ==,
                        said[i][1]);
    }
}

static void test_full_disk_is_told_apart_and_nothing_else_leaks(void)
{
    g_autoptr(GError) full =
        g_error_new_literal(DATABASE_ERROR, DATABASE_ERROR_FULL, "database or disk is full");
    g_autoptr(GError) other =
        g_error_new_literal(DATABASE_ERROR, DATABASE_ERROR_FAILED, "no such table: secrets");
    g_autoptr(Problem) first = problem_from_error(full);
    g_assert_cmpuint(problem_status(first), ==, 507);
    size_t length = 0;
    g_autoptr(Problem) second = problem_from_error(other);
    g_autofree char *text = problem_print(second, LANGUAGE_EN, "0", &length);
    g_assert_cmpuint(problem_status(second), ==, 500);
    g_assert_null(strstr(text, "secrets"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_log_set_always_fatal(G_LOG_FATAL_MASK);
#define ADD(name) g_test_add_func("/problem/" #name, test_##name)
    ADD(both_languages_fill_their_places);
    ADD(every_mistake_of_a_form_is_named);
    ADD(a_range_is_named_with_both_ends);
    ADD(full_disk_is_told_apart_and_nothing_else_leaks);
    return g_test_run();
}
