/* Forms: every mistake with its pointer and bound, and harmless values meanwhile. */
#include "json.h"

#include <string.h>

#include "base/clock.h"

static const char *const fault_names[] = {"missing", "type",   "too-short", "too-long",
                                          "range",   "choice", "format",    "unknown"};

/* "pointer fault bound" per mistake, joined by ';'. */
static char *mistakes(JsonForm *form)
{
    GString *text = g_string_new(NULL);
    GPtrArray *errors = json_form_errors(form);
    for (unsigned i = 0; i < errors->len; i++) {
        const FormError *error = g_ptr_array_index(errors, i);
        g_string_append_printf(text, "%s%s %s", text->len ? ";" : "", error->pointer,
                               fault_names[error->fault]);
        if (error->bound)
            g_string_append_printf(text, " %s", error->bound);
    }
    return g_string_free(text, FALSE);
}

/* Reads one member of each kind, all optional, and returns the mistakes. */
static char *read_kinds(const char *text)
{
    static const char *const when[] = {"now", "once", "daily", NULL};
    g_autoptr(GError) error = NULL;
    g_autoptr(Json) object = json_parse(text, strlen(text), &error);
    g_assert_no_error(error);
    g_autoptr(JsonForm) form = json_form_new(object, "");
    json_form_text(form, "text", false, 1, 5);
    json_form_int(form, "int", false, -1, 200, 0);
    json_form_bool(form, "bool", false, false);
    json_form_real(form, "real", false, 0);
    json_form_choice(form, "when", false, when, 0);
    json_form_time(form, "time", false, 0);
    json_form_hex(form, "hex", false, 4);
    json_form_base64(form, "base64", false, 3);
    json_form_array(form, "array", false, 2);
    json_form_any(form, "a/b~c");
    json_form_ok(form, true);
    return mistakes(form);
}

static void each_mistake_has_its_pointer_fault_and_bound(void)
{
    static const struct {
        const char *text;
        const char *mistakes;
    } rows[] = {
        {"{}", ""},
        {"{\"text\":null,\"int\":null,\"array\":null}", ""},
        {"{\"text\":\"Đài x\",\"int\":200,\"bool\":true,\"real\":1,\"when\":\"daily\","
         "\"time\":\"2026-11-22T05:30:00+07:00\",\"hex\":\"00ff\",\"base64\":\"Zm9v\",\"array\":[1,"
         "2],"
         "\"a/b~c\":{}}",
         ""},
        {"{\"text\":\"\"}", "/text too-short 1"},
        {"{\"text\":\"Đài xã\"}", "/text too-long 5"},
        {"{\"text\":5}", "/text type text"},
        {"{\"int\":201}", "/int range -1..200"},
        {"{\"int\":-2}", "/int range -1..200"},
        {"{\"int\":1.0}", "/int type integer"},
        {"{\"int\":\"1\"}", "/int type integer"},
        {"{\"bool\":1}", "/bool type boolean"},
        {"{\"real\":\"1\"}", "/real type number"},
        {"{\"when\":\"Daily\"}", "/when choice now, once, daily"},
        {"{\"when\":[]}", "/when type text"},
        {"{\"time\":\"2026-11-22\"}", "/time format"},
        {"{\"hex\":\"00FF\"}", "/hex format 4"},
        {"{\"hex\":\"00ff0\"}", "/hex format 4"},
        {"{\"base64\":\"Zm9\"}", "/base64 format"},
        {"{\"base64\":\"Zm9vYg==\"}", "/base64 too-long 3"},
        {"{\"array\":[1,2,3]}", "/array too-long 2"},
        {"{\"array\":{}}", "/array type array"},
        {"{\"x/y~z\":1}", "/x~1y~0z unknown"},
        {"{\"int\":999,\"text\":\"\",\"new\":1}",
         "/text too-short 1;/int range -1..200;/new unknown"},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *found = read_kinds(rows[i].text);
        g_assert_cmpstr(found, ==, rows[i].mistakes);
    }
}

static void good_values_come_out_and_wrong_ones_are_harmless(void)
{
    static const char text[] =
        "{\"t\":\"a\\u0306\",\"time\":\"1970-01-01T00:00:01Z\",\"b\":\"Zm9v\","
        "\"wrong\":[],\"when\":\"once\"}";
    static const char *const when[] = {"now", "once", NULL};
    g_autoptr(Json) object = json_parse(text, strlen(text), NULL);
    g_autoptr(JsonForm) form = json_form_new(object, "");
    g_assert_cmpstr(json_form_text(form, "t", true, 1, 1), ==, "ă"); /* composed, one character */
    g_assert_cmpint(json_form_time(form, "time", true, 0), ==, 1000000);
    g_assert_cmpint(json_form_choice(form, "when", true, when, 0), ==, 1);
    GBytes *bytes = json_form_base64(form, "b", true, 3);
    g_assert_cmpmem(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), "foo", 3);
    g_assert_true(json_form_ok(form, true) == false); /* "wrong" was not read yet */
    g_assert_cmpstr(json_form_text(form, "wrong", true, 0, 9), ==, "");
    g_assert_null(json_form_text(form, "wrong", false, 0, 9));
    g_assert_cmpstr(json_form_hex(form, "wrong", true, 4), ==, "");
    g_assert_cmpint(json_form_int(form, "wrong", true, 0, 9, 7), ==, 7);
    g_assert_cmpint(json_form_time(form, "wrong", true, 7), ==, 7);
    g_assert_true(json_form_bool(form, "wrong", true, true));
    g_assert_null(json_form_base64(form, "wrong", true, 9));
}

static void forms_within_forms_report_to_one_list(void)
{
    static const char text[] =
        "{\"place\":{\"lat\":\"x\",\"extra\":1},\"items\":[{\"n\":1},{\"n\":\"two\"},3,{\"m\":1}]}";
    g_autoptr(Json) object = json_parse(text, strlen(text), NULL);
    g_autoptr(JsonForm) form = json_form_new(object, "/data");
    JsonForm *place = json_form_child(form, "place", true);
    json_form_real(place, "lat", true, 0);
    g_assert_true(json_form_child(form, "place", true) == place);
    g_assert_nonnull(json_form_array(form, "items", true, 10));
    for (size_t i = 0; i < 4; i++)
        json_form_int(json_form_element(form, "items", i), "n", true, 0, 9, 0);
    g_assert_null(json_form_child(form, "absent", false));
    JsonForm *missing = json_form_child(form, "needed", true);
    json_form_int(missing, "silent", true, 0, 9, 0);
    g_assert_false(json_form_ok(form, true));
    g_autofree char *found = mistakes(form);
    g_assert_cmpstr(
        found, ==,
        "/data/place/lat type number;/data/items/1/n type integer;/data/items/2 type object;"
        "/data/items/3/n missing;/data/needed missing;/data/place/extra unknown;"
        "/data/items/3/m unknown");
    g_assert_false(json_form_ok(form, true)); /* asking again adds nothing */
    g_assert_cmpuint(json_form_errors(form)->len, ==, 7);
}

static void no_form_at_all_answers_like_an_absent_one(void)
{
    g_assert_null(json_form_text(NULL, "a", false, 0, 1));
    g_assert_cmpstr(json_form_text(NULL, "a", true, 0, 1), ==, "");
    g_assert_cmpint(json_form_int(NULL, "a", true, 0, 1, 5), ==, 5);
    g_assert_null(json_form_child(NULL, "a", true));
    g_assert_null(json_form_element(NULL, "a", 0));
    g_assert_null(json_form_any(NULL, "a"));
    json_form_fault(NULL, "a", FORM_RANGE, NULL);
    json_form_free(NULL);
}

static void what_is_no_object_is_one_mistake(void)
{
    g_autoptr(Json) array = json_parse("[1]", 3, NULL);
    const Json *rows[] = {NULL, array};
    for (unsigned i = 0; i < 2; i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(JsonForm) form = json_form_new(rows[i], "/x");
        json_form_int(form, "a", true, 0, 1, 0);
        g_autofree char *found = mistakes(form);
        g_assert_cmpstr(found, ==, "/x type object");
        g_assert_false(json_form_finish(form, true, &error));
        g_assert_error(error, JSON_ERROR, JSON_ERROR_FORM);
        g_assert_cmpstr(error->message, ==, "\"/x\" is of the wrong type (object)");
    }
}

static void the_caller_adds_mistakes_and_the_first_of_a_place_counts(void)
{
    g_autoptr(Json) object = json_parse("{\"a\":1,\"b\":2}", 13, NULL);
    g_autoptr(JsonForm) form = json_form_new(object, "");
    json_form_int(form, "a", true, 5, 9, 5);
    json_form_fault(form, "a", FORM_FORMAT, NULL);
    json_form_fault(form, NULL, FORM_CHOICE, "x");
    g_assert_false(json_form_ok(form, false));
    g_autofree char *found = mistakes(form);
    g_assert_cmpstr(found, ==, "/a range 5..9; choice x");
}

static void the_list_of_mistakes_has_an_end(void)
{
    g_autoptr(Json) object = json_new_object();
    for (unsigned i = 0; i < 1000; i++) {
        g_autofree char *key = g_strdup_printf("k%u", i);
        json_set_int(object, key, 1);
    }
    g_autoptr(JsonForm) form = json_form_new(object, "");
    g_assert_true(json_form_ok(form, false));
    g_assert_false(json_form_ok(form, true));
    g_assert_cmpuint(json_form_errors(form)->len, ==, 64);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/json-form/kinds", each_mistake_has_its_pointer_fault_and_bound);
    g_test_add_func("/json-form/values", good_values_come_out_and_wrong_ones_are_harmless);
    g_test_add_func("/json-form/nested", forms_within_forms_report_to_one_list);
    g_test_add_func("/json-form/null", no_form_at_all_answers_like_an_absent_one);
    g_test_add_func("/json-form/no-object", what_is_no_object_is_one_mistake);
    g_test_add_func("/json-form/caller", the_caller_adds_mistakes_and_the_first_of_a_place_counts);
    g_test_add_func("/json-form/limit", the_list_of_mistakes_has_an_end);
    return g_test_run();
}
