/* The timeline is asked about the order alone, under the policies of one target after the other:
 * what it would not let sound is refused here already. Only what an area states counts when saving;
 * the default quiet hours hold at the station and are shown by the check. */
#include "schedule/check_policy.h"

#include "base/clock.h"
#include "registry/policy.h"
#include "registry/station_store.h"
#include "schedule/rundown.h"

#define DAY_US  (INT64_C(86400) * G_USEC_PER_SEC)
#define STEP_US TIMELINE_MINUTE_US

static const ProblemKind problem_policy = {
    "policy", 422, "Lịch phát trái với quy định của đơn vị. Hãy xem chi tiết.",
    "The order is against an area's policy. See the details."};

typedef struct Trial {
    const Area *area;
    GArray *levels;  /* TimelinePolicy */
    GArray *offsets; /* TimelineOffset */
    GArray *starts;  /* int64_t */
    int64_t length_us;
    AiringClass class;
} Trial;

static bool is_against(TimelineRule rule)
{
    return rule == TIMELINE_RULE_QUIET || rule == TIMELINE_RULE_WINDOW ||
           rule == TIMELINE_RULE_SESSION_MINUTES || rule == TIMELINE_RULE_DAY_MINUTES ||
           rule == TIMELINE_RULE_MOVE_HOURS;
}

/* How many of the starts, moved by `by_us`, the policies refuse; the first of them. */
static unsigned refused(const Trial *trial, int64_t by_us, int64_t *ret_start_us,
                        TimelineRule *ret_rule)
{
    unsigned count = 0, length = trial->starts->len;
    TimelineItem item = {.length_us = trial->length_us};
    g_autofree TimelineAiring *airings = g_new0(TimelineAiring, length + 1);
    g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
    for (unsigned i = 0; i < length; i++) {
        g_ptr_array_add(ids, g_strdup_printf("%u", i));
        airings[i] =
            (TimelineAiring){.id = g_ptr_array_index(ids, i),
                             .start_us = g_array_index(trial->starts, int64_t, i) + by_us,
                             .tolerance_us = -1,
                             .class = trial->class,
                             .rank = trial->class == CLASS_PRIORITY ? RANK_PRIORITY : RANK_NORMAL,
                             .items = &item,
                             .n_items = 1};
    }
    TimelinePolicies policies = {.data = (const TimelinePolicy *)(const void *)trial->levels->data,
                                 .length = trial->levels->len,
                                 .offsets =
                                     (const TimelineOffset *)(const void *)trial->offsets->data,
                                 .n_offsets = trial->offsets->len};
    g_autoptr(Timeline) timeline =
        timeline_resolve((TimelineAirings){airings, length}, (TimelineEvents){0}, policies, 0);
    for (unsigned i = 0; i < length; i++) {
        if (!is_against(timeline->fates[i].rule) || timeline->fates[i].outcome == OUTCOME_PLAYED ||
            count++ > 0)
            continue;
        *ret_start_us = airings[i].start_us;
        *ret_rule = timeline->fates[i].rule;
    }
    return count;
}

/* By how much all starts must move so that all fit; 0 = there is no such time within half a day. */
static int64_t nearest(Trial *trial, int64_t now_us)
{
    int64_t start_us;
    TimelineRule rule;
    int64_t first_us = g_array_index(trial->starts, int64_t, 0);
    unsigned all = trial->starts->len;
    g_array_set_size(trial->starts, MIN(all, 7)); /* a week shows every weekday */
    for (int64_t away_us = STEP_US; away_us <= DAY_US / 2; away_us += STEP_US) {
        if (refused(trial, away_us, &start_us, &rule) == 0)
            return away_us;
        if (first_us - away_us >= now_us && refused(trial, -away_us, &start_us, &rule) == 0)
            return -away_us;
    }
    return 0;
}

static char *local_text(const Area *area, int64_t at_us)
{
    int64_t local_s = at_us / G_USEC_PER_SEC + recurrence_offset_s(area->zone, at_us);
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(local_s);
    return g_date_time_format(time, "%d/%m/%Y %H:%M");
}

static void add_span(GString *text, TimelineSpan span)
{
    g_string_append_printf(text, "%s%02d:%02d–%02d:%02d", text->len ? ", " : "", span.from_min / 60,
                           span.from_min % 60, span.until_min / 60, span.until_min % 60);
}

static void add_minutes(GString *text, int minutes)
{
    if (minutes)
        g_string_append_printf(text, "%s≤ %d min", text->len ? ", " : "", minutes);
}

/* What the areas state about one rule, top first. */
static char *limits_text(const GPtrArray *policies, TimelineRule rule)
{
    GString *text = g_string_new(NULL);
    for (unsigned i = 0; i < policies->len; i++) {
        const Policy *policy = g_ptr_array_index(policies, i);
        for (unsigned j = 0; rule == TIMELINE_RULE_WINDOW && j < policy->windows->len; j++)
            add_span(text, g_array_index(policy->windows, TimelineWindow, j).span);
        for (unsigned j = 0; rule == TIMELINE_RULE_QUIET && j < policy->quiet->len; j++)
            add_span(text, g_array_index(policy->quiet, TimelineSpan, j));
        if (rule == TIMELINE_RULE_SESSION_MINUTES)
            add_minutes(text, policy->session_min);
        if (rule == TIMELINE_RULE_DAY_MINUTES)
            add_minutes(text, policy->day_min);
    }
    return g_string_free(text, FALSE);
}

static void say(Problem *problem, Trial *trial, const GPtrArray *policies, int64_t now_us)
{
    int64_t start_us = 0;
    TimelineRule rule = TIMELINE_RULE_NOMINAL;
    unsigned all = trial->starts->len, count = refused(trial, 0, &start_us, &rule);
    int64_t first_us = g_array_index(trial->starts, int64_t, 0);
    int64_t away_us = nearest(trial, now_us);
    g_autofree char *at = local_text(trial->area, start_us);
    g_autofree char *fits = away_us ? local_text(trial->area, first_us + away_us) : NULL;
    g_autofree char *why_vi = timeline_explain(rule, TIMELINE_VI, NULL);
    g_autofree char *why_en = timeline_explain(rule, TIMELINE_EN, NULL);
    g_autofree char *stated = limits_text(policies, rule);
    int64_t minutes = (trial->length_us + TIMELINE_MINUTE_US - 1) / TIMELINE_MINUTE_US;
    g_autofree char *vi = g_strdup_printf(
        "%s: %s %u trên %u lượt phát trái quy định (đầu tiên %s, dài %d phút). Giờ gần nhất phù "
        "hợp: %s. Quy định: %s.",
        trial->area->name, why_vi, count, all, at, (int)minutes, fits ? fits : "không có", stated);
    g_autofree char *en = g_strdup_printf(
        "%s: %s %u of %u starts are against it (the first: %s, %d minutes long). The nearest time "
        "that fits: %s. The policy: %s.",
        trial->area->name, why_en, count, all, at, (int)minutes, fits ? fits : "none", stated);
    problem_add(problem, "/when/at", vi, en);
}

static GArray *starts_of(const Broadcast *draft)
{
    GArray *starts = g_array_new(FALSE, FALSE, sizeof(int64_t));
    Series series = broadcast_series(draft);
    g_autoptr(GArray) list =
        series_expand(&series, draft->start_us, draft->start_us + PLAN_DAYS * DAY_US);
    for (unsigned i = 0; i < list->len; i++) {
        const SeriesOccurrence *one = &g_array_index(list, SeriesOccurrence, i);
        if (one->fate == SERIES_PLAYS)
            g_array_append_val(starts, one->start_us);
    }
    return starts;
}

static bool class_allowed(const GPtrArray *policies, AiringClass class)
{
    for (unsigned i = 0; i < policies->len; i++) {
        const Policy *policy = g_ptr_array_index(policies, i);
        if (policy->classes && !(policy->classes >> class & 1))
            return false;
    }
    return true;
}

/* True when something of the order is against what holds in `area`. */
static bool judge_area(Database *database, const Broadcast *draft, const Area *area,
                       int64_t length_us, int64_t now_us, Problem *problem)
{
    g_autoptr(GPtrArray) policies = policy_store_path(database, area->path, NULL);
    if (!policies || policies->len == 0)
        return false;
    if (!class_allowed(policies, draft->class)) {
        problem_add(problem, "/class", "Đơn vị này không cho phép mức ưu tiên đó.",
                    "The area's policy does not allow this class.");
        return true;
    }
    g_autoptr(GArray) levels = policy_timeline(policies);
    /* Nothing that nobody states counts here: an empty statement replaces the default hours. */
    TimelinePolicy *top = &g_array_index(levels, TimelinePolicy, 0);
    top->states_quiet = true;
    g_autoptr(GArray) starts = starts_of(draft);
    g_autoptr(GArray) offsets = g_array_new(FALSE, FALSE, sizeof(TimelineOffset));
    for (unsigned i = 0; i < starts->len; i++) {
        int64_t at_us = g_array_index(starts, int64_t, i);
        TimelineOffset one = {.from_us = at_us, .offset_s = recurrence_offset_s(area->zone, at_us)};
        g_array_append_val(offsets, one);
    }
    Trial trial = {.area = area,
                   .levels = levels,
                   .offsets = offsets,
                   .starts = starts,
                   .length_us = length_us,
                   .class = draft->class};
    int64_t start_us;
    TimelineRule rule;
    if (refused(&trial, 0, &start_us, &rule) == 0)
        return false;
    say(problem, &trial, policies, now_us);
    return true;
}

static Area *area_of(Database *database, const BroadcastTarget *target)
{
    if (target->kind != TARGET_STATION)
        return area_store_get(database, target->id, NULL);
    g_autoptr(Station) station = station_store_get(database, target->id, NULL);
    return station ? area_store_get(database, station->area, NULL) : NULL;
}

Reply *check_policy_refusal(Database *database, const Broadcast *draft, int64_t now_us)
{
    g_autoptr(Rundown) rundown = rundown_load(database, draft, NULL);
    int64_t length_us = rundown ? rundown_frames(rundown) * G_USEC_PER_SEC / 48000 : 0;
    g_autoptr(Problem) problem = problem_new(&problem_policy);
    bool wrong = false;
    for (unsigned i = 0; i < draft->targets->len && !wrong; i++) {
        const BroadcastTarget *target = g_ptr_array_index(draft->targets, i);
        g_autoptr(Area) area = target->exclude ? NULL : area_of(database, target);
        wrong = area && judge_area(database, draft, area, MAX(length_us, STEP_US), now_us, problem);
    }
    return wrong ? reply_problem_take(g_steal_pointer(&problem)) : NULL;
}
