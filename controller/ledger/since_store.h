/* What went wrong between two moments, one row for each start of each broadcast. */
#pragma once

#include "db/database.h"

typedef struct SinceGroup {
    char *broadcast;
    char *title;
    int64_t planned_us;
    char *outcome; /* stored word: "missed", "partial", "" = no word */
    char *reason;  /* of one of them */
    int64_t stations;
} SinceGroup;

void since_group_free(SinceGroup *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SinceGroup, since_group_free)

/* Planned in [from, to), at or below the area, newest first. `outcome` is a stored word; "" finds
 * those whose end lies before `to_us` and about which no station has spoken. */
GPtrArray *since_store_list(Database *database, const char *area_path, const char *outcome,
                            int64_t from_us, int64_t to_us, GError **error);
/* The earliest start in [from, to) that ended at `told_us` or later and about which no station has
 * spoken; `to_us` where there is none. */
bool since_store_open(Database *database, const char *area_path, const int64_t window[2],
                      int64_t told_us, int64_t *ret_us, GError **error) G_GNUC_WARN_UNUSED_RESULT;
