/* Where Loa's own programs are, and running one. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* A build directory uses what it built (`folder` beside that of the tools); an installed tool what
 * is installed in /usr/sbin. */
char *program_find(const char *folder, const char *name);
/* Runs to the end, stderr passed through; false when it could not be run or ended with a failure.
 * `ret_output` (may be NULL) is what it printed. */
bool program_run(const char *const *words, char **ret_output,
                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
