/* Recurrence rules: libical (or the lunar calendar) walks the days on the wall clock, GLib's zone
 * data turns each wall time into an instant (recurrence_zone.c).
 *
 * The two steps are apart on purpose: libical's own conversion guesses in a skipped or repeated
 * hour. Nothing here reads a clock. Walks are bounded by the window, by `most`, and by the year
 * 2600 that libical's iterator stops at; which texts get here at all is recurrence_check's
 * business. */
#include "schedule/recurrence.h"

#include <libical/ical.h>

#include "schedule/lunar.h"

#define SECOND_US      INT64_C(1000000)
#define DAY_S          INT64_C(86400)
#define LOOK_DAYS      366
#define LOOK_DAYS_RULE 3660
#define FIRST_TWINNED  1970 /* no century without its leap day from here ... */
#define LAST_TWINNED   2088 /* ... until ten years after here */
#define LAST_TWIN      2572
#define LOOK_MONTHS    120
#define FLAT_DAYS      4

typedef struct Walk {
    const Recurrence *rule;
    GTimeZone *zone;
    int64_t wall_s; /* of the first start */
    int64_t fraction_us;
    int64_t from_us, to_us;
    unsigned most;
    bool is_flat; /* the clock does not change in the window or some days around it */
    int offset_s; /* then: of the zone */
    GArray *starts;
} Walk;

static void append_start(GArray *starts, int64_t start_us)
{
    if (starts->len > 0 && g_array_index(starts, int64_t, starts->len - 1) == start_us)
        return; /* a whole day was skipped: two wall times, one instant */
    g_array_append_val(starts, start_us);
}

static int64_t utc_of(const Walk *walk, int64_t wall_s)
{
    return walk->is_flat ? wall_s - walk->offset_s : recurrence_zone_utc_s(walk->zone, wall_s);
}

/* Takes the next wall time of a walk; false when the walk is over. */
static bool take_wall(Walk *walk, int64_t wall_s)
{
    /* The first start is an instant already; only the others are readings of a wall clock. */
    int64_t start_us = wall_s == walk->wall_s
                           ? walk->rule->start_us
                           : utc_of(walk, wall_s) * SECOND_US + walk->fraction_us;
    if (start_us >= walk->to_us)
        return false;
    if (start_us >= walk->from_us)
        append_start(walk->starts, start_us);
    return walk->starts->len < walk->most;
}

static bool until_of(const Recurrence *rule, struct icaltimetype *ret_until)
{
    int year = 0, month = 0, day = 0;
    if (!rule->until || sscanf(rule->until, "%d-%d-%d", &year, &month, &day) != 3)
        return false;
    *ret_until = (icaltimetype){
        .year = year, .month = month, .day = day, .hour = 23, .minute = 59, .second = 59};
    return true;
}

/* libical iterates on the wall: an UNTIL in UTC becomes the wall time, a date its last second. */
static struct icaltimetype wall_until(GTimeZone *zone, struct icaltimetype until)
{
    if (until.is_date) {
        until.is_date = 0;
        until.hour = 23, until.minute = 59, until.second = 59;
    } else if (until.zone) {
        until.zone = NULL;
        int64_t utc_s = icaltime_as_timet(until);
        until = icaltime_from_timet_with_zone((time_t)recurrence_zone_wall_s(zone, utc_s), 0, NULL);
    }
    return until;
}

static struct icalrecurrencetype rule_of(const Recurrence *rule, GTimeZone *zone)
{
    struct icalrecurrencetype recur;
    icalrecurrencetype_clear(&recur);
    recur.freq = ICAL_DAILY_RECURRENCE;
    if (rule->kind == RECURRENCE_RULE)
        recur = icalrecurrencetype_from_string(rule->rrule);
    if (!icaltime_is_null_time(recur.until))
        recur.until = wall_until(zone, recur.until);
    until_of(rule, &recur.until);
    return recur;
}

static void walk_rule(Walk *walk)
{
    struct icaltimetype dtstart = icaltime_from_timet_with_zone((time_t)walk->wall_s, 0, NULL);
    icalrecur_iterator *days = icalrecur_iterator_new(rule_of(walk->rule, walk->zone), dtstart);
    struct icaltimetype wall;
    do
        wall = days ? icalrecur_iterator_next(days) : icaltime_null_time();
    while (!icaltime_is_null_time(wall) && take_wall(walk, icaltime_as_timet(wall)));
    if (days)
        icalrecur_iterator_free(days);
}

/* Every day: no need to ask anybody, and nothing before the window. */
static void walk_daily(Walk *walk)
{
    struct icaltimetype until;
    int64_t last_s = until_of(walk->rule, &until) ? icaltime_as_timet(until) : G_MAXINT64;
    int64_t before_s = recurrence_floor_s(walk->from_us) - 2 * DAY_S - walk->wall_s;
    int64_t wall_s = walk->wall_s + MAX(before_s / DAY_S, 0) * DAY_S;
    while (wall_s <= last_s && take_wall(walk, wall_s))
        wall_s += DAY_S;
}

static bool lunar_has(const RecurrenceLunar *lunar, const LunarMonth *month, int day)
{
    bool in_month = !lunar->months || lunar->months & (1u << month->month);
    bool is_day = lunar->days & (1u << day) || (lunar->days & 1u && day == month->length);
    return in_month && is_day && !(lunar->skip_leap && month->leap);
}

static bool walk_lunar_month(Walk *walk, const LunarMonth *month, int64_t last_wall_s)
{
    int64_t clock_s = walk->wall_s % DAY_S;
    for (int day = 1; day <= month->length; day++) {
        int64_t wall_s = (month->first + day - 1 - LUNAR_UNIX_DAY) * DAY_S + clock_s;
        if (wall_s < walk->wall_s || !lunar_has(&walk->rule->lunar, month, day))
            continue;
        if (wall_s > last_wall_s || !take_wall(walk, wall_s))
            return false;
    }
    return true;
}

/* Begins a month before the window (the months before it have no start in it). */
static void walk_lunar(Walk *walk)
{
    struct icaltimetype until;
    int64_t last_wall_s = until_of(walk->rule, &until) ? icaltime_as_timet(until) : G_MAXINT64;
    int64_t from_s = recurrence_floor_s(walk->from_us) - 2 * DAY_S;
    int64_t julian = MAX(from_s, walk->wall_s) / DAY_S + LUNAR_UNIX_DAY;
    LunarMonth month;
    int64_t end_s = recurrence_floor_s(walk->to_us) + 2 * DAY_S;
    do {
        month = lunar_month(julian);
        julian = month.first + month.length;
    } while (walk_lunar_month(walk, &month, last_wall_s) &&
             (julian - LUNAR_UNIX_DAY) * DAY_S < end_s);
}

static int compare_starts(gconstpointer left, gconstpointer right)
{
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

static void add_rdates(Walk *walk)
{
    const GArray *rdates = walk->rule->rdates;
    GArray *starts = walk->starts;
    for (unsigned i = 0; rdates && i < rdates->len; i++) {
        int64_t at_us = g_array_index(rdates, int64_t, i);
        if (at_us >= walk->from_us && at_us < walk->to_us)
            g_array_append_val(starts, at_us);
    }
    g_array_sort(starts, compare_starts);
    unsigned kept = 0;
    for (unsigned i = 0; i < starts->len; i++) {
        int64_t at_us = g_array_index(starts, int64_t, i);
        if (!kept || g_array_index(starts, int64_t, kept - 1) != at_us)
            g_array_index(starts, int64_t, kept++) = at_us;
    }
    g_array_set_size(starts, MIN(kept, walk->most));
}

static void walk_once(Walk *walk)
{
    int64_t start_us = walk->rule->start_us;
    if (start_us >= walk->from_us && start_us < walk->to_us)
        g_array_append_val(walk->starts, start_us);
}

/* Readings before the window are off by a day at most, and fall out of it all the same. */
static void look_for_changes(Walk *walk)
{
    int64_t from_s = recurrence_floor_s(walk->from_us) - FLAT_DAYS * DAY_S;
    int64_t to_s = recurrence_floor_s(walk->to_us) + FLAT_DAYS * DAY_S;
    int first = g_time_zone_find_interval(walk->zone, G_TIME_TYPE_UNIVERSAL, from_s);
    walk->is_flat =
        first >= 0 && g_time_zone_find_interval(walk->zone, G_TIME_TYPE_UNIVERSAL, to_s) == first;
    walk->offset_s = walk->is_flat ? g_time_zone_get_offset(walk->zone, first) : 0;
}

GArray *recurrence_expand_some(const Recurrence *rule, int64_t from_us, int64_t to_us,
                               unsigned most)
{
    g_autoptr(GTimeZone) zone = recurrence_zone_open(rule->zone);
    int64_t start_s = recurrence_floor_s(rule->start_us);
    Walk walk = {
        .rule = rule,
        .zone = zone,
        .wall_s = recurrence_zone_wall_s(zone, start_s),
        .fraction_us = rule->start_us - start_s * SECOND_US,
        .from_us = MAX(from_us, rule->start_us),
        .to_us = to_us,
        .most = MIN(most, RECURRENCE_MAX),
        .starts = g_array_new(FALSE, FALSE, sizeof(int64_t)),
    };
    look_for_changes(&walk);
    if (rule->kind == RECURRENCE_ONCE)
        walk_once(&walk);
    else if (rule->kind == RECURRENCE_RULE && rule->lunar.days)
        walk_lunar(&walk);
    else if (rule->kind == RECURRENCE_DAILY)
        walk_daily(&walk);
    else
        walk_rule(&walk);
    walk.from_us = from_us;
    if (rule->rdates)
        add_rdates(&walk);
    return walk.starts;
}

GArray *recurrence_expand(const Recurrence *rule, int64_t from_us, int64_t to_us)
{
    return recurrence_expand_some(rule, from_us, to_us, RECURRENCE_MAX);
}

unsigned recurrence_count_raw(const Recurrence *rule, int64_t from_us, int64_t to_us)
{
    g_autoptr(GTimeZone) zone = recurrence_zone_open(rule->zone);
    icaltimezone *ical_zone = icaltimezone_get_builtin_timezone(rule->zone);
    struct icaltimetype dtstart =
        icaltime_from_timet_with_zone((time_t)recurrence_floor_s(rule->start_us), 0, ical_zone);
    icalrecur_iterator *days = icalrecur_iterator_new(rule_of(rule, zone), dtstart);
    unsigned count = 0;
    while (days && count < RECURRENCE_MAX) {
        struct icaltimetype wall = icalrecur_iterator_next(days);
        if (icaltime_is_null_time(wall))
            break;
        int64_t at_us = (int64_t)icaltime_as_timet_with_zone(wall, ical_zone) * SECOND_US;
        if (at_us >= to_us)
            break;
        count += at_us >= from_us;
    }
    if (days)
        icalrecur_iterator_free(days);
    return count;
}

bool recurrence_next(const Recurrence *rule, int64_t at_us, int64_t *ret_start_us)
{
    static const int64_t look_days[] = {
        [RECURRENCE_ONCE] = 2, [RECURRENCE_DAILY] = LOOK_DAYS, [RECURRENCE_RULE] = LOOK_DAYS_RULE};
    int64_t from_us = rule->rdates ? at_us : MAX(at_us, rule->start_us);
    int64_t to_us = MAX(at_us, rule->start_us) + look_days[rule->kind] * DAY_S * SECOND_US;
    g_autoptr(GArray) starts = recurrence_expand_some(rule, from_us, to_us, 1);
    if (starts->len == 0)
        return false;
    *ret_start_us = g_array_index(starts, int64_t, 0);
    return true;
}

bool recurrence_rule_readable(const char *rrule)
{
    return icalrecurrencetype_from_string(rrule).freq != ICAL_NO_RECURRENCE;
}

/* The same weekdays and leap years, so near the year 2582 at which libical gives up that an
 * impossible rule costs decades of looking and not centuries. */
static int late_twin(int year)
{
    int twin = LAST_TWIN;
    while (twin % 4 != year % 4 || (lunar_julian(twin, 1, 1) - lunar_julian(year, 1, 1)) % 7 != 0)
        twin--;
    return twin;
}

static unsigned list_length(const short *list, unsigned most)
{
    unsigned length = 0;
    while (length < most && list[length] != ICAL_RECURRENCE_ARRAY_MAX)
        length++;
    return length;
}
#define LENGTH(list) list_length(list, G_N_ELEMENTS(list))

static bool day_fits(const struct icalrecurrencetype *recur, int weekday, int day, int length)
{
    unsigned days = LENGTH(recur->by_month_day), weekdays = LENGTH(recur->by_day);
    bool by_day = days == 0, by_weekday = weekdays == 0;
    for (unsigned i = 0; i < days; i++)
        by_day |= recur->by_month_day[i] == day || recur->by_month_day[i] == day - length - 1;
    for (unsigned i = 0; i < weekdays; i++) {
        int place = icalrecurrencetype_day_position(recur->by_day[i]);
        bool at_place = !place || place == (day - 1) / 7 + 1 || place == -((length - day) / 7 + 1);
        by_weekday |=
            at_place && (int)icalrecurrencetype_day_day_of_week(recur->by_day[i]) == weekday;
    }
    return by_day && by_weekday;
}

/* How many days of one month fit, before BYSETPOS picks among them. */
static unsigned starts_in_month(const struct icalrecurrencetype *recur, int year, int month,
                                int own_day)
{
    bool listed = LENGTH(recur->by_month_day) || LENGTH(recur->by_day);
    bool in_month = LENGTH(recur->by_month) == 0;
    for (unsigned i = 0; i < LENGTH(recur->by_month); i++)
        in_month |= recur->by_month[i] == month;
    int length = icaltime_days_in_month(month, year);
    unsigned starts = 0;
    for (int day = 1; in_month && day <= length; day++) {
        int weekday = (int)((lunar_julian(year, month, day) + 1) % 7) + 1; /* Sunday is 1 */
        starts += listed ? day_fits(recur, weekday, day, length) : day == own_day;
    }
    return starts;
}

static bool set_pos_picks(const struct icalrecurrencetype *recur, unsigned starts)
{
    bool picks = LENGTH(recur->by_set_pos) == 0 && starts > 0;
    for (unsigned i = 0; i < LENGTH(recur->by_set_pos); i++)
        picks |= (unsigned)ABS(recur->by_set_pos[i]) <= starts;
    return picks;
}

/* libical looks for an impossible day of a month for a second and more: look here first. */
static bool month_happens(const struct icalrecurrencetype *recur, struct icaltimetype dtstart)
{
    for (int step = 0; step < LOOK_MONTHS; step++) {
        int month = dtstart.month - 1 + step * recur->interval;
        unsigned starts =
            starts_in_month(recur, dtstart.year + month / 12, month % 12 + 1, dtstart.day);
        if (set_pos_picks(recur, starts))
            return true;
    }
    return false;
}

bool recurrence_rule_happens(const Recurrence *rule)
{
    g_autoptr(GTimeZone) zone = recurrence_zone_open(rule->zone);
    int64_t wall_s = recurrence_zone_wall_s(zone, recurrence_floor_s(rule->start_us));
    struct icaltimetype dtstart = icaltime_from_timet_with_zone((time_t)wall_s, 0, NULL);
    if (dtstart.year < FIRST_TWINNED || dtstart.year > LAST_TWINNED)
        return false;
    struct icalrecurrencetype recur = rule_of(rule, zone);
    if (recur.freq == ICAL_MONTHLY_RECURRENCE && !month_happens(&recur, dtstart))
        return false;
    dtstart.year = late_twin(dtstart.year);
    recur.until = icaltime_null_time();
    icalrecur_iterator *days = icalrecur_iterator_new(recur, dtstart);
    bool happens = days && !icaltime_is_null_time(icalrecur_iterator_next(days));
    if (days)
        icalrecur_iterator_free(days);
    return happens;
}
