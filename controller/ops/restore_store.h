/* What a restored copy must forget. */
#pragma once

#include "db/database.h"

/* Who was logged in, and answers kept for repeats: both are of another machine's time. */
bool restore_store_forget(Database *database, GError **error) G_GNUC_WARN_UNUSED_RESULT;
