/* JSON and forms: what is taken prints and parses to the same text, and a form over anything ends
 * with harmless values. */
#include "fuzz.h"

#include "json.h"

bool fuzz_accepted;
char *fuzz_why;

static void read_everything(const Json *value)
{
    static const char *const words[] = {"one", "two", NULL};
    g_autoptr(JsonForm) form = json_form_new(value, "");
    fuzz_assert(json_form_text(form, "text", true, 1, 8));
    json_form_text(form, "maybe", false, 0, 100);
    int64_t n = json_form_int(form, "int", true, -5, 5, 0);
    fuzz_assert(n >= -5 && n <= 5);
    json_form_bool(form, "bool", true, false);
    json_form_real(form, "real", true, 0);
    int choice = json_form_choice(form, "choice", true, words, 0);
    fuzz_assert(choice == 0 || choice == 1);
    json_form_time(form, "time", true, 0);
    const char *hex = json_form_hex(form, "hex", true, 4);
    fuzz_assert(*hex == '\0' || strlen(hex) == 4);
    GBytes *bytes = json_form_base64(form, "base64", true, 6);
    fuzz_assert(!bytes || g_bytes_get_size(bytes) <= 6);
    const Json *list = json_form_array(form, "array", true, 3);
    fuzz_assert(json_length(list) <= 3);
    for (size_t i = 0; i < json_length(list); i++)
        json_form_text(json_form_element(form, "array", i), "text", true, 1, 8);
    json_form_int(json_form_child(form, "child", true), "int", true, 0, 1, 0);
    fuzz_accepted = json_form_ok(form, true);
    for (unsigned i = 0; i < json_form_errors(form)->len; i++)
        fuzz_assert(((const FormError *)json_form_errors(form)->pdata[i])->pointer);
}

static void check_printed(const Json *value)
{
    size_t length, again_length;
    g_autofree char *text = json_print(value, &length);
    g_autoptr(Json) again = json_parse(text, length, NULL);
    fuzz_assert(again);
    g_autofree char *again_text = json_print(again, &again_length);
    fuzz_assert(length == again_length && memcmp(text, again_text, length) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = g_memdup2(data, size);
    g_autoptr(Json) value = json_parse(text, size, &error);
    fuzz_assert(!value == (error != NULL));
    fuzz_accepted = false;
    if (!value)
        return 0;
    check_printed(value);
    read_everything(value);
    return 0;
}
