/* Upload-Metadata: whatever it holds, the name is harmless text of a limited length. */
#include "fuzz.h"

#include "content/upload_metadata.h"

#define MAX_CHARS 20

bool fuzz_accepted;
char *fuzz_why;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *header = fuzz_text(data, size);
    g_autofree char *name = upload_metadata_read(header, "filename", MAX_CHARS);
    fuzz_assert(g_utf8_validate(name, -1, NULL));
    fuzz_assert(g_utf8_strlen(name, -1) <= MAX_CHARS);
    fuzz_assert(!strpbrk(name, "\n\r\t\"\\<>/"));
    fuzz_accepted = *name != '\0';
    return 0;
}
