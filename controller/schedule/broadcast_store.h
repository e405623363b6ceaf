/* Broadcasts in the database. */
#pragma once

#include "content/approval_store.h"
#include "db/database.h"
#include "schedule/broadcast.h"

bool broadcast_store_add(Database *database, const Broadcast *broadcast,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* NULL without error when there is none; deleted ones are found too. */
Broadcast *broadcast_store_get(Database *database, const char *id, GError **error);
/* NULL = whatever. */
typedef struct BroadcastFilter {
    const char *area;      /* its issuer, or one below */
    const char *bulletins; /* ids as a JSON array: it airs one of them, alone or in a programme */
    const char *holidays;  /* the calendar that it asks; looked at without bulletins only */
    const char *after;     /* id of the last one seen */
    int64_t from_us;       /* without what is over by then, rather one too many; 0 = all */
    unsigned limit;
} BroadcastFilter;
/* In force, newest first. Elements are Broadcast*. */
GPtrArray *broadcast_store_list(Database *database, const BroadcastFilter *filter, GError **error);
/* In force, with the group among their targets. */
GPtrArray *broadcast_store_of_group(Database *database, const char *group, GError **error);
/* Fills in who is in the groups that a broadcast names, as of now. */
bool broadcast_store_read_groups(Database *database, Broadcast *broadcast,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* In force, with that bulletin: alone, in a programme, or as the lead-in tune of its area. */
GPtrArray *broadcast_store_of_bulletin(Database *database, const char *bulletin, GError **error);
GPtrArray *broadcast_store_of_programme(Database *database, const char *programme, GError **error);
/* Of programmes that follow the lead-in tune of `area` or may inherit it. */
GPtrArray *broadcast_store_of_tune(Database *database, const char *area, GError **error);
/* The smallest area that holds all targets, and the highest class, of the broadcasts that are to
 * air a bulletin or wait to; area NULL where there are none. */
bool broadcast_store_wanted(Database *database, const char *bulletin, int64_t now_us,
                            ApprovalScope *ret_wanted, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Ids (char*) of approved bulletins that some broadcast to come wants further, or as a higher
 * class, than the approval of what airs covers; of broadcasts at or below one of `areas` (char*,
 * ids). */
GPtrArray *broadcast_store_uncovered(Database *database, const GPtrArray *areas, int64_t now_us,
                                     unsigned limit, GError **error);
bool broadcast_store_delete(Database *database, const char *id, int64_t now_us,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A "now" that waited for its approval starts from then: moves the start of those of `bulletin`
 * that never were in a plan to `start_us`. */
bool broadcast_store_start_waiting(Database *database, const char *bulletin, int64_t start_us,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool broadcast_store_mark_planned(Database *database, const char *id,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
