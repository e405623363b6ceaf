/* Policies as people write them (hours and minutes, decibels, days of the week) and as the timeline
 * counts them. Rows hold the JSON that was checked; nothing is merged before it is asked for. */
#include "registry/policy.h"

#include <math.h>
#include <stdio.h>

#define DAY_MIN     1440
#define ALL_CLASSES 7U

static const char *const weekday_words[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun", NULL};

void policy_free(Policy *self)
{
    if (!self)
        return;
    g_free(self->area);
    g_array_unref(self->quiet);
    g_array_unref(self->windows);
    g_array_unref(self->ceilings);
    g_free(self);
}

static int read_minute(JsonForm *form, const char *key)
{
    const char *text = json_form_text(form, key, true, 5, 5);
    int hour = -1, minute = -1, end = 0;
    bool read = text && sscanf(text, "%2d:%2d%n", &hour, &minute, &end) == 2 && end == 5;
    if (read && hour >= 0 && minute >= 0 && minute < 60 && hour * 60 + minute <= DAY_MIN)
        return hour * 60 + minute;
    if (text && *text)
        json_form_fault(form, key, FORM_FORMAT, "HH:MM");
    return 0;
}

static TimelineSpan read_span(JsonForm *form)
{
    TimelineSpan span = {.from_min = (uint16_t)read_minute(form, "from"),
                         .until_min = (uint16_t)read_minute(form, "until")};
    g_autofree char *other = g_strdup_printf("≠ %02d:%02d", span.from_min / 60, span.from_min % 60);
    if (span.from_min == span.until_min)
        json_form_fault(form, "until", FORM_RANGE, other);
    return span;
}

static unsigned read_bits(JsonForm *form, const char *key, const char *const *words,
                          const Json *list)
{
    unsigned bits = 0;
    for (size_t i = 0; i < json_length(list); i++) {
        const char *word = json_text(json_at(list, i));
        unsigned index = 0;
        while (words[index] && g_strcmp0(words[index], word) != 0)
            index++;
        if (words[index])
            bits |= 1U << index;
        else
            json_form_fault(form, key, FORM_CHOICE, NULL);
    }
    return bits;
}

static unsigned read_words(JsonForm *form, const char *key, const char *const *words, bool required)
{
    const Json *list = json_form_array(form, key, required, 7);
    unsigned bits = read_bits(form, key, words, list);
    if (list && bits == 0)
        json_form_fault(form, key, FORM_TOO_SHORT, "1");
    return bits;
}

/* {"village_head": ["normal"], "viewer": []}: an empty list lets the role issue nothing. */
static void read_roles(JsonForm *form, Policy *self)
{
    JsonForm *roles = json_form_child(form, "roles", false);
    for (unsigned role = 0; roles && role < ROLE_COUNT; role++) {
        const char *word = role_word((Role)role);
        const Json *list = json_form_array(roles, word, false, 7);
        if (!list)
            continue;
        self->roles_said |= 1U << role;
        self->role_classes[role] = read_bits(roles, word, class_words, list);
    }
}

static void read_lists(JsonForm *form, Policy *self)
{
    const Json *quiet = json_form_array(form, "quiet", false, POLICY_SPANS_MAX);
    self->states_quiet = quiet != NULL;
    for (size_t i = 0; i < json_length(quiet); i++) {
        TimelineSpan span = read_span(json_form_element(form, "quiet", i));
        g_array_append_val(self->quiet, span);
    }
    const Json *windows = json_form_array(form, "windows", false, POLICY_SPANS_MAX);
    for (size_t i = 0; i < json_length(windows); i++) {
        JsonForm *one = json_form_element(form, "windows", i);
        TimelineWindow window = {.weekdays =
                                     (uint8_t)read_words(one, "weekdays", weekday_words, true),
                                 .span = read_span(one)};
        g_array_append_val(self->windows, window);
    }
    const Json *ceilings = json_form_array(form, "ceilings", false, POLICY_SPANS_MAX);
    for (size_t i = 0; i < json_length(ceilings); i++) {
        JsonForm *one = json_form_element(form, "ceilings", i);
        double gain_db = json_form_real(one, "gain_db", true, 0);
        if (!(gain_db >= -60 && gain_db <= 0))
            json_form_fault(one, "gain_db", FORM_RANGE, "-60..0");
        TimelineCeiling ceiling = {.span = read_span(one),
                                   .classes = plan_class_read(one),
                                   .gain_mdb = (int)lround(CLAMP(gain_db, -60, 0) * 1000)};
        g_array_append_val(self->ceilings, ceiling);
    }
}

Policy *policy_read(JsonForm *form)
{
    Policy *self = g_new0(Policy, 1);
    self->quiet = g_array_new(FALSE, FALSE, sizeof(TimelineSpan));
    self->windows = g_array_new(FALSE, FALSE, sizeof(TimelineWindow));
    self->ceilings = g_array_new(FALSE, FALSE, sizeof(TimelineCeiling));
    read_lists(form, self);
    self->session_min = (int)json_form_int(form, "session_min", false, 1, DAY_MIN, 0);
    self->day_min = (int)json_form_int(form, "day_min", false, 1, DAY_MIN, 0);
    self->live_max_min = (int)json_form_int(form, "live_max_min", false, 1, DAY_MIN, 0);
    self->data_day_mb = (int)json_form_int(form, "data_day_mb", false, 1, POLICY_DATA_MAX_MB, 0);
    self->data_month_mb =
        (int)json_form_int(form, "data_month_mb", false, 1, POLICY_DATA_MAX_MB, 0);
    self->approvers = (int)json_form_int(form, "approvers", false, 1, 2, 0);
    self->classes = read_words(form, "classes", class_words, false);
    read_roles(form, self);
    return self;
}

static void set_span(Json *object, TimelineSpan span)
{
    g_autofree char *from = g_strdup_printf("%02d:%02d", span.from_min / 60, span.from_min % 60);
    g_autofree char *until = g_strdup_printf("%02d:%02d", span.until_min / 60, span.until_min % 60);
    json_set_text(object, "from", from);
    json_set_text(object, "until", until);
}

static Json *words_json(unsigned bits, const char *const *words)
{
    Json *list = json_new_array();
    for (unsigned i = 0; words[i]; i++)
        if (bits >> i & 1)
            json_append_text(list, words[i]);
    return list;
}

static void append_quiet(Json *list, const Policy *self)
{
    for (unsigned i = 0; i < self->quiet->len; i++) {
        Json *one = json_new_object();
        set_span(one, g_array_index(self->quiet, TimelineSpan, i));
        json_append_take(list, one);
    }
}

static Json *windows_json(const Policy *self)
{
    Json *list = json_new_array();
    for (unsigned i = 0; i < self->windows->len; i++) {
        const TimelineWindow *window = &g_array_index(self->windows, TimelineWindow, i);
        Json *one = json_new_object();
        json_set_take(one, "weekdays", words_json(window->weekdays, weekday_words));
        set_span(one, window->span);
        json_append_take(list, one);
    }
    return list;
}

static void append_ceilings(Json *list, const Policy *self)
{
    for (unsigned i = 0; i < self->ceilings->len; i++) {
        const TimelineCeiling *ceiling = &g_array_index(self->ceilings, TimelineCeiling, i);
        Json *one = json_new_object();
        set_span(one, ceiling->span);
        json_set_real(one, "gain_db", ceiling->gain_mdb / 1000.0);
        if (ceiling->classes)
            json_set_text(one, "class", class_words[g_bit_nth_lsf(ceiling->classes, -1)]);
        else
            json_set_null(one, "class");
        json_append_take(list, one);
    }
}

static void set_number(Json *object, const char *key, int value)
{
    if (value)
        json_set_int(object, key, value);
    else
        json_set_null(object, key);
}

static Json *roles_json(const Policy *self)
{
    Json *roles = json_new_object();
    for (unsigned role = 0; role < ROLE_COUNT; role++)
        if (self->roles_said >> role & 1)
            json_set_take(roles, role_word((Role)role),
                          words_json(self->role_classes[role], class_words));
    return roles;
}

static void set_limits(Json *json, const Policy *self)
{
    set_number(json, "session_min", self->session_min);
    set_number(json, "day_min", self->day_min);
    set_number(json, "live_max_min", self->live_max_min);
    set_number(json, "data_day_mb", self->data_day_mb);
    set_number(json, "data_month_mb", self->data_month_mb);
    set_number(json, "approvers", self->approvers);
    json_set_take(json, "classes", self->classes ? words_json(self->classes, class_words) : NULL);
    if (!self->classes)
        json_set_null(json, "classes");
    json_set_take(json, "roles", roles_json(self));
}

Json *policy_json(const Policy *self)
{
    Json *quiet = json_new_array(), *ceilings = json_new_array(), *json = json_new_object();
    append_quiet(quiet, self);
    append_ceilings(ceilings, self);
    json_set_take(json, "quiet", quiet);
    if (!self->states_quiet)
        json_set_null(json, "quiet");
    json_set_take(json, "windows", windows_json(self));
    json_set_take(json, "ceilings", ceilings);
    set_limits(json, self);
    return json;
}

static int tighter(int a, int b)
{
    return a && b ? MIN(a, b) : MAX(a, b);
}

static unsigned allowed_classes(const GPtrArray *policies)
{
    unsigned classes = ALL_CLASSES;
    for (unsigned i = 0; i < policies->len; i++) {
        const Policy *one = g_ptr_array_index(policies, i);
        classes &= one->classes ? one->classes : ALL_CLASSES;
    }
    return classes;
}

static unsigned role_classes(const GPtrArray *policies, Role role)
{
    unsigned classes = allowed_classes(policies);
    for (unsigned i = 0; i < policies->len; i++) {
        const Policy *one = g_ptr_array_index(policies, i);
        if (one->roles_said >> role & 1)
            classes &= one->role_classes[role];
    }
    return classes;
}

bool policy_allows(const GPtrArray *policies, AiringClass class)
{
    return allowed_classes(policies) >> class & 1;
}

bool policy_role_may(const GPtrArray *policies, Role role, AiringClass class)
{
    return role_may(role, VERB_SCHEDULE) && role_classes(policies, role) >> class & 1;
}

int policy_approvers(const GPtrArray *policies)
{
    int approvers = 1;
    for (unsigned i = 0; i < policies->len; i++)
        approvers = MAX(approvers, ((const Policy *)g_ptr_array_index(policies, i))->approvers);
    return approvers;
}

static bool replaces_default(const GPtrArray *policies)
{
    const Policy *first = policies->len ? g_ptr_array_index(policies, 0) : NULL;
    return first && first->is_top && first->states_quiet;
}

/* The sum as far as numbers and roles go. */
static Policy sum_of(const GPtrArray *policies)
{
    Policy sum = {.classes = allowed_classes(policies), .approvers = policy_approvers(policies)};
    for (unsigned i = 0; i < policies->len; i++) {
        const Policy *one = g_ptr_array_index(policies, i);
        sum.session_min = tighter(sum.session_min, one->session_min);
        sum.day_min = tighter(sum.day_min, one->day_min);
        sum.live_max_min = tighter(sum.live_max_min, one->live_max_min);
        sum.data_day_mb = tighter(sum.data_day_mb, one->data_day_mb);
        sum.data_month_mb = tighter(sum.data_month_mb, one->data_month_mb);
    }
    for (unsigned role = 0; role < ROLE_COUNT; role++) {
        if (!role_may((Role)role, VERB_SCHEDULE))
            continue;
        sum.roles_said |= 1U << role;
        sum.role_classes[role] = role_classes(policies, (Role)role);
    }
    return sum;
}

Json *policy_effective_json(const GPtrArray *policies)
{
    Policy sum = sum_of(policies);
    Json *quiet = json_new_array(), *windows = json_new_array(), *ceilings = json_new_array();
    if (!replaces_default(policies)) {
        Json *usual = json_new_object();
        set_span(usual, (TimelineSpan){TIMELINE_QUIET_FROM_MIN, TIMELINE_QUIET_UNTIL_MIN});
        json_append_take(quiet, usual);
    }
    for (unsigned i = 0; i < policies->len; i++) {
        const Policy *one = g_ptr_array_index(policies, i);
        append_quiet(quiet, one);
        append_ceilings(ceilings, one);
        if (one->windows->len > 0)
            json_append_take(windows, windows_json(one));
    }
    Json *json = json_new_object();
    json_set_take(json, "quiet", quiet);
    json_set_bool(json, "quiet_is_default", !replaces_default(policies));
    json_set_take(json, "windows", windows);
    json_set_take(json, "ceilings", ceilings);
    set_limits(json, &sum);
    json_set_take(json, "classes", words_json(sum.classes, class_words));
    return json;
}

GArray *policy_timeline(const GPtrArray *policies)
{
    GArray *list = g_array_new(FALSE, TRUE, sizeof(TimelinePolicy));
    /* A top area that says nothing stands first: nobody below it replaces the default hours. */
    const Policy *first = policies->len ? g_ptr_array_index(policies, 0) : NULL;
    if (first && !first->is_top)
        g_array_set_size(list, 1);
    for (unsigned i = 0; i < policies->len; i++) {
        const Policy *one = g_ptr_array_index(policies, i);
        TimelinePolicy policy = {
            .id = one->area,
            .states_quiet = one->states_quiet,
            .quiet = (const TimelineSpan *)(const void *)one->quiet->data,
            .n_quiet = one->quiet->len,
            .windows = (const TimelineWindow *)(const void *)one->windows->data,
            .n_windows = one->windows->len,
            .ceilings = (const TimelineCeiling *)(const void *)one->ceilings->data,
            .n_ceilings = one->ceilings->len,
            .session_min = one->session_min,
            .day_min = one->day_min,
        };
        g_array_append_val(list, policy);
    }
    return list;
}
