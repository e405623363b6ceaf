/* The control: a parser with a bug behind four right bytes, which the fuzzer has to find. */
#include "fuzz.h"

bool fuzz_accepted;
char *fuzz_why;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = fuzz_text(data, size);
    fuzz_accepted = size > 0;
    if (size >= 5 && text[0] == 'L' && text[1] == 'o' && text[2] == 'a' && text[3] == ':')
        fuzz_accepted = text[size + (size_t)text[4]] == 'x'; /* beyond the end */
    return 0;
}
