/* Feeds every file of a folder to the entry point: good-* must be taken, bad-* must be refused. */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>

static bool replay(const char *folder, const char *name)
{
    gsize length;
    g_autofree char *bytes = NULL;
    g_autofree char *path = g_build_filename(folder, name, NULL);
    if (!g_file_get_contents(path, &bytes, &length, NULL)) {
        fprintf(stderr, "%s cannot be read\n", path);
        return false;
    }
    LLVMFuzzerTestOneInput((const uint8_t *)bytes, length);
    bool wrong = (g_str_has_prefix(name, "good-") && !fuzz_accepted) ||
                 (g_str_has_prefix(name, "bad-") && fuzz_accepted);
    if (wrong)
        fprintf(stderr, "%s was %s\n", path, fuzz_accepted ? "taken" : "refused");
    return !wrong;
}

int main(int argc, char **argv)
{
    g_autoptr(GDir) files = argc == 2 ? g_dir_open(argv[1], 0, NULL) : NULL;
    unsigned count = 0;
    bool good = true;
    for (const char *name; files && (name = g_dir_read_name(files)); count++)
        good = replay(argv[1], name) && good;
    printf("%u files\n", count);
    return good && count > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
