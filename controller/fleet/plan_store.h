/* Signed plans as they went out. */
#pragma once

#include "db/database.h"

typedef struct StoredPlan {
    int64_t epoch; /* 0 = there is none */
    int64_t version;
    char *fingerprint;
    GBytes *gzip; /* of the envelope's exact bytes; NULL unless asked for */
} StoredPlan;

void stored_plan_clear(StoredPlan *plan);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(StoredPlan, stored_plan_clear)

/* The newest plan of a station; `with_bytes` reads the envelope too. */
bool plan_store_newest(Database *database, const char *station, bool with_bytes,
                       StoredPlan *ret_plan, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool plan_store_add(Database *database, const char *station, const StoredPlan *plan,
                    int64_t issued_us, GError **error) G_GNUC_WARN_UNUSED_RESULT;

GBytes *plan_store_compress(const void *bytes, size_t length, GError **error);
GBytes *plan_store_expand(GBytes *gzip, GError **error);
