/* Names as typed without Vietnamese keys. */
#include "registry/search.h"

static void test_marks_fall_and_letters_stay(void)
{
    const struct {
        const char *text, *folded;
    } cases[] = {
        {"Thôn Đông Hạ", "thon dong ha"},   {"ĐƯỜNG ƯỚC NGUYỆN", "duong uoc nguyen"},
        {"Tho\xcc\x82n", "thon"}, /* already decomposed */
        {"Xã 3 - Ấp Tây", "xa 3 - ap tay"}, {"", ""},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *folded = search_fold(cases[i].text);
        g_assert_cmpstr(folded, ==, cases[i].folded);
    }
}

static void test_wildcards_in_what_was_typed_mean_themselves(void)
{
    g_autofree char *pattern = search_pattern(" 50%_Đ\\ ");
    g_assert_cmpstr(pattern, ==, "%50\\%\\_d\\\\%");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/search/marks_fall_and_letters_stay", test_marks_fall_and_letters_stay);
    g_test_add_func("/search/wildcards_in_what_was_typed_mean_themselves",
                    test_wildcards_in_what_was_typed_mean_themselves);
    return g_test_run();
}
