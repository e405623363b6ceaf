/* iCalendar through libical: it folds, escapes and knows the grammar; we give it wall times with
 * the zone's IANA name, and never let it expand or convert anything.
 *
 * A file from outside is measured before libical sees it: bytes, lines, components and how deep
 * they are nested, since its parser keeps all of that in memory. What is too large is refused as a
 * whole; what is strange inside one event is a fault of that event. */
#include "schedule/calendar_file.h"

#include <libical/ical.h>
#include <string.h>

#define SECOND_US INT64_C(1000000)
#define DAY_S     INT64_C(86400)
#define PRODUCT   "-//Loa//Loa//VI"

/* How much of a zone's history and future a file holds. */
#define ZONE_BEFORE_S (366 * DAY_S)
#define ZONE_AFTER_S  (10 * 366 * DAY_S)

G_DEFINE_QUARK(calendar - error - quark, calendar_error)

CalendarEvent *calendar_event_new(void)
{
    return g_new0(CalendarEvent, 1);
}

void calendar_event_free(CalendarEvent *event)
{
    if (!event)
        return;
    g_free(event->uid);
    g_free(event->title);
    g_free(event->zone);
    g_free(event->rrule);
    g_clear_pointer(&event->exdates, g_array_unref);
    g_clear_pointer(&event->rdates, g_array_unref);
    g_free(event);
}

void calendar_event_add_date(GArray **dates, int64_t at_us)
{
    if (!*dates)
        *dates = g_array_new(FALSE, FALSE, sizeof(int64_t));
    g_array_append_val(*dates, at_us);
}

/* Writing */

static bool is_utc(const char *zone)
{
    return g_str_equal(zone, "UTC") || g_str_equal(zone, "Etc/UTC");
}

static struct icaltimetype time_in(const char *zone_name, int64_t at_us)
{
    int64_t at_s = recurrence_floor_s(at_us);
    if (is_utc(zone_name))
        return icaltime_from_timet_with_zone((time_t)at_s, 0, icaltimezone_get_utc_timezone());
    g_autoptr(GTimeZone) zone = recurrence_zone_open(zone_name);
    return icaltime_from_timet_with_zone((time_t)recurrence_zone_wall_s(zone, at_s), 0, NULL);
}

static void add_zoned(icalcomponent *component, icalproperty *property, const char *zone)
{
    if (!is_utc(zone))
        icalproperty_add_parameter(property, icalparameter_new_tzid(zone));
    icalcomponent_add_property(component, property);
}

static void add_dates(icalcomponent *component, const CalendarEvent *event)
{
    for (unsigned i = 0; event->exdates && i < event->exdates->len; i++)
        add_zoned(component,
                  icalproperty_new_exdate(
                      time_in(event->zone, g_array_index(event->exdates, int64_t, i))),
                  event->zone);
    for (unsigned i = 0; event->rdates && i < event->rdates->len; i++) {
        struct icaldatetimeperiodtype date = {
            .time = time_in(event->zone, g_array_index(event->rdates, int64_t, i)),
            .period = icalperiodtype_null_period()};
        add_zoned(component, icalproperty_new_rdate(date), event->zone);
    }
}

static icalcomponent *print_event(const CalendarEvent *event, int64_t now_us)
{
    icalcomponent *component = icalcomponent_new_vevent();
    icalcomponent_add_property(component, icalproperty_new_uid(event->uid));
    icalcomponent_add_property(component, icalproperty_new_dtstamp(time_in("UTC", now_us)));
    icalcomponent_add_property(component, icalproperty_new_summary(event->title));
    add_zoned(component, icalproperty_new_dtstart(time_in(event->zone, event->start_us)),
              event->zone);
    struct icaldurationtype duration =
        icaldurationtype_from_int((int)CLAMP(event->duration_s, 1, 86400));
    icalcomponent_add_property(component, icalproperty_new_duration(duration));
    if (event->rrule)
        icalcomponent_add_property(
            component, icalproperty_new_rrule(icalrecurrencetype_from_string(event->rrule)));
    if (event->recurrence_us)
        add_zoned(component,
                  icalproperty_new_recurrenceid(time_in(event->zone, event->recurrence_us)),
                  event->zone);
    add_dates(component, event);
    return component;
}

static int offset_at(GTimeZone *zone, int64_t at_s)
{
    return (int)(recurrence_zone_wall_s(zone, at_s) - at_s);
}

/* What the clock shows from an instant on; by RFC 5545 its start is a reading of the clock before.
 */
static void add_observance(icalcomponent *zone_component, GTimeZone *zone, int64_t at_s, int before)
{
    int interval = g_time_zone_find_interval(zone, G_TIME_TYPE_UNIVERSAL, at_s);
    icalcomponent *component = g_time_zone_is_dst(zone, interval) ? icalcomponent_new_xdaylight()
                                                                  : icalcomponent_new_xstandard();
    struct icaltimetype start = icaltime_from_timet_with_zone((time_t)(at_s + before), 0, NULL);
    icalcomponent_add_property(component, icalproperty_new_dtstart(start));
    icalcomponent_add_property(component, icalproperty_new_tzoffsetfrom(before));
    icalcomponent_add_property(component, icalproperty_new_tzoffsetto(offset_at(zone, at_s)));
    icalcomponent_add_property(
        component, icalproperty_new_tzname(g_time_zone_get_abbreviation(zone, interval)));
    icalcomponent_add_component(zone_component, component);
}

static int64_t change_between(GTimeZone *zone, int64_t before_s, int64_t after_s)
{
    int offset = offset_at(zone, after_s);
    while (after_s - before_s > 1) {
        int64_t middle = before_s + (after_s - before_s) / 2;
        *(offset_at(zone, middle) == offset ? &after_s : &before_s) = middle;
    }
    return after_s;
}

/* Every change of the clock in [from_s, to_s) as it is, no rules: libical's own VTIMEZONEs reach
 * back to local mean time and trouble other programs. */
static icalcomponent *print_zone(const char *name, int64_t from_s, int64_t to_s)
{
    g_autoptr(GTimeZone) zone = recurrence_zone_open(name);
    icalcomponent *component = icalcomponent_new_vtimezone();
    icalcomponent_add_property(component, icalproperty_new_tzid(name));
    int before = offset_at(zone, from_s);
    add_observance(component, zone, from_s, before);
    for (int64_t at_s = from_s; at_s < to_s; at_s += DAY_S) {
        if (offset_at(zone, at_s + DAY_S) == before)
            continue;
        add_observance(component, zone, change_between(zone, at_s, at_s + DAY_S), before);
        before = offset_at(zone, at_s + DAY_S);
    }
    return component;
}

static void add_zones(icalcomponent *calendar, const GPtrArray *events, int64_t now_us)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    int64_t from_us = now_us;
    for (unsigned i = 0; i < events->len; i++)
        from_us = MIN(from_us, ((const CalendarEvent *)g_ptr_array_index(events, i))->start_us);
    int64_t from_s = MAX(recurrence_floor_s(from_us) - ZONE_BEFORE_S, 0);
    for (unsigned i = 0; i < events->len; i++) {
        const CalendarEvent *event = g_ptr_array_index(events, i);
        if (!is_utc(event->zone) && g_hash_table_add(seen, event->zone))
            icalcomponent_add_component(
                calendar,
                print_zone(event->zone, from_s, recurrence_floor_s(now_us) + ZONE_AFTER_S));
    }
}

char *calendar_file_print(const GPtrArray *events, const char *name, int64_t now_us)
{
    icalcomponent *calendar = icalcomponent_new_vcalendar();
    icalcomponent_add_property(calendar, icalproperty_new_version("2.0"));
    icalcomponent_add_property(calendar, icalproperty_new_prodid(PRODUCT));
    icalcomponent_add_property(calendar, icalproperty_new_calscale("GREGORIAN"));
    icalproperty *title = icalproperty_new_x(name);
    icalproperty_set_x_name(title, "X-WR-CALNAME");
    icalcomponent_add_property(calendar, title);
    add_zones(calendar, events, now_us);
    for (unsigned i = 0; i < events->len; i++)
        icalcomponent_add_component(calendar, print_event(g_ptr_array_index(events, i), now_us));
    char *made = icalcomponent_as_ical_string_r(calendar);
    char *text = g_strdup(made);
    icalmemory_free_buffer(made);
    icalcomponent_free(calendar);
    return text;
}

char *calendar_file_rule(const char *rrule, unsigned count, int64_t until_us)
{
    struct icalrecurrencetype recur = icalrecurrencetype_from_string(rrule);
    if (count || until_us) {
        recur.count = (int)count;
        recur.until = count ? icaltime_null_time() : time_in("UTC", until_us);
    }
    char *made = icalrecurrencetype_as_string_r(&recur);
    char *text = g_strdup(made);
    icalmemory_free_buffer(made);
    return text;
}

/* Reading */

static bool starts_with(const char *line, const char *word)
{
    return g_ascii_strncasecmp(line, word, strlen(word)) == 0;
}

/* One pass over the lines, before anything is kept. */
static bool is_measured(const char *text)
{
    unsigned lines = 0, components = 0, depth = 0;
    for (const char *line = text; line; line = strchr(line, '\n')) {
        line += lines++ > 0;
        if (starts_with(line, "BEGIN:"))
            components++, depth++;
        else if (starts_with(line, "END:") && depth)
            depth--;
        if (lines > CALENDAR_LINES_MAX || components > 4 * CALENDAR_EVENTS_MAX ||
            depth > CALENDAR_DEPTH_MAX)
            return false;
    }
    return true;
}

/* An IANA name out of a TZID: itself, or the end of a longer one ("/x.org/Asia/Bangkok"). */
static char *zone_of(const char *tzid)
{
    static const char *const windows[][2] = {{"SE Asia Standard Time", "Asia/Ho_Chi_Minh"},
                                             {"UTC", "UTC"},
                                             {"Romance Standard Time", "Europe/Paris"},
                                             {"China Standard Time", "Asia/Shanghai"},
                                             {"Tokyo Standard Time", "Asia/Tokyo"}};
    for (const char *at = tzid; at && strlen(tzid) < 200; at = strchr(at + 1, '/')) {
        const char *name = at + (*at == '/');
        if (*name && !strstr(name, "..") && recurrence_zone_known(name))
            return g_strdup(name);
    }
    for (unsigned i = 0; i < G_N_ELEMENTS(windows); i++)
        if (g_str_equal(windows[i][0], tzid))
            return g_strdup(windows[i][1]);
    return NULL;
}

static bool read_time(icalproperty *property, struct icaltimetype at, const char *zone,
                      int64_t *ret_us)
{
    if (icaltime_is_null_time(at) || at.is_date)
        return false;
    icalparameter *parameter = icalproperty_get_first_parameter(property, ICAL_TZID_PARAMETER);
    g_autofree char *named = parameter ? zone_of(icalparameter_get_tzid(parameter)) : NULL;
    bool utc = icaltime_is_utc(at);
    at.zone = NULL;
    int64_t wall_s = icaltime_as_timet(at);
    g_autoptr(GTimeZone) in = recurrence_zone_open(utc ? "UTC" : named ? named : zone);
    *ret_us = recurrence_zone_utc_s(in, wall_s) * SECOND_US;
    return true;
}

static CalendarFault read_start(icalcomponent *component, const char *zone, CalendarEvent *event)
{
    icalproperty *start = icalcomponent_get_first_property(component, ICAL_DTSTART_PROPERTY);
    if (!start)
        return CALENDAR_NO_START;
    struct icaltimetype at = icalproperty_get_dtstart(start);
    if (at.is_date)
        return CALENDAR_ALL_DAY;
    icalparameter *parameter = icalproperty_get_first_parameter(start, ICAL_TZID_PARAMETER);
    if (icaltime_is_utc(at))
        event->zone = g_strdup("UTC");
    else if (parameter)
        event->zone = zone_of(icalparameter_get_tzid(parameter));
    if (parameter && !event->zone)
        return CALENDAR_ZONE;
    return read_time(start, at, event->zone ? event->zone : zone, &event->start_us)
               ? CALENDAR_FINE
               : CALENDAR_NO_START;
}

static CalendarFault read_rule(icalcomponent *component, CalendarEvent *event)
{
    if (icalcomponent_count_properties(component, ICAL_XLICERROR_PROPERTY) > 0)
        return CALENDAR_UNREADABLE;
    if (icalcomponent_count_properties(component, ICAL_RRULE_PROPERTY) > 1 ||
        icalcomponent_count_properties(component, ICAL_EXRULE_PROPERTY) > 0)
        return CALENDAR_MANY_RULES;
    icalproperty *rule = icalcomponent_get_first_property(component, ICAL_RRULE_PROPERTY);
    event->rrule = rule ? g_strdup(icalproperty_get_value_as_string(rule)) : NULL;
    return CALENDAR_FINE;
}

static CalendarFault read_dates(icalcomponent *component, const char *zone, CalendarEvent *event)
{
    static const icalproperty_kind kinds[] = {ICAL_EXDATE_PROPERTY, ICAL_RDATE_PROPERTY};
    for (unsigned k = 0; k < G_N_ELEMENTS(kinds); k++) {
        GArray **dates = k ? &event->rdates : &event->exdates;
        icalproperty *date = icalcomponent_get_first_property(component, kinds[k]);
        for (; date; date = icalcomponent_get_next_property(component, kinds[k])) {
            struct icaltimetype at =
                k ? icalproperty_get_rdate(date).time : icalproperty_get_exdate(date);
            int64_t at_us;
            if (read_time(date, at, event->zone ? event->zone : zone, &at_us))
                calendar_event_add_date(dates, at_us);
            if (*dates && (*dates)->len > SERIES_EXDATES_MAX)
                return CALENDAR_MANY_DATES;
        }
    }
    return CALENDAR_FINE;
}

static CalendarEvent *read_event(icalcomponent *component, const char *zone)
{
    CalendarEvent *event = calendar_event_new();
    const char *uid = icalcomponent_get_uid(component);
    const char *title = icalcomponent_get_summary(component);
    event->uid = g_strdup(uid ? uid : "");
    event->title = g_strdup(title ? title : "");
    event->cancelled = icalcomponent_get_status(component) == ICAL_STATUS_CANCELLED;
    event->fault = read_start(component, zone, event);
    if (!event->fault)
        event->fault = read_rule(component, event);
    if (!event->fault)
        event->fault = read_dates(component, zone, event);
    icalproperty *id = icalcomponent_get_first_property(component, ICAL_RECURRENCEID_PROPERTY);
    if (id && !read_time(id, icalproperty_get_recurrenceid(id), event->zone ? event->zone : zone,
                         &event->recurrence_us))
        event->fault = event->fault ? event->fault : CALENDAR_UNREADABLE;
    return event;
}

static void read_all(icalcomponent *calendar, const char *zone, GPtrArray *events,
                     unsigned *ignored)
{
    icalcomponent *child = icalcomponent_get_first_component(calendar, ICAL_ANY_COMPONENT);
    for (; child; child = icalcomponent_get_next_component(calendar, ICAL_ANY_COMPONENT)) {
        icalcomponent_kind kind = icalcomponent_isa(child);
        if (kind == ICAL_VEVENT_COMPONENT && events->len < CALENDAR_EVENTS_MAX)
            g_ptr_array_add(events, read_event(child, zone));
        else if (kind != ICAL_VTIMEZONE_COMPONENT)
            ++*ignored;
    }
}

GPtrArray *calendar_file_read(const char *text, size_t length, const char *zone,
                              unsigned *ret_ignored, GError **error)
{
    if (length > CALENDAR_BYTES_MAX) {
        g_set_error(error, CALENDAR_ERROR, CALENDAR_ERROR_TOO_LARGE, "more than %d bytes",
                    CALENDAR_BYTES_MAX);
        return NULL;
    }
    g_autofree char *copy = g_strndup(text, length);
    if (strlen(copy) != length || !g_utf8_validate(copy, (gssize)length, NULL)) {
        g_set_error(error, CALENDAR_ERROR, CALENDAR_ERROR_SYNTAX, "not UTF-8 text");
        return NULL;
    }
    if (!is_measured(copy)) {
        g_set_error(error, CALENDAR_ERROR, CALENDAR_ERROR_TOO_LARGE,
                    "too many lines or components, or too deep");
        return NULL;
    }
    icalcomponent *calendar = icalparser_parse_string(copy);
    if (!calendar || icalcomponent_isa(calendar) != ICAL_VCALENDAR_COMPONENT) {
        g_set_error(error, CALENDAR_ERROR, CALENDAR_ERROR_SYNTAX, "no VCALENDAR");
        g_clear_pointer(&calendar, icalcomponent_free);
        return NULL;
    }
    GPtrArray *events = g_ptr_array_new_with_free_func((GDestroyNotify)calendar_event_free);
    *ret_ignored = 0;
    read_all(calendar, zone, events, ret_ignored);
    icalcomponent_free(calendar);
    return events;
}
