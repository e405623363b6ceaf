/* What the policies have against an order, in words: what would not sound is refused when it is
 * saved. The trial finds places and hours, the minutes what else sounds there; an order may leave
 * out the areas below its targets. */
#include "schedule/check_policy.h"

#include "base/clock.h"
#include "schedule/broadcast_scope.h"
#include "schedule/rundown.h"

#define SAID_MAX     20 /* places named in one refusal */
#define HALF_DAY_MIN 720
#define WEEK_MIN     (7 * 1440)

static const ProblemKind problem_policy = {
    "policy", 422, "Lịch phát trái với quy định của đơn vị. Hãy xem chi tiết.",
    "The order is against an area's policy. See the details."};
static const ProblemKind problem_role = {
    "policy-role", 403,
    "Quy định của đơn vị không cho vai trò của bạn hẹn phát mức này. Hãy nhờ người có quyền.",
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
    g_autofree char *at = recurrence_local_text(area->zone, breach->start_us);
    g_autofree char *fits = fits_us ? recurrence_local_text(area->zone, fits_us) : NULL;
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

static char *minutes_text(int64_t us)
{
    int64_t seconds = (us + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC;
    return g_strdup_printf("%d:%02d", (int)(seconds / 60), (int)(seconds % 60));
}

/* "Xã A: more minutes than one day may have. “Bản tin” on ..., 34:10 of at most 30:00." */
static char *short_text(const MinutesBreach *breach, TimelineLanguage language)
{
    g_autofree char *at = recurrence_local_text(breach->zone, breach->start_us);
    g_autofree char *why = timeline_explain(breach->rule, language, NULL);
    g_autofree char *wanted = minutes_text(breach->wanted_us);
    g_autofree char *limit = minutes_text(breach->limit_us);
    bool day = breach->rule == TIMELINE_RULE_DAY_MINUTES;
    if (language == TIMELINE_VI)
        return g_strdup_printf("%s: %s “%s” lúc %s sẽ không phát đủ: cả %s cần %s phút, tối đa %s "
                               "phút; %u ngày như vậy.",
                               breach->area_name, why, breach->title, at, day ? "ngày" : "buổi",
                               wanted, limit, breach->days);
    return g_strdup_printf("%s: %s “%s” at %s would not sound in full: the %s needs %s minutes of "
                           "at most %s; %u such days.",
                           breach->area_name, why, breach->title, at, day ? "day" : "session",
                           wanted, limit, breach->days);
}

static void say_minutes(Problem *problem, const MinutesBreach *breach, const Broadcast *draft,
                        int64_t fits_us)
{
    g_autofree char *fits = fits_us ? recurrence_local_text(breach->zone, fits_us) : NULL;
    g_autofree char *why_vi = short_text(breach, TIMELINE_VI);
    g_autofree char *why_en = short_text(breach, TIMELINE_EN);
    g_autofree char *vi = g_strdup_printf("%s Giờ gần nhất phù hợp: %s.", why_vi,
                                          fits ? fits : "không có, hãy rút ngắn");
    g_autofree char *en = g_strdup_printf("%s The nearest time that fits: %s.", why_en,
                                          fits ? fits : "none, make it shorter");
    problem_add(problem, draft->kind == BROADCAST_NOW ? "/when/kind" : "/when/at", vi, en);
}

static bool fits(const Minutes *minutes, unsigned order, int64_t by_us)
{
    return minutes_fits(minutes, order, by_us) && trial_fits(minutes_trial(minutes, order), by_us);
}

int64_t check_policy_nearest(const Minutes *minutes, unsigned order, int64_t now_us)
{
    bool once = !broadcast_repeats(minutes_broadcast(minutes, order));
    int64_t first_us = trial_first_us(minutes_trial(minutes, order));
    int64_t most_us = (once ? WEEK_MIN : HALF_DAY_MIN) * TIMELINE_MINUTE_US;
    for (int64_t by_us = TIMELINE_MINUTE_US; first_us && by_us <= most_us;
         by_us += TIMELINE_MINUTE_US) {
        if (fits(minutes, order, by_us))
            return first_us + by_us;
        if (first_us - by_us >= now_us && fits(minutes, order, -by_us))
            return first_us - by_us;
    }
    return 0;
}

Reply *check_policy_refusal(const Minutes *minutes, unsigned order, int64_t now_us)
{
    const Broadcast *draft = minutes_broadcast(minutes, order);
    const Trial *trial = minutes_trial(minutes, order);
    const GArray *shorts = minutes_breaches(minutes, order);
    g_autoptr(Problem) problem = problem_new(&problem_policy);
    g_autoptr(GArray) breaches = trial_breaches(trial);
    bool wrong = say_classes(problem, trial, draft) || breaches->len || shorts->len;
    int64_t fits_us =
        breaches->len || shorts->len ? check_policy_nearest(minutes, order, now_us) : 0;
    for (unsigned i = 0; i < breaches->len && i < SAID_MAX; i++)
        say(problem, &g_array_index(breaches, TrialBreach, i), draft, trial_starts(trial), fits_us);
    for (unsigned i = 0; i < shorts->len && i < SAID_MAX; i++)
        say_minutes(problem, &g_array_index(shorts, MinutesBreach, i), draft, fits_us);
    return wrong ? reply_problem_take(g_steal_pointer(&problem)) : NULL;
}

/* An area may have both class and hours against it; it is left out once. */
static bool is_left_out(const Broadcast *draft, const char *area)
{
    for (unsigned i = 0; i < draft->targets->len; i++) {
        const BroadcastTarget *target = g_ptr_array_index(draft->targets, i);
        if (target->exclude && target->kind == TARGET_AREA && g_str_equal(target->id, area))
            return true;
    }
    return false;
}

static void leave_out(const TrialPlace *place, Broadcast *draft)
{
    const char *area = place->area->id;
    if (place->is_below && !is_left_out(draft, area) && draft->targets->len < BROADCAST_MAX_TARGETS)
        broadcast_add_target(draft, TARGET_AREA, area, true);
}

/* Adds the areas below the targets that would refuse the order to those it leaves out. */
static void leave_out_refusing(const Trial *trial, Broadcast *draft)
{
    g_autoptr(GPtrArray) places = trial_places(trial);
    for (unsigned i = 0; i < places->len; i++) {
        const TrialPlace *place = g_ptr_array_index(places, i);
        if (!policy_allows(place->policies, draft->class))
            leave_out(place, draft);
    }
    g_autoptr(GArray) breaches = trial_breaches(trial);
    for (unsigned i = 0; i < breaches->len; i++)
        leave_out(g_array_index(breaches, TrialBreach, i).place, draft);
}

static Trial *trial_of(Database *database, const Broadcast *draft, const Rundown *rundown,
                       const TrialSettings *only, GError **error)
{
    TrialSettings settings = *only;
    settings.database = database;
    settings.draft = draft;
    settings.length_us = rundown_length_us(rundown);
    settings.valid_until_us = rundown_valid_until(rundown);
    return trial_new(&settings, error);
}

Reply *check_policy_add(Minutes *minutes, Database *database, Broadcast *take_draft,
                        const User *user, const CheckPolicyOrder *how)
{
    g_autoptr(Broadcast) draft = take_draft;
    g_autoptr(GError) error = NULL;
    Reply *refusal = check_policy_issuer(database, draft, user);
    if (refusal)
        return refusal;
    if (!draft->scope)
        draft->scope = broadcast_scope_of(database, draft);
    g_autoptr(Rundown) rundown = rundown_load(database, draft, &error);
    if (!rundown)
        return error ? reply_error(error) : reply_problem(&problem_not_found);
    g_autoptr(Trial) trial = trial_of(database, draft, rundown, &how->only, &error);
    if (trial && draft->leave_out_refusing) {
        leave_out_refusing(trial, draft);
        trial_free(trial);
        trial = trial_of(database, draft, rundown, &how->only, &error);
    }
    if (!trial)
        return reply_error(error);
    minutes_add(minutes, g_steal_pointer(&draft), g_steal_pointer(&rundown),
                g_steal_pointer(&trial), how->replaces);
    return NULL;
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
    json_set_null(json, "minutes");
    return json;
}

static Json *short_json(const MinutesBreach *breach, unsigned starts)
{
    g_autofree char *vi = short_text(breach, TIMELINE_VI);
    g_autofree char *en = short_text(breach, TIMELINE_EN);
    g_autofree char *first = clock_format_utc(breach->start_us);
    g_autofree char *limit = minutes_text(breach->limit_us);
    g_autofree char *limits = g_strdup_printf("≤ %s min", limit);
    Json *json = json_new_object();
    json_set_text(json, "area", breach->area);
    json_set_text(json, "area_name", breach->area_name);
    json_set_bool(json, "below", false);
    json_set_text(json, "code", timeline_rule_words[breach->rule]);
    json_set_text(json, "vi", vi);
    json_set_text(json, "en", en);
    json_set_int(json, "starts", MIN(breach->days, starts));
    json_set_int(json, "of", starts);
    json_set_text(json, "first", first);
    json_set_text(json, "limits", limits);
    Json *room = json_new_object();
    json_set_text(room, "title", breach->title);
    json_set_bool(room, "own", breach->is_own);
    json_set_int(room, "wanted_s", breach->wanted_us / G_USEC_PER_SEC);
    json_set_int(room, "limit_s", breach->limit_us / G_USEC_PER_SEC);
    json_set_int(room, "days", breach->days);
    json_set_take(json, "minutes", room);
    return json;
}

Json *check_policy_json(const Minutes *minutes, unsigned order)
{
    Json *list = json_new_array();
    const Trial *trial = minutes_trial(minutes, order);
    const GArray *shorts = minutes_breaches(minutes, order);
    g_autoptr(GArray) breaches = trial_breaches(trial);
    for (unsigned i = 0; i < breaches->len && i < SAID_MAX; i++)
        json_append_take(
            list, breach_json(&g_array_index(breaches, TrialBreach, i), trial_starts(trial)));
    for (unsigned i = 0; i < shorts->len && i < SAID_MAX; i++)
        json_append_take(list,
                         short_json(&g_array_index(shorts, MinutesBreach, i), trial_starts(trial)));
    return list;
}
