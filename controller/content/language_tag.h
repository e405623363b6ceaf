/* Language tags (BCP 47) as bulletins carry them: "vi", "tyz", "hmn", "zh-Hant". */
#pragma once

#include <stdbool.h>

#define LANGUAGE_TAG_MAX 35 /* characters, RFC 5646 section 4.4.1 */

/* language ["-" script] ["-" region]; extensions and private use are nobody's need here. */
bool language_tag_is_valid(const char *tag);
