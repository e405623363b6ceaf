/* A check under way, in turns of the loop. */
#pragma once

#include "schedule/check.h"

/* The check belongs to the one who is called; `error` says that it came to no end. */
typedef void (*CheckDone)(Check *check, const GError *error, void *user);

/* False where the stations cannot be read; then `done` is not called. */
bool check_run(Database *database, Check *take_check, CheckDone done, void *user,
               GError **error) G_GNUC_WARN_UNUSED_RESULT;
