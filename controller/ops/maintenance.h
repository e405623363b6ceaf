/* Work on a data directory beside the running controller, for `loa backup`, `loa restore` and
 * `loa doctor`, which know nothing of the database's engine. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* A consistent, checked copy of the database as the file `to`; per cents go to stderr. Beside a
 * running controller or without one. */
bool maintenance_copy_database(const char *data_dir, const char *to,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool maintenance_check_database(const char *data_dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Makes a copy of `copied_us` the one that goes on: a higher epoch for its plans, room for one gap
 * in each station's receipts, nobody logged in. No controller may run on it. */
bool maintenance_take_over(const char *data_dir, int64_t copied_us, int64_t now_us,
                           int64_t *ret_epoch, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether bulletins are found by the words that they have. Beside a running controller or without
 * one. */
bool maintenance_check_index(const char *data_dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Makes it anew where it is wrong. No controller may run on it. */
bool maintenance_reindex(const char *data_dir, bool *ret_was_wrong,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Counts the log anew where the counts of the reports differ from it: in how many rows they did. No
 * controller may run on it. */
bool maintenance_recount(const char *data_dir, int64_t *ret_rows,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
