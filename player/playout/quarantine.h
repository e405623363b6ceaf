/* Files on which a decoder broke twice: not given to another for a day, so that one bad file does
 * not cost every airing of it two dead children and their silence. A file that changes is another
 * file. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define QUARANTINE_MAX 64                             /* the oldest is let out */
#define QUARANTINE_US  (INT64_C(24) * 3600 * 1000000) /* it may have been the machine's fault */

typedef struct Quarantine Quarantine;

/* `now_us` of both is one clock that only goes forward. */
Quarantine *quarantine_new(void);
void quarantine_free(Quarantine *self);
void quarantine_add(Quarantine *self, const char *path, int64_t now_us);
bool quarantine_has(const Quarantine *self, const char *path, int64_t now_us);
