/* Event streams: the same events however the bytes are cut. The first byte says where. */
#include "fuzz.h"

#include "link/sse.h"

bool fuzz_accepted;
char *fuzz_why;

static void note(const char *type, const char *data, void *user)
{
    g_string_append_printf(user, "%s\x01%s\x02", type, data);
}

static bool feed(const uint8_t *data, size_t size, size_t piece, GString *events)
{
    g_autoptr(Sse) sse = sse_new(note, events);
    for (size_t at = 0; at < size; at += piece) {
        size_t length = MIN(piece, size - at);
        g_autofree char *part = g_memdup2(data + at, length);
        if (!sse_feed(sse, part, length))
            return false;
    }
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_accepted = false;
    if (size < 1)
        return 0;
    g_autoptr(GString) whole = g_string_new(NULL), pieces = g_string_new(NULL);
    bool good = feed(data + 1, size - 1, size, whole);
    fuzz_assert(good == feed(data + 1, size - 1, 1 + data[0] % 16, pieces));
    fuzz_assert(g_string_equal(whole, pieces));
    fuzz_accepted = good && whole->len > 0;
    return 0;
}
