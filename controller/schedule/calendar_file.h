/* iCalendar files (RFC 5545): events out, events in. Pure but for libical. */
#pragma once

#include "schedule/series.h"

#define CALENDAR_BYTES_MAX  (1024 * 1024)
#define CALENDAR_EVENTS_MAX 1000
#define CALENDAR_DEPTH_MAX  8
#define CALENDAR_LINES_MAX  40000

typedef enum {
    CALENDAR_ERROR_TOO_LARGE, /* bytes, lines, components, or how deep they lie in each other */
    CALENDAR_ERROR_SYNTAX,    /* no iCalendar at all */
} CalendarError;
#define CALENDAR_ERROR (calendar_error_quark())
GQuark calendar_error_quark(void);

/* What we could not take of an event. */
typedef enum {
    CALENDAR_FINE,
    CALENDAR_NO_START,
    CALENDAR_ALL_DAY,    /* a day without a time */
    CALENDAR_ZONE,       /* a zone nobody knows */
    CALENDAR_MANY_RULES, /* two RRULE, or an EXRULE */
    CALENDAR_UNREADABLE, /* libical could not read a property */
    CALENDAR_MANY_DATES, /* too many EXDATE or RDATE */
} CalendarFault;

typedef struct CalendarEvent {
    char *uid;
    char *title;
    char *zone; /* NULL = none said: the reader's */
    int64_t start_us;
    int64_t duration_s;
    char *rrule;
    GArray *exdates, *rdates; /* int64_t; NULL = none */
    int64_t recurrence_us;    /* of a changed single occurrence; 0 = the series */
    bool cancelled;           /* STATUS:CANCELLED */
    CalendarFault fault;      /* reading only */
} CalendarEvent;

CalendarEvent *calendar_event_new(void);
void calendar_event_free(CalendarEvent *event);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CalendarEvent, calendar_event_free)
void calendar_event_add_date(GArray **dates, int64_t at_us);

/* A whole file: VTIMEZONEs of the zones used, lines folded, text escaped. `now_us` is its DTSTAMP.
 */
char *calendar_file_print(const GPtrArray *events, const char *name, int64_t now_us);
/* The events of a file, those we cannot take with their fault; `zone` is for times without one.
 * `ret_ignored`: how many components other than events and zones. */
GPtrArray *calendar_file_read(const char *text, size_t length, const char *zone,
                              unsigned *ret_ignored, GError **error);
/* A rule with another end: COUNT and UNTIL give way to `count` or `until_us`; both 0 = as it is. */
char *calendar_file_rule(const char *rrule, unsigned count, int64_t until_us);
