/* The limits come down in the signed plan: each area on the path may state its own, and so may the
 * station; they add up to the tightest. Who asks decides what is urgent; nothing that is said here
 * ever holds back an emergency. */
#include "link/data_budget.h"

const char *const data_state_words[] = {"free", "near", "spent", NULL};

static int64_t tighter(int64_t a, int64_t b)
{
    return a && b ? MIN(a, b) : MAX(a, b);
}

static void tighten(DataLimits *limits, int64_t day_bytes, int64_t month_bytes)
{
    limits->day_bytes = tighter(limits->day_bytes, day_bytes);
    limits->month_bytes = tighter(limits->month_bytes, month_bytes);
}

DataLimits data_limits_of(const Plan *plan, const DataMeter *meter)
{
    DataLimits limits = meter ? data_meter_limits(meter) : (DataLimits){0};
    if (!plan)
        return limits;
    tighten(&limits, plan->data_day_bytes, plan->data_month_bytes);
    for (unsigned i = 0; i < plan->policies->len; i++) {
        const PlanPolicy *policy = plan->policies->pdata[i];
        tighten(&limits, policy->data_day_bytes, policy->data_month_bytes);
    }
    return limits;
}

static DataState state_of(int64_t limit, int64_t used)
{
    if (!limit)
        return DATA_FREE;
    return used >= limit                             ? DATA_SPENT
           : used >= limit / 100 * DATA_NEAR_PERCENT ? DATA_NEAR
                                                     : DATA_FREE;
}

DataState data_state(const DataLimits *limits, const DataUse *use, int64_t more)
{
    DataState day = state_of(limits->day_bytes, data_use_today(use) + more);
    DataState month = state_of(limits->month_bytes, data_use_month(use) + more);
    return MAX(day, month);
}

int64_t data_forecast(const DataUse *use)
{
    int64_t rate = 0, today = data_use_today(use);
    if (!use->n_past || !use->day)
        return -1;
    for (unsigned i = 0; i < use->n_past; i++)
        rate += use->past[i];
    rate /= use->n_past;
    return data_use_month(use) + MAX(rate - today, 0) + rate * data_use_days_left(use);
}

static void set_limit(Json *json, const char *key, int64_t bytes)
{
    if (bytes > 0)
        json_set_int(json, key, bytes);
    else
        json_set_null(json, key);
}

Json *data_to_json(const DataLimits *limits, const DataUse *use)
{
    Json *json = json_new_object(), *kinds = json_new_object();
    int64_t forecast = data_forecast(use);
    for (unsigned i = 0; i < DATA_KINDS; i++)
        json_set_int(kinds, data_kind_words[i], use->month[i]);
    json_set_int(json, "day", use->day);
    json_set_int(json, "day_bytes", data_use_today(use));
    json_set_int(json, "month_bytes", data_use_month(use));
    json_set_take(json, "month_kinds", kinds);
    set_limit(json, "day_limit", limits->day_bytes);
    set_limit(json, "month_limit", limits->month_bytes);
    set_limit(json, "forecast_bytes", forecast < 0 ? 0 : MAX(forecast, 1));
    json_set_text(json, "state", data_state_words[data_state(limits, use, 0)]);
    return json;
}
