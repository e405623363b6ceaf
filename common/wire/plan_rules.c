/* What holds for all airings of a plan: the policies of the areas on the path, when the local clock
 * changes, and what sounds instead of a file that is not there. */
#include "wire/plan_private.h"

#include <string.h>

#define ALL_DAYS 127

/* ---- printed ---- */

static Json *span_to_json(TimelineSpan span)
{
    Json *json = json_new_object();
    json_set_int(json, "from_min", span.from_min);
    json_set_int(json, "until_min", span.until_min);
    return json;
}

static Json *spans_to_json(const GArray *spans)
{
    Json *list = json_new_array();
    for (unsigned i = 0; i < spans->len; i++)
        json_append_take(list, span_to_json(g_array_index(spans, TimelineSpan, i)));
    return list;
}

static Json *windows_to_json(const GArray *windows)
{
    Json *list = json_new_array();
    for (unsigned i = 0; i < windows->len; i++) {
        const TimelineWindow *window = &g_array_index(windows, TimelineWindow, i);
        Json *one = span_to_json(window->span);
        json_set_int(one, "weekdays", window->weekdays);
        json_append_take(list, one);
    }
    return list;
}

static Json *ceilings_to_json(const GArray *ceilings)
{
    Json *list = json_new_array();
    for (unsigned i = 0; i < ceilings->len; i++) {
        const TimelineCeiling *ceiling = &g_array_index(ceilings, TimelineCeiling, i);
        Json *one = span_to_json(ceiling->span);
        json_set_int(one, "gain_mdb", ceiling->gain_mdb);
        if (ceiling->classes)
            json_set_text(one, "class", class_words[g_bit_nth_lsf(ceiling->classes, -1)]);
        json_append_take(list, one);
    }
    return list;
}

/* No limit is not said. */
void plan_data_to_json(int64_t day_bytes, int64_t month_bytes, Json *json)
{
    if (day_bytes > 0)
        json_set_int(json, "data_day_bytes", day_bytes);
    if (month_bytes > 0)
        json_set_int(json, "data_month_bytes", month_bytes);
}

static Json *policy_to_json(const PlanPolicy *policy)
{
    Json *json = json_new_object();
    json_set_text(json, "area", policy->area);
    if (policy->states_quiet)
        json_set_take(json, "quiet", spans_to_json(policy->quiet));
    if (policy->windows->len)
        json_set_take(json, "windows", windows_to_json(policy->windows));
    if (policy->ceilings->len)
        json_set_take(json, "ceilings", ceilings_to_json(policy->ceilings));
    json_set_int(json, "session_min", policy->session_min);
    json_set_int(json, "day_min", policy->day_min);
    plan_data_to_json(policy->data_day_bytes, policy->data_month_bytes, json);
    return json;
}

static Json *offsets_to_json(const GArray *offsets)
{
    Json *list = json_new_array();
    for (unsigned i = 0; i < offsets->len; i++) {
        const TimelineOffset *offset = &g_array_index(offsets, TimelineOffset, i);
        Json *one = json_new_object();
        json_set_int(one, "from_us", offset->from_us);
        json_set_int(one, "offset_s", offset->offset_s);
        json_append_take(list, one);
    }
    return list;
}

void plan_rules_to_json(const Plan *self, Json *json)
{
    Json *policies = json_new_array();
    for (unsigned i = 0; i < self->policies->len; i++)
        json_append_take(policies, policy_to_json(self->policies->pdata[i]));
    json_set_take(json, "policies", policies);
    json_set_take(json, "offsets", offsets_to_json(self->offsets));
}

/* ---- read ---- */

static TimelineSpan read_span(JsonForm *form)
{
    return (TimelineSpan){
        .from_min = (uint16_t)json_form_int(form, "from_min", true, 0, DAY_MIN, 0),
        .until_min = (uint16_t)json_form_int(form, "until_min", true, 0, DAY_MIN, 0),
    };
}

void plan_data_read(JsonForm *form, int64_t *ret_day_bytes, int64_t *ret_month_bytes)
{
    *ret_day_bytes = json_form_int(form, "data_day_bytes", false, 1, DATA_MAX, 0);
    *ret_month_bytes = json_form_int(form, "data_month_bytes", false, 1, DATA_MAX, 0);
}

/* Of routine sound only; left out = all of it. */
uint8_t plan_class_read(JsonForm *form)
{
    static const char *const routine[] = {"normal", "priority", NULL};
    int class = json_form_choice(form, "class", false, routine, -1);
    return class < 0 ? 0 : (uint8_t)(1u << class);
}

static void read_lists(JsonForm *form, PlanPolicy *policy)
{
    const Json *quiet = json_form_array(form, "quiet", false, PLAN_MAX_SPANS);
    policy->states_quiet = quiet != NULL;
    for (size_t i = 0; i < json_length(quiet); i++) {
        TimelineSpan span = read_span(json_form_element(form, "quiet", i));
        g_array_append_val(policy->quiet, span);
    }
    const Json *windows = json_form_array(form, "windows", false, PLAN_MAX_SPANS);
    for (size_t i = 0; i < json_length(windows); i++) {
        JsonForm *one = json_form_element(form, "windows", i);
        TimelineWindow window = {
            .weekdays = (uint8_t)json_form_int(one, "weekdays", true, 1, ALL_DAYS, 1),
            .span = read_span(one),
        };
        g_array_append_val(policy->windows, window);
    }
    const Json *ceilings = json_form_array(form, "ceilings", false, PLAN_MAX_SPANS);
    for (size_t i = 0; i < json_length(ceilings); i++) {
        JsonForm *one = json_form_element(form, "ceilings", i);
        TimelineCeiling ceiling = {
            .span = read_span(one),
            .gain_mdb = (int)json_form_int(one, "gain_mdb", true, GAIN_MIN, 0, 0),
            .classes = plan_class_read(one),
        };
        g_array_append_val(policy->ceilings, ceiling);
    }
}

static void read_offsets(JsonForm *form, Plan *self)
{
    const Json *list = json_form_array(form, "offsets", false, PLAN_MAX_OFFSETS);
    for (size_t i = 0; i < json_length(list); i++) {
        JsonForm *one = json_form_element(form, "offsets", i);
        TimelineOffset offset = {
            .from_us = json_form_int(one, "from_us", true, 0, TIME_MAX, 0),
            .offset_s = (int)json_form_int(one, "offset_s", true, -64800, 64800, 0),
        };
        g_array_append_val(self->offsets, offset);
    }
    for (unsigned i = 1; i < self->offsets->len; i++)
        if (g_array_index(self->offsets, TimelineOffset, i).from_us <=
            g_array_index(self->offsets, TimelineOffset, i - 1).from_us)
            json_form_fault(form, "offsets", FORM_RANGE, "ascending");
}

void plan_rules_read(JsonForm *form, Plan *self)
{
    const Json *policies = json_form_array(form, "policies", false, PLAN_MAX_DEPTH);
    for (size_t i = 0; i < json_length(policies); i++) {
        JsonForm *one = json_form_element(form, "policies", i);
        PlanPolicy *policy = plan_policy_new(json_form_text(one, "area", true, 1, ID_MAX));
        g_ptr_array_add(self->policies, policy);
        read_lists(one, policy);
        policy->session_min = (int)json_form_int(one, "session_min", false, 0, DAY_MIN, 0);
        policy->day_min = (int)json_form_int(one, "day_min", false, 0, DAY_MIN, 0);
        plan_data_read(one, &policy->data_day_bytes, &policy->data_month_bytes);
    }
    read_offsets(form, self);
}
