/* One player for one data directory. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <sys/types.h>

/* Makes the directory where it is missing. A descriptor that holds the lock until it is closed, or
 * -1 with an error. */
int data_lock_take(const char *data, GError **error);
/* The player that holds the lock now. False with error when none does. */
bool data_lock_holder(const char *data, pid_t *ret_pid, GError **error) G_GNUC_WARN_UNUSED_RESULT;
