/* The word that somebody probably meant. */
#pragma once

#include <stddef.h>

/* Of `words`, the nearest to `word` by edit distance; of two equally near the first in the
 * alphabet. NULL when none is near enough to be a slip of the pen. Borrowed. */
const char *nearest_word(const char *word, const char *const *words, size_t count);
