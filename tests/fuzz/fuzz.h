/* One entry point per parser of outside input. With clang and LOA_SANITIZE it is a libFuzzer
 * program; else replay.c feeds it the corpus. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Set by every entry point: whether the parser took the input. The replay holds files named good-*
 * and bad-* to it. */
extern bool fuzz_accepted;
/* Where the parser says so: why it refused the last input. The replay holds bad-* to the fault they
 * are made for (why.txt), so that a form which changes does not leave them refused for another. */
extern char *fuzz_why;

/* A promise of the parser about what it took. */
#define fuzz_assert(promise)                                                                       \
    do {                                                                                           \
        if (!(promise))                                                                            \
            g_error("%s:%d: broken promise: %s", __FILE__, __LINE__, #promise);                    \
    } while (0)

/* Text of exactly its own size, so that one byte too far is noticed. */
static inline char *fuzz_text(const uint8_t *data, size_t size)
{
    char *text = g_malloc(size + 1);
    if (size > 0)
        memcpy(text, data, size);
    text[size] = '\0';
    return text;
}

static inline void fuzz_note(const GError *refused)
{
    g_free(fuzz_why);
    fuzz_why = g_strdup(refused ? refused->message : NULL);
}
