/* Levenshtein's distance by the two-row algorithm (Wagner and Fischer, 1974), and a limit: half of
 * a short word is no slip any more. */
#include "base/nearest.h"

#include <glib.h>
#include <string.h>

#define FAR        4 /* edit distance from which a word is no longer a slip of the pen */
#define MAX_LENGTH 64

static unsigned edit_distance(const char *a, const char *b)
{
    unsigned row[MAX_LENGTH + 1];
    size_t length = strlen(b);
    if (length > MAX_LENGTH)
        return FAR;
    for (unsigned j = 0; j <= length; j++)
        row[j] = j;
    for (unsigned i = 0; a[i]; i++) {
        unsigned diagonal = row[0];
        row[0] = i + 1;
        for (unsigned j = 0; j < length; j++) {
            unsigned substitute = diagonal + (a[i] != b[j]);
            diagonal = row[j + 1];
            row[j + 1] = MIN(substitute, MIN(row[j], row[j + 1]) + 1);
        }
    }
    return row[length];
}

const char *nearest_word(const char *word, const char *const *words, size_t count)
{
    const char *best = NULL;
    unsigned limit = MIN(FAR, (unsigned)strlen(word) / 2 + 1);
    for (size_t i = 0; i < count; i++) {
        unsigned distance = edit_distance(word, words[i]);
        if (distance > limit || (distance == limit && (!best || strcmp(words[i], best) >= 0)))
            continue;
        best = words[i];
        limit = distance;
    }
    return best;
}
