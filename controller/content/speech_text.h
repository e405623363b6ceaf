/* What a Vietnamese announcer would say for a text as officials type it. Pure. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#define SPEECH_TEXT_MAX 5000 /* characters */

/* Numbers, dates, units and abbreviations in words; what it does not know stays as it is. `text` is
 * valid UTF-8. Free it. */
char *speech_text_normalise(const char *text);
