/* One player for one data directory. */
#pragma once

#include <glib.h>

/* Makes the directory where it is missing. A descriptor that holds the lock until it is closed, or
 * -1 with an error. */
int data_lock_take(const char *data, GError **error);
