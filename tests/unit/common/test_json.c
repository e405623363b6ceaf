/* The strict door: what must not come in, and what is printed. Run under ASan it also shows that a
 * refused document leaves nothing behind. */
#include "json.h"

#include <math.h>
#include <string.h>

static char *repeat(const char *piece, unsigned times, const char *tail)
{
    GString *text = g_string_new(NULL);
    for (unsigned i = 0; i < times; i++)
        g_string_append(text, piece);
    g_string_append(text, tail);
    return g_string_free(text, FALSE);
}

static void assert_refused(const char *text, size_t length, JsonError code)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(json_parse(text, length, &error));
    g_assert_error(error, JSON_ERROR, (int)code);
    g_assert_true(g_utf8_validate(error->message, -1, NULL));
}

static void bad_input_is_refused(void)
{
#define ROW(text, code)                                                                            \
    {                                                                                              \
        text, sizeof text - 1, code                                                                \
    }
    static const struct {
        const char *text;
        size_t length;
        JsonError code;
    } rows[] = {
        ROW("", JSON_ERROR_SYNTAX),
        ROW("{", JSON_ERROR_SYNTAX),
        ROW("]", JSON_ERROR_SYNTAX),
        ROW("{}x", JSON_ERROR_SYNTAX),
        ROW("{}{}", JSON_ERROR_SYNTAX),
        ROW("{}\0", JSON_ERROR_SYNTAX),
        ROW("[1,]", JSON_ERROR_SYNTAX),
        ROW("[01]", JSON_ERROR_SYNTAX),
        ROW("[NaN]", JSON_ERROR_SYNTAX),
        ROW("[1e999]", JSON_ERROR_SYNTAX),
        ROW("[9223372036854775808]", JSON_ERROR_SYNTAX),
        ROW("[-9223372036854775809]", JSON_ERROR_SYNTAX),
        ROW("[\"\xff\"]", JSON_ERROR_SYNTAX),
        ROW("[\"\xc0\xaf\"]", JSON_ERROR_SYNTAX),
        ROW("[\"\xed\xa0\x80\"]", JSON_ERROR_SYNTAX),
        ROW("[\"\\ud800\"]", JSON_ERROR_SYNTAX),
        ROW("[\"a\\u0000b\"]", JSON_ERROR_SYNTAX),
        ROW("{\"a\\u0000b\":1}", JSON_ERROR_SYNTAX),
        ROW("[\"a\nb\"]", JSON_ERROR_SYNTAX),
        ROW("\"text\"", JSON_ERROR_SYNTAX),
        ROW("{'a':1}", JSON_ERROR_SYNTAX),
        ROW("{\"a\":1,\"a\":2}", JSON_ERROR_DUPLICATE),
        ROW("{\"a\":1,\"\\u0061\":2}", JSON_ERROR_DUPLICATE),
        ROW("{\"b\":{\"a\":1,\"a\":1}}", JSON_ERROR_DUPLICATE),
    };
#undef ROW
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_test_message("row %u", i);
        assert_refused(rows[i].text, rows[i].length, rows[i].code);
    }
}

static void white_space_around_a_document_is_fine(void)
{
    g_autoptr(Json) value = json_parse(" {}\r\n ", 6, NULL);
    g_assert_nonnull(value);
}

static void nesting_ends_at_the_limit(void)
{
    g_autofree char *open = repeat("[", 100000, "");
    g_autofree char *objects = repeat("{\"a\":", 100000, "");
    g_autofree char *too_deep = repeat("[", JSON_MAX_DEPTH + 1, "");
    g_autofree char *closing = repeat("]", JSON_MAX_DEPTH + 1, "");
    g_autofree char *pair = g_strconcat(too_deep, closing, NULL);
    assert_refused(open, strlen(open), JSON_ERROR_DEPTH);
    assert_refused(objects, strlen(objects), JSON_ERROR_DEPTH);
    assert_refused(pair, strlen(pair), JSON_ERROR_DEPTH);
    g_autoptr(Json) fits = json_parse(pair + 1, strlen(pair) - 2, NULL);
    g_assert_nonnull(fits);
}

static void brackets_in_strings_and_beside_each_other_are_not_nesting(void)
{
    g_autofree char *inside = repeat("[", 1000, "");
    g_autofree char *tricky =
        g_strdup_printf("{\"\\\"%s\":\"\\\\\",\"b\":\"%s\\\"\"}", inside, inside);
    g_autoptr(Json) value = json_parse(tricky, strlen(tricky), NULL);
    g_assert_nonnull(value);
    g_autofree char *row = repeat("[],", 1000, "[]");
    g_autofree char *wide = g_strdup_printf("[%s]", row);
    g_autoptr(Json) array = json_parse(wide, strlen(wide), NULL);
    g_assert_cmpuint(json_length(array), ==, 1001);
    /* A quote that only looks escaped must not hide what follows. */
    g_autofree char *hidden = g_strdup_printf("[\"\\\\\",%s", inside);
    assert_refused(hidden, strlen(hidden), JSON_ERROR_DEPTH);
}

static void a_megabyte_of_garbage_is_refused(void)
{
    g_autofree char *garbage = g_malloc(1 << 20);
    for (unsigned seed = 0; seed < 4; seed++) {
        g_autoptr(GRand) random = g_rand_new_with_seed(seed);
        for (unsigned i = 0; i < 1 << 20; i++)
            garbage[i] = (char)g_rand_int(random);
        garbage[0] = '{';
        g_autoptr(GError) error = NULL;
        g_assert_null(json_parse(garbage, 1 << 20, &error));
        g_assert_nonnull(error);
        g_assert_true(g_utf8_validate(error->message, -1, NULL));
    }
}

static void a_value_prints_compactly_in_the_order_it_was_built(void)
{
    g_autoptr(Json) object = json_new_object();
    Json *array = json_new_array();
    json_append_int(array, INT64_MIN);
    json_append_text(array, "Đài \"xã\"\n");
    json_append_text(array, NULL);
    json_append_take(array, json_new_object());
    json_set_text(object, "z", "a\xff");
    json_set_int(object, "a", INT64_MAX);
    json_set_real(object, "r", 0.1);
    json_set_real(object, "inf", INFINITY);
    json_set_bool(object, "b", true);
    json_set_null(object, "n");
    json_set_text(object, "t", NULL);
    json_set_take(object, "list", array);
    json_set_int(object, "z", 1); /* keeps its place */
    size_t length;
    g_autofree char *text = json_print(object, &length);
    g_assert_cmpstr(
        text, ==,
        "{\"z\":1,\"a\":9223372036854775807,\"r\":0.1,\"inf\":null,\"b\":true,\"n\":null,"
        "\"t\":null,\"list\":[-9223372036854775808,\"Đài \\\"xã\\\"\\n\",null,{}]}");
    g_assert_cmpuint(length, ==, strlen(text));
    g_autoptr(GBytes) bytes = json_print_bytes(object);
    g_assert_cmpmem(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), text, length);
    g_autoptr(Json) again = json_parse(text, length, NULL);
    g_autofree char *second = json_print(again, NULL);
    g_assert_cmpstr(second, ==, text);
}

static void text_that_is_not_utf8_is_repaired_instead_of_lost(void)
{
    g_autoptr(Json) object = json_new_object();
    json_set_text(object, "name", "a\xff");
    g_assert_cmpstr(json_peek_text(object, "name"), ==, "a\xef\xbf\xbd");
}

static void peeking_never_judges(void)
{
    static const char text[] = "{\"i\":7,\"r\":1.5,\"t\":\"x\",\"b\":true,\"n\":null,\"a\":[1,2]}";
    g_autoptr(Json) object = json_parse(text, strlen(text), NULL);
    g_assert_cmpint(json_peek_int(object, "i", 1), ==, 7);
    g_assert_cmpint(json_peek_int(object, "r", 1), ==, 1);
    g_assert_cmpint(json_peek_int(object, "none", 1), ==, 1);
    g_assert_cmpint(json_peek_int(NULL, "i", 1), ==, 1);
    g_assert_cmpfloat(json_peek_real(object, "r", 0), ==, 1.5);
    g_assert_cmpfloat(json_peek_real(object, "i", 0), ==, 7);
    g_assert_cmpfloat(json_peek_real(object, "t", 3), ==, 3);
    g_assert_cmpstr(json_peek_text(object, "t"), ==, "x");
    g_assert_null(json_peek_text(object, "i"));
    g_assert_true(json_peek_bool(object, "b", false));
    g_assert_true(json_peek_bool(object, "i", true));
    g_assert_cmpuint(json_length(object), ==, 6);
    g_assert_cmpuint(json_length(json_peek(object, "a")), ==, 2);
    g_assert_cmpuint(json_length(NULL), ==, 0);
    g_assert_null(json_at(json_peek(object, "a"), 2));
    g_assert_null(json_at(object, 0));
    g_assert_true(json_is_object(object));
    g_assert_false(json_is_object(NULL));
    g_assert_true(json_is_array(json_peek(object, "a")));
    g_assert_false(json_is_text(json_peek(object, "a")));
    g_assert_true(json_is_nothing(json_peek(object, "n")));
    g_assert_null(json_text(json_peek(object, "i")));
    g_autofree const char **keys = json_keys(object);
    g_autofree char *joined = g_strjoinv(",", (char **)keys);
    g_assert_cmpstr(joined, ==, "i,r,t,b,n,a");
}

static void a_held_value_outlives_its_parent(void)
{
    Json *object = json_parse("{\"a\":[1]}", 9, NULL);
    g_autoptr(Json) array = json_hold(json_peek(object, "a"));
    json_drop(object);
    g_assert_cmpuint(json_length(array), ==, 1);
    json_drop(NULL);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/json/refused", bad_input_is_refused);
    g_test_add_func("/json/white-space", white_space_around_a_document_is_fine);
    g_test_add_func("/json/depth", nesting_ends_at_the_limit);
    g_test_add_func("/json/not-depth", brackets_in_strings_and_beside_each_other_are_not_nesting);
    g_test_add_func("/json/garbage", a_megabyte_of_garbage_is_refused);
    g_test_add_func("/json/print", a_value_prints_compactly_in_the_order_it_was_built);
    g_test_add_func("/json/repair", text_that_is_not_utf8_is_repaired_instead_of_lost);
    g_test_add_func("/json/peek", peeking_never_judges);
    g_test_add_func("/json/hold", a_held_value_outlives_its_parent);
    return g_test_run();
}
