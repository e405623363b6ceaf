/* Policies go down as each area states them; the station adds them up as everybody does. A station
 * has no data of time zones: it is told each change of the local clock to the second. */
#include "fleet/publisher_rules.h"

#include "registry/policy.h"
#include "registry/station_store.h"
#include "schedule/recurrence.h"

#define DAY_US (INT64_C(86400) * G_USEC_PER_SEC)

static PlanPolicy *policy_of(const Policy *from)
{
    PlanPolicy *policy = plan_policy_new(from->area);
    policy->states_quiet = from->states_quiet;
    g_array_append_vals(policy->quiet, from->quiet->data, from->quiet->len);
    g_array_append_vals(policy->windows, from->windows->data, from->windows->len);
    g_array_append_vals(policy->ceilings, from->ceilings->data, from->ceilings->len);
    policy->session_min = from->session_min;
    policy->day_min = from->day_min;
    policy->data_day_bytes = from->data_day_mb * DATA_MB;
    policy->data_month_bytes = from->data_month_mb * DATA_MB;
    return policy;
}

/* The first whole second in (from, until] that has the offset of `until`. */
static int64_t change_between(const char *zone, int64_t from_us, int64_t until_us)
{
    int after_s = recurrence_offset_s(zone, until_us);
    int64_t low_s = from_us / G_USEC_PER_SEC, high_s = until_us / G_USEC_PER_SEC;
    while (high_s - low_s > 1) {
        int64_t middle_s = low_s + (high_s - low_s) / 2;
        if (recurrence_offset_s(zone, middle_s * G_USEC_PER_SEC) == after_s)
            high_s = middle_s;
        else
            low_s = middle_s;
    }
    return high_s * G_USEC_PER_SEC;
}

/* Clocks change at most once within a day. */
static void fill_offsets(const char *zone, Plan *plan)
{
    int64_t last_us = plan->from_us;
    TimelineOffset now = {.from_us = last_us, .offset_s = recurrence_offset_s(zone, last_us)};
    g_array_append_val(plan->offsets, now);
    while (last_us < plan->until_us && plan->offsets->len < PLAN_MAX_OFFSETS) {
        int64_t next_us = MIN(last_us + DAY_US, plan->until_us);
        int offset_s = recurrence_offset_s(zone, next_us);
        if (offset_s != now.offset_s) {
            now = (TimelineOffset){change_between(zone, last_us, next_us), offset_s};
            g_array_append_val(plan->offsets, now);
        }
        last_us = next_us;
    }
}

bool publisher_rules_fill(Database *database, const Area *area, Plan *plan, GError **error)
{
    g_autoptr(GPtrArray) policies = policy_store_path(database, area->path, error);
    if (!policies)
        return false;
    for (unsigned i = 0; i < policies->len; i++)
        g_ptr_array_add(plan->policies, policy_of(policies->pdata[i]));
    fill_offsets(area->zone, plan);
    return true;
}
