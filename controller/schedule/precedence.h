/* precedence(area, date): in which order an area lets sound what has the same rank and clashes.
 * Where it says nothing, the higher issuing level goes first, then the earlier order. */
#pragma once

#include "db/database.h"

#define PRECEDENCE_MAX 50 /* broadcasts of one day */

typedef struct Precedence Precedence;

Precedence *precedence_new(void);
void precedence_free(Precedence *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Precedence, precedence_free)
/* The next one in the order of that day ("2026-11-21", or "" for every other day), as said at
 * `depth` of the path; 0 = top. */
void precedence_add(Precedence *self, unsigned depth, const char *day, const char *broadcast);

/* True when the broadcast is listed for a day (days since 1970 by the clock of the area); its place
 * then, 0 first, or else how many are listed: all others come after those. The deepest area that
 * says anything of the day decides alone; the day itself goes before every day. NULL = nobody says
 * anything. */
bool precedence_find(const Precedence *self, int64_t day, const char *broadcast,
                     unsigned *ret_place);

/* What holds for stations of an area; NULL on error. */
Precedence *precedence_store_path(Database *database, const char *area_path, GError **error);

typedef struct PrecedenceDay {
    char *day;             /* "" = every day */
    GPtrArray *broadcasts; /* char* */
} PrecedenceDay;

/* What the area itself says from that day on, every day first: PrecedenceDay*. */
GPtrArray *precedence_store_list(Database *database, const char *area, const char *from_day,
                                 GError **error);
/* Replaces the order of a day; none = the area says nothing of it. */
bool precedence_store_put(Database *database, const char *area, const PrecedenceDay *day,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
