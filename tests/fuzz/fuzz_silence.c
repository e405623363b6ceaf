/* An entry about silence that is taken says the same after printing and parsing. */
#include "fuzz.h"

#include "wire/silence.h"

bool fuzz_accepted;
char *fuzz_why;

static GBytes *print(Silence *document)
{
    g_autoptr(Json) json = silence_to_json(document);
    return json_print_bytes(json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = g_memdup2(data, size);
    g_autoptr(GError) refused = NULL;
    g_autoptr(Silence) document = silence_parse(text, size, &refused);
    fuzz_note(refused);
    fuzz_accepted = document != NULL;
    if (!document)
        return 0;
    g_autoptr(GBytes) printed = print(document);
    g_autoptr(Silence) again =
        silence_parse(g_bytes_get_data(printed, NULL), g_bytes_get_size(printed), NULL);
    fuzz_assert(again);
    g_autoptr(GBytes) printed_again = print(again);
    fuzz_assert(g_bytes_equal(printed, printed_again));
    return 0;
}
