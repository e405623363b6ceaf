/* What becomes of airings, said once for all stations of which it is true. */
#pragma once

#include "schedule/explain.h"

#define FATE_ROWS_MAX 100 /* named; more are counted */

typedef struct FateRows FateRows;

FateRows *fate_rows_new(void);
void fate_rows_free(FateRows *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FateRows, fate_rows_free)

/* Airing `who` of a world, at so many stations more; `broadcast` is how it is named (NULL = not).
 */
void fate_rows_add(FateRows *self, const Explained *world, unsigned who, const char *broadcast,
                   unsigned stations);
/* [{"broadcast", "title", "class", "planned_start", "outcome", "from", "until", "length_s",
 * "moved_s", "why", "stations"}] by start, then the most stations first. */
Json *fate_rows_json(const FateRows *self, unsigned *ret_total);
