/* A signed time that is taken says the same after printing and parsing. */
#include "fuzz.h"

#include "wire/signed_time.h"

bool fuzz_accepted;
char *fuzz_why;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    SignedTime time = {0}, again = {0};
    g_autoptr(GBytes) text = g_bytes_new(data, size);
    g_autoptr(GError) refused = NULL;
    fuzz_accepted = signed_time_parse(text, &time, &refused);
    fuzz_note(refused);
    if (!fuzz_accepted)
        return 0;
    g_autoptr(GBytes) printed = signed_time_print(&time);
    fuzz_assert(signed_time_parse(printed, &again, NULL));
    fuzz_assert(time.utc_us == again.utc_us);
    fuzz_assert(g_str_equal(time.nonce, again.nonce) && g_str_equal(time.ticket, again.ticket));
    return 0;
}
