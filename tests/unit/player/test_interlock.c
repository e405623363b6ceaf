/* The station's own limits: read as written, refused when others could have written them, and
 * never widened by a plan. */
#include "plan/interlock.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

static char *write_limits(const char *text, int mode)
{
    char *path = NULL;
    int file = g_file_open_tmp("limits-XXXXXX", &path, NULL);
    g_assert_cmpint(write(file, text, strlen(text)), ==, (ssize_t)strlen(text));
    close(file);
    g_chmod(path, mode);
    return path;
}

static Interlock *load(const char *text, int mode, unsigned owner, GError **error)
{
    g_autofree char *path = write_limits(text, mode);
    Interlock *self = interlock_load(path, owner, error);
    g_unlink(path);
    return self;
}

static const char good[] =
    "[limits]\nquiet=12:00-13:00, 20:00-05:00\nceilings=21:00-06:00 -12, 00:00-24:00 -6 normal\n"
    "volume_db=-6\nalerts_an_hour=2\nday_min=60\n"
    "data_day_mb=50\ndata_month_mb=1000\n";

static void every_limit_is_read(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Interlock) self = load(good, 0644, getuid(), &error);
    g_assert_no_error(error);
    g_autoptr(InterlockRules) rules = interlock_rules(self, NULL);
    TimelinePolicies policies = interlock_policies(rules);
    const TimelinePolicy *own = &policies.data[policies.length - 1];
    g_assert_cmpuint(own->n_quiet, ==, 2);
    g_assert_cmpuint(own->quiet[1].from_min, ==, 20 * 60);
    g_assert_cmpint(own->ceilings[0].gain_mdb, ==, -12000);
    g_assert_cmpint(own->ceilings[0].classes, ==, 0);
    g_assert_cmpint(own->ceilings[1].classes, ==, 1 << CLASS_NORMAL);
    g_assert_cmpint(own->hardware_mdb, ==, -6000);
    g_assert_cmpuint(own->alerts_per_hour, ==, 2);
    g_assert_cmpint(own->day_min, ==, 60);
    g_assert_cmpint(interlock_data(self).day_bytes, ==, 50 * INT64_C(1000000));
    g_assert_cmpint(interlock_data(self).month_bytes, ==, 1000 * INT64_C(1000000));
    g_assert_cmpint(interlock_data(NULL).month_bytes, ==, 0);
}

static void others_must_not_be_able_to_write_it(void)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(load(good, 0666, getuid(), &error));
    g_assert_nonnull(strstr(error->message, "only root"));
    g_clear_error(&error);
    g_assert_null(load(good, 0644, getuid() + 1, &error));
    g_assert_nonnull(error);
}

static void a_slip_of_the_pen_is_an_error(gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(load(data, 0644, getuid(), &error));
    g_assert_nonnull(error);
}

static void no_file_means_no_limits(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Interlock) self = interlock_load("/nonexistent/limits.conf", 0, &error);
    g_assert_no_error(error);
    g_assert_nonnull(self);
}

/* At 12:30 the station is quiet, whatever its area says. */
static void a_plan_cannot_widen_them(void)
{
    g_autoptr(Interlock) self = load(good, 0644, getuid(), NULL);
    g_autoptr(Plan) plan = plan_new();
    PlanPolicy *policy = plan_policy_new("area");
    policy->states_quiet = true; /* none at all */
    g_ptr_array_add(plan->policies, policy);
    g_autoptr(InterlockRules) rules = interlock_rules(self, plan);
    TimelineItem item = {.length_us = TIMELINE_MINUTE_US};
    TimelineAiring airings[] = {
        {.id = "noon",
         .rank = RANK_NORMAL,
         .items = &item,
         .n_items = 1,
         .start_us = (12 * 60 + 30) * TIMELINE_MINUTE_US,
         .tolerance_us = 0},
        {.id = "morning",
         .rank = RANK_NORMAL,
         .items = &item,
         .n_items = 1,
         .start_us = 9 * 60 * TIMELINE_MINUTE_US,
         .tolerance_us = 0},
    };
    Timeline *timeline = timeline_resolve((TimelineAirings){airings, 2}, (TimelineEvents){0},
                                          interlock_policies(rules), 0);
    g_assert_cmpint(timeline->fates[0].outcome, ==, OUTCOME_MISSED);
    g_assert_cmpint(timeline->fates[0].reason, ==, REASON_POLICY);
    g_assert_cmpint(timeline->fates[1].outcome, ==, OUTCOME_PLAYED);
    g_assert_cmpint(timeline->pieces[0].gain_mdb, ==, -6000);
    timeline_free(timeline);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    static const char *const wrong[] = {
        "[limits]\nquiet=25:00-04:00\n",
        "[limits]\nquiet=22:00\n",
        "[limits]\nceilings=21:00-06:00 +3\n",
        "[limits]\nceilings=21:00-06:00\n",
        "[limits]\nceilings=21:00-06:00 -12 emergency\n",
        "[limits]\nquiet=21:00-06:00 normal\n",
        "[limits]\nalerts_an_hour=7\n",
        "[limits]\nquite=22:00-04:45\n",
        "[limits]\nvolume_db=3\n",
        "[limits]\ndata_month_mb=-1\n",
    };
    g_test_add_func("/interlock/every limit", every_limit_is_read);
    g_test_add_func("/interlock/written by others", others_must_not_be_able_to_write_it);
    g_test_add_func("/interlock/no file", no_file_means_no_limits);
    g_test_add_func("/interlock/a plan cannot widen", a_plan_cannot_widen_them);
    for (unsigned i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autofree char *path = g_strdup_printf("/interlock/slip/%u", i);
        g_test_add_data_func(path, wrong[i], a_slip_of_the_pen_is_an_error);
    }
    return g_test_run();
}
