/* One byte beside the journal: "the journal could not say all that happened". It is laid down
 * before anything goes wrong and overwritten in place, so that a full disk cannot keep it from
 * being said. */
#pragma once

#include <stdbool.h>

typedef struct LostMark LostMark;

/* Never fails: where it cannot be kept, it says so for this run only. */
LostMark *lost_mark_open(const char *path);
void lost_mark_free(LostMark *self);

bool lost_mark_was_set(const LostMark *self); /* when it was opened */
void lost_mark_set(LostMark *self, bool lost);
