/* What an area allows: windows per weekday, quiet hours, minutes, volume ceilings, classes,
 * approvers. Each level of the tree is kept apart; together they hold as the timeline adds them up,
 * so that a lower one can only tighten. */
#pragma once

#include "access/access.h"
#include "json.h"
#include "registry/area_store.h"
#include "timeline/timeline.h"
#include "wire/plan.h"

#define POLICY_SPANS_MAX   50
#define POLICY_DATA_MAX_MB 1000000

typedef struct Policy {
    char *area;
    bool is_top; /* of the area above all: its quiet hours replace the default ones */
    bool states_quiet;
    GArray *quiet;                          /* TimelineSpan */
    GArray *windows;                        /* TimelineWindow */
    GArray *ceilings;                       /* TimelineCeiling */
    int session_min, day_min, live_max_min; /* 0 = says nothing */
    int data_day_mb, data_month_mb;         /* of each station's SIM; 0 = says nothing */
    int approvers;                          /* 1, 2; 0 = says nothing */
    unsigned classes;                       /* bit per AiringClass; 0 = says nothing */
    unsigned roles_said;                    /* bit per Role: what it may issue is said */
    unsigned role_classes[ROLE_COUNT];      /* bit per AiringClass, where it is said */
} Policy;

void policy_free(Policy *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Policy, policy_free)

/* Mistakes are in the form. */
Policy *policy_read(JsonForm *form);
Json *policy_json(const Policy *self);

bool policy_store_put(Database *database, const char *area, const Policy *policy, int64_t now_us,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Policies (Policy*) of an area and those above it that say anything, the top one first. */
GPtrArray *policy_store_path(Database *database, const char *area_path, GError **error);

/* Ids (char*) of the areas below this one that say something of their own and have stations. */
GPtrArray *policy_store_below(Database *database, const char *area, GError **error);

/* Whether every level lets the class be issued at all, and by that role. */
bool policy_allows(const GPtrArray *policies, AiringClass class);
bool policy_role_may(const GPtrArray *policies, Role role, AiringClass class);
/* How many different persons must approve: 1 or 2. */
int policy_approvers(const GPtrArray *policies);

/* What holds at the end of the list, each number the tightest. */
Json *policy_effective_json(const GPtrArray *policies);
/* For timeline_resolve(): one element per policy; its arrays are borrowed from the policies. */
GArray *policy_timeline(const GPtrArray *policies);
