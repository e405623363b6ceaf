/* A pairing code as it is said: letters and digits by their Vietnamese names, slowly, twice. */
#pragma once

#include <glib.h>

/* `code` is canonical (keys.h). */
char *spoken_code_text(const char *code);
