/* The account of a SIM: what is counted, when a page is turned, and what the limits make of it. */
#include "link/data_budget.h"

#include <glib/gstdio.h>

#define DAY       (INT64_C(86400) * G_USEC_PER_SEC)
#define MB        INT64_C(1000000)
#define NOV_28    INT64_C(20785) /* 2026-11-28, local */
#define DEC_1     (NOV_28 + 3)
#define noon(day) ((day)*DAY + DAY / 2)

typedef struct Account {
    char *dir, *path;
    DataMeter *meter;
} Account;

static void account_begin(Account *self)
{
    self->dir = g_dir_make_tmp("loa-data-XXXXXX", NULL);
    self->path = g_build_filename(self->dir, "data-use.json", NULL);
    self->meter = data_meter_open(self->path);
}

static void account_end(Account *self)
{
    data_meter_free(self->meter);
    g_remove(self->path);
    g_rmdir(self->dir);
    g_free(self->path);
    g_free(self->dir);
}

static void restart(Account *self)
{
    data_meter_free(self->meter);
    self->meter = data_meter_open(self->path);
}

static const DataUse *use(const Account *self)
{
    return data_meter_use(self->meter);
}

static void each_kind_is_counted_and_survives_a_restart(void)
{
    Account self;
    account_begin(&self);
    data_meter_set_time(self.meter, noon(NOV_28));
    for (int kind = 0; kind < DATA_KINDS; kind++)
        data_meter_add(self.meter, (DataKind)kind, 100 * (kind + 1));
    restart(&self);
    for (int kind = 0; kind < DATA_KINDS; kind++) {
        g_assert_cmpint(use(&self)->today[kind], ==, 100 * (kind + 1));
        g_assert_cmpint(use(&self)->month[kind], ==, 100 * (kind + 1));
    }
    g_assert_cmpint(use(&self)->day, ==, NOV_28);
    g_assert_cmpint(data_use_month(use(&self)), ==, 2100);
    account_end(&self);
}

/* kill -9: what was not saved is gone, and that is half a MiB at most. */
static void a_crash_loses_little(void)
{
    Account self;
    account_begin(&self);
    data_meter_set_time(self.meter, noon(NOV_28));
    for (unsigned i = 0; i < 1000; i++)
        data_meter_add(self.meter, DATA_RELAY, 10000);
    g_autoptr(DataMeter) other = data_meter_open(self.path);
    g_assert_cmpint(data_use_month(data_meter_use(other)), >=, 10 * MB - 524288);
    account_end(&self);
}

static void a_day_and_a_month_begin_at_local_midnight(void)
{
    Account self;
    account_begin(&self);
    data_meter_set_time(self.meter, (DEC_1 - 1) * DAY);
    data_meter_add(self.meter, DATA_MEDIA, 5 * MB);
    data_meter_set_time(self.meter, DEC_1 * DAY - 1);
    data_meter_add(self.meter, DATA_MEDIA, 5 * MB);
    g_assert_cmpint(data_use_today(use(&self)), ==, 10 * MB);
    data_meter_set_time(self.meter, DEC_1 * DAY);
    g_assert_cmpint(data_use_today(use(&self)), ==, 0);
    g_assert_cmpint(data_use_month(use(&self)), ==, 0);
    g_assert_cmpint(use(&self)->past[0], ==, 10 * MB);
    data_meter_add(self.meter, DATA_PLAN, 1);
    data_meter_set_time(self.meter, noon(DEC_1 + 1));
    g_assert_cmpint(data_use_today(use(&self)), ==, 0);
    g_assert_cmpint(data_use_month(use(&self)), ==, 1);
    account_end(&self);
}

static void a_clock_that_steps_back_hands_out_nothing(void)
{
    Account self;
    account_begin(&self);
    data_meter_set_time(self.meter, noon(DEC_1));
    data_meter_add(self.meter, DATA_MEDIA, 5 * MB);
    data_meter_set_time(self.meter, noon(NOV_28));
    g_assert_cmpint(data_use_today(use(&self)), ==, 5 * MB);
    g_assert_cmpint(data_use_month(use(&self)), ==, 5 * MB);
    account_end(&self);
}

static void what_came_before_the_time_was_known_counts(void)
{
    Account self;
    account_begin(&self);
    data_meter_add(self.meter, DATA_MEDIA, 5 * MB);
    g_assert_cmpint(data_forecast(use(&self)), ==, -1);
    data_meter_set_time(self.meter, noon(NOV_28));
    g_assert_cmpint(data_use_month(use(&self)), ==, 5 * MB);
    account_end(&self);
}

static void a_file_that_cannot_be_read_begins_at_nothing(void)
{
    static const char *const bad[] = {"", "{", "[]", "{\"day\":-1}",
                                      ("{\"day\":20785,\"today\":{\"media\":-5},\"month\":{},"
                                       "\"past\":[]}")};
    for (unsigned i = 0; i < G_N_ELEMENTS(bad); i++) {
        Account self;
        account_begin(&self);
        g_assert_true(g_file_set_contents(self.path, bad[i], -1, NULL));
        restart(&self);
        g_assert_cmpint(data_use_month(use(&self)), ==, 0);
        g_assert_cmpint(use(&self)->day, ==, 0);
        account_end(&self);
    }
}

static void the_forecast_goes_on_like_the_last_week(void)
{
    Account self;
    account_begin(&self);
    for (int day = 0; day < 10; day++) { /* from the 1st to the 10th of December */
        data_meter_set_time(self.meter, noon(DEC_1 + day));
        data_meter_add(self.meter, DATA_RELAY, day < 3 ? 100 * MB : 10 * MB);
    }
    g_assert_cmpint(data_use_month(use(&self)), ==, 370 * MB);
    /* Of the seven whole days before the 10th one had 100 MB and six had 10. */
    int64_t rate = (100 * MB + 6 * 10 * MB) / 7;
    g_assert_cmpint(data_forecast(use(&self)), ==, 370 * MB + (rate - 10 * MB) + 21 * rate);
    account_end(&self);
}

static void a_station_that_was_off_used_nothing(void)
{
    Account self;
    account_begin(&self);
    data_meter_set_time(self.meter, noon(DEC_1));
    data_meter_add(self.meter, DATA_RELAY, 70 * MB);
    data_meter_set_time(self.meter, noon(DEC_1 + 7));
    g_assert_cmpuint(use(&self)->n_past, ==, 7);
    g_assert_cmpint(use(&self)->past[0], ==, 0);
    g_assert_cmpint(use(&self)->past[6], ==, 70 * MB);
    data_meter_set_time(self.meter, noon(DEC_1 + 400)); /* much longer than is kept */
    g_assert_cmpint(use(&self)->past[6], ==, 0);
    account_end(&self);
}

typedef struct Row {
    const char *name;
    DataLimits limits;
    int64_t today, month, more;
    DataState state;
} Row;

static const Row rows[] = {
    {"no limit", {0, 0}, 900 * MB, 900 * MB, 0, DATA_FREE},
    {"half", {100 * MB, 0}, 50 * MB, 50 * MB, 0, DATA_FREE},
    {"a byte before near", {100 * MB, 0}, 90 * MB - 1, 90 * MB, 0, DATA_FREE},
    {"near", {100 * MB, 0}, 90 * MB, 90 * MB, 0, DATA_NEAR},
    {"a byte before the end", {100 * MB, 0}, 100 * MB - 1, 100 * MB, 0, DATA_NEAR},
    {"spent", {100 * MB, 0}, 100 * MB, 100 * MB, 0, DATA_SPENT},
    {"with the next file", {100 * MB, 0}, 80 * MB, 80 * MB, 20 * MB, DATA_SPENT},
    {"the month is the tighter one", {100 * MB, 500 * MB}, 1 * MB, 480 * MB, 0, DATA_NEAR},
    {"the day is", {100 * MB, 500 * MB}, 100 * MB, 120 * MB, 0, DATA_SPENT},
};

static void stands(gconstpointer data)
{
    const Row *row = data;
    DataUse used = {.day = NOV_28, .today = {row->today}, .month = {row->month}};
    g_assert_cmpint(data_state(&row->limits, &used, row->more), ==, row->state);
}

static void the_tightest_limit_wins(void)
{
    g_autoptr(Plan) plan = plan_new();
    g_assert_cmpint(data_limits_of(NULL, NULL).day_bytes, ==, 0);
    g_assert_cmpint(data_limits_of(plan, NULL).month_bytes, ==, 0);
    PlanPolicy *province = plan_policy_new("province"), *commune = plan_policy_new("commune");
    province->data_month_bytes = 2000 * MB;
    commune->data_month_bytes = 3000 * MB;
    commune->data_day_bytes = 90 * MB;
    g_ptr_array_add(plan->policies, province);
    g_ptr_array_add(plan->policies, commune);
    plan->data_day_bytes = 200 * MB;
    DataLimits limits = data_limits_of(plan, NULL);
    g_assert_cmpint(limits.day_bytes, ==, 90 * MB);
    g_assert_cmpint(limits.month_bytes, ==, 2000 * MB);
    plan->data_month_bytes = 500 * MB;
    g_assert_cmpint(data_limits_of(plan, NULL).month_bytes, ==, 500 * MB);
}

/* A plan can only tighten it; without a plan it holds as well. */
static void the_station_has_limits_of_its_own(void)
{
    Account self;
    account_begin(&self);
    g_autoptr(Plan) plan = plan_new();
    plan->data_day_bytes = 200 * MB;
    plan->data_month_bytes = 500 * MB;
    data_meter_set_limits(self.meter, (DataLimits){0, 900 * MB});
    g_assert_cmpint(data_limits_of(NULL, self.meter).month_bytes, ==, 900 * MB);
    g_assert_cmpint(data_limits_of(plan, self.meter).month_bytes, ==, 500 * MB);
    g_assert_cmpint(data_limits_of(plan, self.meter).day_bytes, ==, 200 * MB);
    data_meter_set_limits(self.meter, (DataLimits){50 * MB, 0});
    g_assert_cmpint(data_limits_of(plan, self.meter).day_bytes, ==, 50 * MB);
    g_assert_cmpint(data_limits_of(plan, self.meter).month_bytes, ==, 500 * MB);
    account_end(&self);
}

static GLogWriterOutput say_nothing(GLogLevelFlags level, const GLogField *fields, gsize count,
                                    gpointer user)
{
    (void)level, (void)fields, (void)count, (void)user;
    return G_LOG_WRITER_HANDLED;
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_log_set_always_fatal(G_LOG_FATAL_MASK);
    g_log_set_writer_func(say_nothing, NULL, NULL);
#define TEST(name) g_test_add_func("/data_meter/" #name, name)
    TEST(each_kind_is_counted_and_survives_a_restart);
    TEST(a_crash_loses_little);
    TEST(a_day_and_a_month_begin_at_local_midnight);
    TEST(a_clock_that_steps_back_hands_out_nothing);
    TEST(what_came_before_the_time_was_known_counts);
    TEST(a_file_that_cannot_be_read_begins_at_nothing);
    TEST(the_forecast_goes_on_like_the_last_week);
    TEST(a_station_that_was_off_used_nothing);
    TEST(the_tightest_limit_wins);
    TEST(the_station_has_limits_of_its_own);
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *path = g_strconcat("/data_meter/state/", rows[i].name, NULL);
        g_test_add_data_func(path, &rows[i], stands);
    }
    return g_test_run();
}
