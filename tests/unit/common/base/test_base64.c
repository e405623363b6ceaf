/* One text for one value: the vectors of RFC 4648, and every spelling that must not pass. */
#include "base/base64.h"

#include <string.h>

static void the_vectors_of_the_rfc_hold(void)
{
    static const char *const rows[][2] = {{"", ""},
                                          {"f", "Zg=="},
                                          {"fo", "Zm8="},
                                          {"foo", "Zm9v"},
                                          {"foob", "Zm9vYg=="},
                                          {"fooba", "Zm9vYmE="},
                                          {"foobar", "Zm9vYmFy"}};
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        size_t length = strlen(rows[i][0]);
        g_autofree char *text = base64_encode(rows[i][0], length);
        g_autoptr(GBytes) bytes = base64_decode(rows[i][1], length);
        g_assert_cmpstr(text, ==, rows[i][1]);
        g_assert_nonnull(bytes);
        g_assert_cmpmem(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), rows[i][0], length);
    }
}

static void other_spellings_are_refused(void)
{
    static const char *const rows[] = {
        "Zg",   "Zg=",          "Zg===", "Zh==", "Zm9=",     "Zm9v\n", "Zm 9v",
        "Z=9v", "Zm9vYg==Zm9v", "====",  "-_-_", "Zm9v!!!!", "=",      "Zm9v==="};
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_test_message("%s", rows[i]);
        g_assert_null(base64_decode(rows[i], 100));
    }
}

static void more_than_allowed_is_refused(void)
{
    g_assert_null(base64_decode("Zm9vYmFy", 5));
    g_autoptr(GBytes) bytes = base64_decode("Zm9vYmFy", 6);
    g_assert_nonnull(bytes);
}

static void whole_triples_are_written_as_they_are_encoded(void)
{
    uint8_t bytes[768];
    char text[sizeof bytes / 3 * 4];
    for (unsigned i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i * 7 + i / 256);
    g_autofree char *encoded = base64_encode(bytes, sizeof bytes);
    base64_write(bytes, sizeof bytes, text);
    g_assert_cmpmem(text, sizeof text, encoded, strlen(encoded));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base64/vectors", the_vectors_of_the_rfc_hold);
    g_test_add_func("/base64/refused", other_spellings_are_refused);
    g_test_add_func("/base64/limit", more_than_allowed_is_refused);
    g_test_add_func("/base64/write", whole_triples_are_written_as_they_are_encoded);
    return g_test_run();
}
