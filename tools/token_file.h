/* A panel's token, from a file that nobody else may read. */
#pragma once

#include <glib.h>

char *token_file_read(const char *path, GError **error);
