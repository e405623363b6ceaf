/* Feeds every file of a folder to the entry point: good-* must be taken, bad-* must be refused, and
 * where the parser names its reason, for the fault that why.txt says they are made for. */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>

/* "plan/bad-gain<TAB>a word of the refusal" */
static char *word_for(const char *folder, const char *name)
{
    g_autofree char *target = g_path_get_basename(folder);
    g_autofree char *corpus = g_path_get_dirname(folder);
    g_autofree char *path = g_build_filename(corpus, "why.txt", NULL);
    g_autofree char *key = g_strdup_printf("%s/%s\t", target, name);
    g_autofree char *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, NULL))
        return NULL;
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (unsigned i = 0; lines[i]; i++)
        if (g_str_has_prefix(lines[i], key))
            return g_strdup(lines[i] + strlen(key));
    return NULL;
}

static bool is_for_its_fault(const char *folder, const char *name)
{
    if (!fuzz_why || fuzz_accepted || !g_str_has_prefix(name, "bad-"))
        return true;
    g_autofree char *word = word_for(folder, name);
    if (word && strstr(fuzz_why, word))
        return true;
    fprintf(stderr, "%s/%s was refused because \"%s\", and not for \"%s\"\n", folder, name,
            fuzz_why, word ? word : "(nothing in why.txt)");
    return false;
}

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
    return is_for_its_fault(folder, name) && !wrong;
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
