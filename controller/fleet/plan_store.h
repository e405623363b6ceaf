/* Signed plans as they went out. */
#pragma once

#include "db/database.h"

typedef struct StoredPlan {
    int64_t epoch; /* 0 = there is none */
    int64_t version;
    char *fingerprint;
    const char *sha256; /* of the payload; plan_store_add() only, borrowed */
    GBytes *gzip;       /* of the envelope's exact bytes; NULL unless asked for */
} StoredPlan;

void stored_plan_clear(StoredPlan *plan);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(StoredPlan, stored_plan_clear)

/* The newest plan of a station; `with_bytes` reads the envelope too. */
bool plan_store_newest(Database *database, const char *station, bool with_bytes,
                       StoredPlan *ret_plan, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool plan_store_add(Database *database, const char *station, const StoredPlan *plan,
                    int64_t issued_us, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The station took this version: it may refer to it from now on. */
bool plan_store_note_fetched(Database *database, const char *station, const StoredPlan *plan,
                             int64_t now_us, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A receipt refers to this version: its body is kept for good. */
bool plan_store_keep(Database *database, const char *station, int64_t epoch, int64_t version,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
typedef struct PlanTrace {
    int64_t epoch, version;
    char sha256[65]; /* of the payload; "" = there is no such plan, or its body has gone */
} PlanTrace;

/* What the station should have gone by at that time, fetched or not. */
bool plan_store_in_force(Database *database, const char *station, int64_t at_us,
                         PlanTrace *ret_trace, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* An entry about silence refers to this version: its body is kept, and its trace after that. */
bool plan_store_name(Database *database, const char *station, const PlanTrace *trace,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Empties the bodies of a station's plans before `newest` that nothing can refer to any more: never
 * fetched, or issued before `before_us` and superseded by one that was fetched. One during which,
 * or before which, an airing began that nobody has spoken of stays: it shows that it was ordered.
 * Hashes stay. */
bool plan_store_prune(Database *database, const char *station, const StoredPlan *newest,
                      int64_t before_us, GError **error) G_GNUC_WARN_UNUSED_RESULT;

GBytes *plan_store_expand(GBytes *gzip, GError **error);
