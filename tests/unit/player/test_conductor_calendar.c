/* The worked examples that are about the calendar, from the order to the receipt: the controller's
 * program makes the plan (plan_of.c), the station's conductor plays it under virtual time. */
#include "desk.h"

#include <gio/gio.h>

#define DAY (24 * HOUR)

typedef struct Example {
    const char *name, *when;
    const char *now;        /* of the order */
    const char *starts[10]; /* every one that sounds within the month, UTC */
} Example;

static const Example examples[] = {
    /* 6, with the holiday of the year after: Thursday 2 September and the day before it. */
    {"working days except holidays",
     "\"kind\":\"rule\",\"start\":\"2027-08-30T17:00:00+07:00\","
     "\"rrule\":\"FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;COUNT=7\","
     "\"holidays\":{\"calendar\":\"vn\",\"mode\":\"except\"}",
     "2027-08-29T00:00:00Z",
     {"2027-08-30T10:00:00Z", "2027-08-31T10:00:00Z", "2027-09-03T10:00:00Z",
      "2027-09-06T10:00:00Z", "2027-09-07T10:00:00Z"}},
    /* 7 */
    {"the night that skips an hour",
     "\"kind\":\"rule\",\"start\":\"2027-03-27T02:30:00+01:00\",\"zone\":\"Europe/Paris\","
     "\"rrule\":\"FREQ=DAILY;COUNT=3\"",
     "2027-03-26T00:00:00Z",
     {"2027-03-27T01:30:00Z", "2027-03-28T01:00:00Z", "2027-03-29T00:30:00Z"}},
    {"the night that has an hour twice",
     "\"kind\":\"rule\",\"start\":\"2027-10-30T02:30:00+02:00\",\"zone\":\"Europe/Paris\","
     "\"rrule\":\"FREQ=DAILY;COUNT=3\"",
     "2027-10-29T00:00:00Z",
     {"2027-10-30T00:30:00Z", "2027-10-31T00:30:00Z", "2027-11-01T01:30:00Z"}},
    /* 8: the first month after the new year, and the fifth month of 2028, which comes twice. */
    {"the first and the middle of a moon after the new year",
     "\"kind\":\"rule\",\"start\":\"2027-02-06T05:00:00+07:00\",\"lunar\":{\"days\":[1,15]},"
     "\"until\":\"2027-02-28\"",
     "2027-02-01T00:00:00Z",
     {"2027-02-05T22:00:00Z", "2027-02-19T22:00:00Z"}},
    {"a leap month counts like the one before it",
     "\"kind\":\"rule\",\"start\":\"2028-06-23T05:00:00+07:00\",\"lunar\":{\"days\":[1,15]},"
     "\"until\":\"2028-07-15\"",
     "2028-06-21T00:00:00Z",
     {"2028-06-22T22:00:00Z", "2028-07-06T22:00:00Z"}},
};

static int64_t instant(const char *text)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_iso8601(text, NULL);
    return g_date_time_to_unix(time) * SECOND;
}

static Plan *plan_of(const Example *example)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = NULL;
    g_autofree char *now = g_strdup_printf("%" G_GINT64_FORMAT, instant(example->now));
    g_autofree char *program =
        g_test_build_filename(G_TEST_BUILT, "tests", "unit", "schedule", "plan_of", NULL);
    g_autoptr(GSubprocess) child =
        g_subprocess_new(G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, program, now, example->when, NULL);
    g_assert_no_error(error);
    g_subprocess_communicate_utf8(child, NULL, NULL, &text, NULL, &error);
    g_assert_no_error(error);
    g_assert_true(g_subprocess_get_successful(child));
    Plan *plan = plan_parse(text, strlen(text), &error);
    g_assert_no_error(error);
    return plan;
}

/* The station has the file under another name. */
static void give(Desk *desk, Plan *plan)
{
    for (unsigned i = 0; i < plan->airings->len; i++) {
        PlanAiring *airing = plan->airings->pdata[i];
        PlanItem *item = airing->items->pdata[0];
        g_free(item->sha256);
        item->sha256 = g_strdup(desk->good_sha256);
    }
    conductor_set_plan(desk->conductor, plan);
}

static int by_time(gconstpointer a, gconstpointer b)
{
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static void sounds_on_these_days_and_no_other(gconstpointer data)
{
    const Example *example = data;
    g_autoptr(Desk) desk = desk_new();
    int64_t now_us = instant(example->now);
    while (desk->clock.wall < now_us) { /* a leap of months would not be believed */
        fake_clock_advance(&desk->clock, MIN(30 * DAY, now_us - desk->clock.wall));
        desk_run_until(desk, desk->clock.wall + MINUTE);
    }
    g_autoptr(Plan) plan = plan_of(example);
    give(desk, plan);
    for (int64_t half_us = now_us + HOUR / 2; half_us < now_us + 25 * DAY; half_us += HOUR / 2) {
        fake_clock_advance(&desk->clock, half_us - MINUTE - desk->clock.wall); /* in its sleep */
        desk_run_until(desk, half_us + MINUTE);
    }
    g_autoptr(GArray) heard = g_array_new(FALSE, FALSE, sizeof(int64_t));
    for (unsigned i = 0; i < desk_receipts(desk); i++) {
        g_autoptr(Receipt) receipt = desk_receipt(desk, i);
        g_assert_cmpint(receipt->outcome, ==, OUTCOME_PLAYED);
        const ReceiptItem *item = receipt->items->pdata[0];
        g_array_append_val(heard, ((ReceiptSegment *)item->segments->pdata[0])->first_us);
    }
    g_array_sort(heard, by_time);
    for (unsigned i = 0; i < heard->len; i++) {
        g_test_message("%" G_GINT64_FORMAT, g_array_index(heard, int64_t, i) / SECOND);
        g_assert_nonnull(example->starts[i]);
        g_assert_cmpint(g_array_index(heard, int64_t, i), ==, instant(example->starts[i]));
    }
    g_assert_null(example->starts[heard->len]);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    desk_quiet();
    for (unsigned i = 0; i < G_N_ELEMENTS(examples); i++) {
        g_autofree char *path = g_strconcat("/conductor_calendar/", examples[i].name, NULL);
        g_test_add_data_func(path, &examples[i], sounds_on_these_days_and_no_other);
    }
    return g_test_run();
}
