/* What a file turned out to be, in words for people. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

/* English words for a media type as type finding names it ("image/png" -> "a PNG image"); for a
 * type that is not in the table, the type itself; for NULL, "unknown data". */
const char *found_words(const char *media_type);

/* The worker's whole finding ("MP3 audio, cut off: 5.0 s of 10.1 s") in Vietnamese; what has no
 * translation stays as it is. */
char *found_in_vietnamese(const char *finding);

/* Type finding does not vouch for short texts: whether the beginning of a file reads as UTF-8. */
bool found_is_text(const void *head, size_t length);
