/* Text as people search it: lower case without marks. */
#pragma once

#include <glib.h>

/* "Thôn Đông Hạ" -> "thon dong ha". Free with g_free(). */
char *fold_text(const char *text);
/* What was typed as a LIKE pattern over folded text, ESCAPE '\\': "%thon dong%". */
char *fold_pattern(const char *typed);
