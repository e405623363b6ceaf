/* Rows of keys and the answers that were given. */
#pragma once

#include "db/database.h"

typedef struct KeptAnswer {
    char *body;      /* SHA-256 of the request's body */
    unsigned status; /* 0 = still being answered */
    char *headers;   /* "Name: value" lines */
    GBytes *answer;
} KeptAnswer;

void kept_answer_free(KeptAnswer *kept);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KeptAnswer, kept_answer_free)

/* NULL without error when there is none, or when it has expired. */
KeptAnswer *idempotency_store_get(Database *database, const char *id, int64_t now_us,
                                  GError **error);
/* A request that is being answered from now on. */
bool idempotency_store_begin(Database *database, const char *id, const char *body, int64_t until_us,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool idempotency_store_keep(Database *database, const char *id, const KeptAnswer *kept,
                            int64_t until_us, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool idempotency_store_forget(Database *database, const char *id,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool idempotency_store_sweep(Database *database, int64_t now_us,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
