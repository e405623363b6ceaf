/* Standard base64 (RFC 4648 section 4), read strictly: one text for one value. */
#pragma once

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

/* NULL where the text has another character, wrong padding or stray bits, or decodes to more than
 * `max` bytes. (g_base64_decode() skips what it does not know.) */
GBytes *base64_decode(const char *text, size_t max);
char *base64_encode(const void *bytes, size_t length);
/* `length` is a multiple of three: fills exactly length / 3 * 4 characters, and no NUL. */
void base64_write(const void *bytes, size_t length, char *ret_text);
