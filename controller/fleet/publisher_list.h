/* What the log was told by a plan: a short memory of the plan that a station has, so that a change
 * writes the rows that it changes and reads none. Shared by stations with the same plan. */
#pragma once

#include "wire/plan.h"

typedef struct PublisherListed {
    const char *broadcast; /* interned */
    int64_t start_us;
    int64_t recurrence_us;
    unsigned repeat;
    uint64_t mark; /* of airing_store_mark() */
} PublisherListed;

typedef struct PublisherList PublisherList;

PublisherList *publisher_list_new(const Plan *plan);
PublisherList *publisher_list_ref(PublisherList *self);
void publisher_list_unref(PublisherList *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PublisherList, publisher_list_unref)

typedef struct PublisherChange {
    const GArray *puts;  /* unsigned: airings of this plan that are new or other than before */
    const GArray *drops; /* PublisherListed: of the plan before, gone or moved */
} PublisherChange;

/* From the plan before to this one; the answer is kept for the next station and borrowed. */
PublisherChange publisher_list_change(PublisherList *self, const PublisherList *before);
