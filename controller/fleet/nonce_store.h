/* Nonces of signed requests: each is good once until it expires. */
#pragma once

#include "db/database.h"

typedef struct NonceStore NonceStore;

NonceStore *nonce_store_new(Database *database);
void nonce_store_free(NonceStore *self); /* writes what waits */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NonceStore, nonce_store_free)

/* True when the nonce was fresh and is now used up; false without error when it was seen before. */
bool nonce_store_use(NonceStore *self, const char *keyid, const char *nonce, int64_t expires_us,
                     GError **error);
/* Writes what waits as rows and drops rows that expired before `now_us`. */
bool nonce_store_flush(NonceStore *self, int64_t now_us, GError **error) G_GNUC_WARN_UNUSED_RESULT;
