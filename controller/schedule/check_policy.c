/* What the policies have against an order, in words: what would not sound is refused when it is
 * saved. The places are found by the trial; an order may leave out those below its targets. */
#include "schedule/check_policy.h"

#include "base/clock.h"
#include "schedule/recurrence.h"
#include "schedule/rundown.h"

#define SAID_MAX 20 /* places named in one refusal */

static const ProblemKind problem_policy = {
    "policy", 422, "Lịch phát trái với quy định của đơn vị. Hãy xem chi tiết.",
    "The order is against an area's policy. See the details."};
static const ProblemKind problem_role = {
    "policy-role", 403,
    "Quy định của đơn vị không cho vai trò của bạn đặt lịch mức này. Hãy nhờ người có quyền.",
    "The area's policy does not let your role issue this class. Ask somebody who may."};

Reply *check_policy_issuer(Database *database, const Broadcast *draft, const User *user)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Area) area = area_store_get(database, draft->area, &error);
    g_autoptr(GPtrArray) policies = area ? policy_store_path(database, area->path, &error) : NULL;
    if (!policies)
        return error ? reply_error(error) : reply_problem(&problem_not_found);
    for (unsigned i = 0; i < user->grants->len; i++) {
        const UserGrant *grant = &g_array_index(user->grants, UserGrant, i);
        if (area_store_within(database, draft->area, grant->area) &&
            policy_role_may(policies, grant->role, draft->class))
            return NULL;
    }
    return reply_problem(&problem_role);
}

static char *local_text(const char *zone, int64_t at_us)
{
    int64_t local_s = at_us / G_USEC_PER_SEC + recurrence_offset_s(zone, at_us);
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

static void add_level(GString *text, const TimelinePolicy *level, TimelineRule rule)
{
    bool hours = rule == TIMELINE_RULE_WINDOW || rule == TIMELINE_RULE_MOVE_HOURS;
    for (unsigned j = 0; hours && j < level->n_windows; j++)
        add_span(text, level->windows[j].span);
    for (unsigned j = 0; rule == TIMELINE_RULE_QUIET && j < level->n_quiet; j++)
        add_span(text, level->quiet[j]);
    if (rule == TIMELINE_RULE_SESSION_MINUTES)
        add_minutes(text, level->session_min);
    if (rule == TIMELINE_RULE_DAY_MINUTES)
        add_minutes(text, level->day_min);
}

/* What holds about one rule, top first; the default hours where nobody replaced them. */
static char *limits_text(const TrialPlace *place, TimelineRule rule)
{
    GString *text = g_string_new(NULL);
    const GArray *levels = place->levels;
    bool replaced = levels->len && g_array_index(levels, TimelinePolicy, 0).states_quiet;
    if (rule == TIMELINE_RULE_QUIET && !replaced)
        add_span(text, (TimelineSpan){TIMELINE_QUIET_FROM_MIN, TIMELINE_QUIET_UNTIL_MIN});
    for (unsigned i = 0; i < levels->len; i++)
        add_level(text, &g_array_index(levels, TimelinePolicy, i), rule);
    return g_string_free(text, FALSE);
}

static void say(Problem *problem, const TrialBreach *breach, const Broadcast *draft,
                unsigned starts, int64_t fits_us)
{
    const Area *area = breach->place->area;
    g_autofree char *at = local_text(area->zone, breach->start_us);
    g_autofree char *fits = fits_us ? local_text(area->zone, fits_us) : NULL;
    g_autofree char *why_vi = timeline_explain(breach->rule, TIMELINE_VI, NULL);
    g_autofree char *why_en = timeline_explain(breach->rule, TIMELINE_EN, NULL);
    g_autofree char *stated = limits_text(breach->place, breach->rule);
    g_autofree char *vi = g_strdup_printf(
        "%s: %s %u trên %u lượt phát trái quy định (đầu tiên %s). Giờ gần nhất phù hợp: %s. Quy "
        "định: %s.",
        area->name, why_vi, breach->count, starts, at, fits ? fits : "không có", stated);
    g_autofree char *en = g_strdup_printf(
        "%s: %s %u of %u starts are against it (the first: %s). The nearest time that fits: %s. "
        "The policy: %s.",
        area->name, why_en, breach->count, starts, at, fits ? fits : "none", stated);
    problem_add(problem, draft->kind == BROADCAST_NOW ? "/when/kind" : "/when/at", vi, en);
}

/* A class that a place does not take at all. */
static bool say_classes(Problem *problem, const Trial *trial, const Broadcast *draft)
{
    bool wrong = false;
    g_autoptr(GPtrArray) places = trial_places(trial);
    for (unsigned i = 0; i < places->len; i++) {
        const TrialPlace *place = g_ptr_array_index(places, i);
        if (policy_allows(place->policies, draft->class))
            continue;
        wrong = true;
        g_autofree char *vi = g_strdup_printf("%s không cho phép mức “%s”.", place->area->name,
                                              class_words[draft->class]);
        g_autofree char *en = g_strdup_printf("%s does not allow the class “%s”.",
                                              place->area->name, class_words[draft->class]);
        problem_add(problem, "/class", vi, en);
    }
    return wrong;
}

Reply *check_policy_refusal(const Trial *trial, const Broadcast *draft)
{
    g_autoptr(Problem) problem = problem_new(&problem_policy);
    g_autoptr(GArray) breaches = trial_breaches(trial);
    bool wrong = say_classes(problem, trial, draft);
    int64_t away_us = breaches->len ? trial_nearest(trial) : 0;
    for (unsigned i = 0; i < breaches->len && i < SAID_MAX; i++)
        say(problem, &g_array_index(breaches, TrialBreach, i), draft, trial_starts(trial),
            away_us ? trial_first_us(trial) + away_us : 0);
    return wrong || breaches->len ? reply_problem_take(g_steal_pointer(&problem)) : NULL;
}

static bool leave_out(const TrialPlace *place, Broadcast *draft)
{
    if (!place->is_below || draft->targets->len >= BROADCAST_MAX_TARGETS)
        return false;
    broadcast_add_target(draft, TARGET_AREA, place->area->id, true);
    return true;
}

bool check_policy_leave_out(const Trial *trial, Broadcast *draft)
{
    bool enough = true;
    g_autoptr(GPtrArray) places = trial_places(trial);
    for (unsigned i = 0; i < places->len; i++) {
        const TrialPlace *place = g_ptr_array_index(places, i);
        if (!policy_allows(place->policies, draft->class))
            enough = leave_out(place, draft) && enough;
    }
    g_autoptr(GArray) breaches = trial_breaches(trial);
    for (unsigned i = 0; i < breaches->len; i++)
        enough = leave_out(g_array_index(breaches, TrialBreach, i).place, draft) && enough;
    return enough;
}

Trial *check_policy_trial(Database *database, const Broadcast *draft, const TrialSettings *only,
                          int64_t now_us, GError **error)
{
    g_autoptr(GError) failed = NULL;
    g_autoptr(Rundown) rundown = rundown_load(database, draft, &failed);
    if (failed) {
        g_propagate_error(error, g_steal_pointer(&failed));
        return NULL;
    }
    TrialSettings settings = only ? *only : (TrialSettings){0};
    settings.database = database;
    settings.draft = draft;
    settings.now_us = now_us;
    settings.length_us = rundown ? rundown_length_us(rundown) : 0;
    settings.valid_until_us = rundown ? rundown_valid_until(rundown) : 0;
    return trial_new(&settings, error);
}

Reply *check_policy_order(Database *database, Broadcast *draft, const User *user, int64_t now_us,
                          Trial **ret_trial)
{
    Reply *refusal = check_policy_issuer(database, draft, user);
    if (refusal)
        return refusal;
    g_autoptr(GError) error = NULL;
    g_autoptr(Trial) trial = check_policy_trial(database, draft, NULL, now_us, &error);
    if (trial && draft->leave_out_refusing && check_policy_leave_out(trial, draft)) {
        trial_free(trial);
        trial = check_policy_trial(database, draft, NULL, now_us, &error);
    }
    if (!trial)
        return reply_error(error);
    refusal = check_policy_refusal(trial, draft);
    if (!refusal)
        *ret_trial = g_steal_pointer(&trial);
    return refusal;
}

Reply *check_policy_minutes(const Json *row)
{
    const Json *why = json_peek(row, "why");
    const char *title = json_peek_text(row, "title"), *at = json_peek_text(row, "planned_start");
    g_autofree char *vi =
        g_strdup_printf("%s Lượt phát “%s” lúc %s sẽ không phát đủ cùng các lịch đã có. Hãy chọn "
                        "giờ khác hoặc rút ngắn.",
                        json_peek_text(why, "vi"), title, at);
    g_autofree char *en =
        g_strdup_printf("%s Beside what is planned already, “%s” at %s would not sound in full. "
                        "Choose another time or make it shorter.",
                        json_peek_text(why, "en"), title, at);
    Problem *problem = problem_new(&problem_policy);
    problem_add(problem, "/when/at", vi, en);
    return reply_problem_take(problem);
}

static Json *breach_json(const TrialBreach *breach, unsigned starts)
{
    const Area *area = breach->place->area;
    g_autofree char *vi = timeline_explain(breach->rule, TIMELINE_VI, NULL);
    g_autofree char *en = timeline_explain(breach->rule, TIMELINE_EN, NULL);
    g_autofree char *limits = limits_text(breach->place, breach->rule);
    g_autofree char *first = clock_format_utc(breach->start_us);
    Json *json = json_new_object();
    json_set_text(json, "area", area->id);
    json_set_text(json, "area_name", area->name);
    json_set_bool(json, "below", breach->place->is_below);
    json_set_text(json, "code", timeline_rule_words[breach->rule]);
    json_set_text(json, "vi", vi);
    json_set_text(json, "en", en);
    json_set_int(json, "starts", breach->count);
    json_set_int(json, "of", starts);
    json_set_text(json, "first", first);
    json_set_text(json, "limits", limits);
    return json;
}

Json *check_policy_json(const Trial *trial)
{
    Json *list = json_new_array();
    g_autoptr(GArray) breaches = trial_breaches(trial);
    for (unsigned i = 0; i < breaches->len && i < SAID_MAX; i++)
        json_append_take(
            list, breach_json(&g_array_index(breaches, TrialBreach, i), trial_starts(trial)));
    return list;
}
