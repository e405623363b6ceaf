/* Root documents and the keys behind them. Set-up makes a root key (to be carried away) and an
 * online key in the key directory, and signs version 1. */
#pragma once

#include "db/database.h"
#include "wire/root.h"

/* The newest root document; made, with its keys, where there is none yet. `ret_online` is the key
 * that signs plans; it must be granted so by the root. */
Root *root_store_open(Database *database, const char *keys_dir, int64_t now_us, Key *ret_online,
                      GError **error);
/* Envelope of version n as JSON text, 0 = the newest; NULL without error when there is none. */
char *root_store_envelope(Database *database, int64_t version, GError **error);
