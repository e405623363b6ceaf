/* Hours are written as people write them: "22:00-04:45, 12:00-13:00", a ceiling with its decibels
 * behind it, and perhaps the class that it is for: "21:00-06:00 -12, 00:00-24:00 -6 normal". The
 * timeline adds the levels up so that each can only tighten. */
#include "plan/interlock.h"

#include "base/config.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <sys/stat.h>

#define GROUP      "limits"
#define SPANS_MAX  32
#define DAY_MIN    1440
#define QUIETEST   (-60)
#define STATION_ID "station"
#define MB         INT64_C(1000000)
#define MB_MAX     1000000

struct Interlock {
    GArray *quiet;    /* TimelineSpan */
    GArray *ceilings; /* TimelineCeiling */
    int volume_mdb;   /* of everything */
    unsigned alerts_per_hour;
    int session_min, day_min;
    DataLimits data;
};

struct InterlockRules {
    GArray *levels; /* TimelinePolicy */
    const Plan *plan;
    TimelineOffset fixed; /* of a plan that names no changes */
};

static bool read_span(const char *text, TimelineSpan *ret_span, int *ret_length)
{
    int hour[2], minute[2];
    *ret_length = 0;
    if (sscanf(text, "%2d:%2d-%2d:%2d%n", &hour[0], &minute[0], &hour[1], &minute[1], ret_length) !=
        4)
        return false;
    for (unsigned i = 0; i < 2; i++)
        if (hour[i] < 0 || minute[i] < 0 || minute[i] > 59 || hour[i] * 60 + minute[i] > DAY_MIN)
            return false;
    ret_span->from_min = (uint16_t)(hour[0] * 60 + minute[0]);
    ret_span->until_min = (uint16_t)(hour[1] * 60 + minute[1]);
    return ret_span->from_min != ret_span->until_min;
}

/* " normal" or " priority" or nothing. */
static bool read_class(const char *text, uint8_t *ret_classes)
{
    while (*text == ' ')
        text++;
    *ret_classes = 0;
    for (unsigned i = CLASS_NORMAL; *text && i <= CLASS_PRIORITY; i++)
        if (g_str_equal(text, class_words[i]))
            *ret_classes = (uint8_t)(1u << i);
    return !*text || *ret_classes;
}

static void take_spans(Interlock *self, Config *config, const char *key, bool with_gain)
{
    g_autofree char *text = config_take_string(config, GROUP, key, "");
    g_auto(GStrv) parts = g_strsplit(text, ",", SPANS_MAX);
    for (unsigned i = 0; *text && parts[i]; i++) {
        const char *part = g_strstrip(parts[i]);
        TimelineCeiling one = {0};
        int length, rest = 0;
        double gain_db = 0;
        bool good = read_span(part, &one.span, &length);
        if (good && with_gain)
            good = sscanf(part + length, " %lf%n", &gain_db, &rest) == 1 && gain_db <= 0 &&
                   gain_db >= QUIETEST && read_class(part + length + rest, &one.classes);
        if (!good || (!with_gain && part[length])) {
            config_refuse(config, GROUP, key,
                          with_gain
                              ? "hours and decibels such as 21:00-06:00 -12, 00:00-24:00 -6 normal"
                              : "hours such as 22:00-04:45, 12:00-13:00");
            return;
        }
        one.gain_mdb = (int)lround(gain_db * 1000);
        if (with_gain)
            g_array_append_val(self->ceilings, one);
        else
            g_array_append_val(self->quiet, one.span);
    }
}

static bool is_safe(const char *path, unsigned owner, GError **error)
{
    struct stat about;
    if (stat(path, &about) != 0) {
        g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "%s: %s", path,
                    g_strerror(errno));
        return false;
    }
    if (about.st_uid == owner && !(about.st_mode & (S_IWGRP | S_IWOTH)))
        return true;
    g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_INVALID,
                "%s: only root may be able to write the station's limits; say: chown root %s && "
                "chmod 644 %s",
                path, path, path);
    return false;
}

static Interlock *nothing(void)
{
    Interlock *self = g_new0(Interlock, 1);
    self->quiet = g_array_new(FALSE, FALSE, sizeof(TimelineSpan));
    self->ceilings = g_array_new(FALSE, FALSE, sizeof(TimelineCeiling));
    return self;
}

Interlock *interlock_load(const char *path, unsigned owner, GError **error)
{
    if (!path || !g_file_test(path, G_FILE_TEST_EXISTS))
        return nothing();
    if (!is_safe(path, owner, error))
        return NULL;
    g_autoptr(Config) config = config_load(path, error);
    if (!config)
        return NULL;
    g_autoptr(Interlock) self = nothing();
    take_spans(self, config, "quiet", false);
    take_spans(self, config, "ceilings", true);
    self->volume_mdb = 1000 * (int)config_take_int(config, GROUP, "volume_db", 0, QUIETEST, 0);
    self->alerts_per_hour = (unsigned)config_take_int(
        config, GROUP, "alerts_an_hour", TIMELINE_ALERTS_PER_HOUR, 1, TIMELINE_ALERTS_PER_HOUR);
    self->session_min = (int)config_take_int(config, GROUP, "session_min", 0, 0, DAY_MIN);
    self->day_min = (int)config_take_int(config, GROUP, "day_min", 0, 0, DAY_MIN);
    self->data.day_bytes = MB * config_take_int(config, GROUP, "data_day_mb", 0, 0, MB_MAX);
    self->data.month_bytes = MB * config_take_int(config, GROUP, "data_month_mb", 0, 0, MB_MAX);
    return config_finish(config, error) ? g_steal_pointer(&self) : NULL;
}

void interlock_free(Interlock *self)
{
    if (!self)
        return;
    g_array_unref(self->quiet);
    g_array_unref(self->ceilings);
    g_free(self);
}

int interlock_volume_mdb(const Interlock *self)
{
    return self ? self->volume_mdb : 0;
}

DataLimits interlock_data(const Interlock *self)
{
    return self ? self->data : (DataLimits){0};
}

static void add_plan(GArray *levels, const Plan *plan)
{
    for (unsigned i = 0; i < plan->policies->len; i++) {
        const PlanPolicy *one = plan->policies->pdata[i];
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
        g_array_append_val(levels, policy);
    }
}

static void add_own(GArray *levels, const Interlock *self)
{
    TimelinePolicy own = {
        .id = STATION_ID,
        .states_quiet = self->quiet->len > 0,
        .quiet = (const TimelineSpan *)(const void *)self->quiet->data,
        .n_quiet = self->quiet->len,
        .ceilings = (const TimelineCeiling *)(const void *)self->ceilings->data,
        .n_ceilings = self->ceilings->len,
        .hardware_mdb = self->volume_mdb,
        .session_min = self->session_min,
        .day_min = self->day_min,
        .alerts_per_hour = self->alerts_per_hour,
    };
    g_array_append_val(levels, own);
}

/* The first level is the top area's, which alone may replace the usual quiet hours: a station's
 * file must never stand there. */
InterlockRules *interlock_rules(const Interlock *self, const Plan *plan)
{
    static const TimelinePolicy silent = {.id = ""};
    InterlockRules *rules = g_new0(InterlockRules, 1);
    rules->plan = plan;
    rules->levels = g_array_new(FALSE, FALSE, sizeof(TimelinePolicy));
    rules->fixed.offset_s = plan ? plan->utc_offset_s : 0;
    if (plan)
        add_plan(rules->levels, plan);
    if (rules->levels->len == 0)
        g_array_append_val(rules->levels, silent);
    if (self)
        add_own(rules->levels, self);
    return rules;
}

void interlock_rules_free(InterlockRules *rules)
{
    if (!rules)
        return;
    g_array_unref(rules->levels);
    g_free(rules);
}

TimelinePolicies interlock_policies(const InterlockRules *rules)
{
    bool named = rules->plan && rules->plan->offsets->len > 0;
    return (TimelinePolicies){
        .data = (const TimelinePolicy *)(const void *)rules->levels->data,
        .length = rules->levels->len,
        .offsets = named ? (const TimelineOffset *)(const void *)rules->plan->offsets->data
                         : &rules->fixed,
        .n_offsets = named ? rules->plan->offsets->len : 1,
    };
}
