/* Names as people type them on a phone without Vietnamese keys. */
#pragma once

#include <glib.h>

/* Lower case without marks: "Thôn Đông Hạ" -> "thon dong ha". Free with g_free(). */
char *search_fold(const char *text);
/* What was typed as a LIKE pattern over folded text, ESCAPE '\': "%thon dong%". */
char *search_pattern(const char *typed);
