/* What the horn says of a pairing code. */
#include "spoken_code.h"

#include <string.h>

static void every_letter_of_the_alphabet_has_a_name_of_its_own(void)
{
    static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    g_autoptr(GHashTable) heard = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (unsigned i = 0; alphabet[i]; i++) {
        const char code[] = {alphabet[i], '\0'};
        char *text = spoken_code_text(code);
        g_assert_true(g_utf8_validate(text, -1, NULL));
        g_assert_true(g_hash_table_add(heard, text));
    }
}

static void a_code_is_said_twice_in_two_groups(void)
{
    g_autofree char *text = spoken_code_text("7K3MA0ZB");
    g_assert_cmpstr(text, ==,
                    "Mã ghép của trạm loa. bảy, ca, kéo, ba, mờ, mèo. a, không, dét, bê, bò. "
                    "Xin nhắc lại. bảy, ca, kéo, ba, mờ, mèo. a, không, dét, bê, bò. ");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/spoken code/alphabet", every_letter_of_the_alphabet_has_a_name_of_its_own);
    g_test_add_func("/spoken code/twice", a_code_is_said_twice_in_two_groups);
    return g_test_run();
}
