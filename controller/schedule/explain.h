/* A nominal plan through the timeline: what will sound, what will not, and the words for why. The
 * agenda and the clash check both ask here. Pure. */
#pragma once

#include "http/problem.h"
#include "timeline/timeline.h"

typedef struct Explained {
    const Plan *plan; /* borrowed */
    TimelineAirings airings;
    TimelineItem *items;
    Timeline *timeline;
} Explained;

/* `plan` must outlive the result. */
Explained *explain_plan(const Plan *plan, TimelineEvents events, TimelinePolicies policies,
                        int64_t now_us);
void explained_free(Explained *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Explained, explained_free)

const PlanAiring *explained_airing(const Explained *self, TimelineWho who); /* NULL = nobody */
/* {"code", "vi", "en", "by": {"broadcast", "title", "airing"} | null} */
Json *explain_rule_json(const Explained *self, TimelineRule rule, TimelineWho by,
                        TimelineLimit limit);
int64_t explain_length_us(const PlanAiring *airing);
