/* The calendar of an area: each broadcast is one event with a stable UID; its rule goes out as
 * it is, what other programs cannot calculate (holidays, lunar days, "all following") is spelled
 * out for CALENDAR_API_HORIZON_DAYS as EXDATE, RDATE and RECURRENCE-ID.
 */
#include "schedule/calendar_api.h"

#include <string.h>

#include "base/clock.h"
#include "registry/area_store.h"
#include "schedule/broadcast_api_parts.h"
#include "schedule/broadcast_reach_store.h"
#include "schedule/calendar_file.h"
#include "schedule/rundown.h"

#define SECOND_US INT64_C(1000000)
#define DAY_US    (INT64_C(86400) * SECOND_US)

static char *rule_text(const Broadcast *broadcast)
{
    const char *rrule = broadcast->kind == BROADCAST_RULE ? broadcast->rrule : "FREQ=DAILY";
    if (!broadcast_repeats(broadcast) || !rrule)
        return NULL;
    bool counts = strstr(rrule, "COUNT=") != NULL;
    Recurrence rule = broadcast_rule(broadcast);
    int64_t end_us = broadcast->end_us;
    if (counts && end_us) {
        g_autoptr(GArray) before = recurrence_expand(&rule, broadcast->start_us, end_us);
        return calendar_file_rule(rrule, MAX(before->len, 1), 0);
    }
    if (broadcast->until) {
        g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(broadcast->zone);
        g_autofree char *last = g_strconcat(broadcast->until, "T23:59:59", NULL);
        g_autoptr(GDateTime) at = g_date_time_new_from_iso8601(last, zone);
        int64_t until_us = at ? g_date_time_to_unix(at) * SECOND_US : 0;
        end_us = end_us && end_us <= until_us ? end_us : until_us + SECOND_US;
    }
    return calendar_file_rule(rrule, 0, end_us ? end_us - SECOND_US : 0);
}

static CalendarEvent *event_of(const Broadcast *broadcast, const char *uid, const Rundown *rundown)
{
    CalendarEvent *event = calendar_event_new();
    event->uid = g_strconcat(uid, "@loa", NULL);
    event->title = g_strdup(rundown ? rundown->title : "");
    event->zone = g_strdup(broadcast->zone);
    event->start_us = broadcast->start_us;
    event->duration_s = rundown ? (rundown_frames(rundown) + 47999) / 48000 : 1;
    return event;
}

static int64_t first_date(const Broadcast *broadcast)
{
    const GArray *dates = broadcast->rdates;
    return dates && dates->len ? g_array_index(dates, int64_t, 0) : G_MAXINT64;
}

/* A lunar rule has no RRULE: the first day stands for it, the others are RDATEs. */
static void spell_out(CalendarEvent *event, const SeriesOccurrence *one, bool *first)
{
    if (*first)
        event->start_us = one->recurrence_us;
    else
        calendar_event_add_date(&event->rdates, one->recurrence_us);
    *first = false;
}

/* A start of an event plays whatever its rule says: a rule without any start of its own is none. */
static bool has_start(const Broadcast *broadcast)
{
    Series series = broadcast_series(broadcast);
    SeriesOccurrence unused;
    return series_next(&series, MIN(broadcast->start_us, first_date(broadcast)), &unused);
}

static void add_rule(GPtrArray *events, const Broadcast *broadcast, const char *uid,
                     const Rundown *rundown, int64_t now_us)
{
    if (!has_start(broadcast))
        return;
    CalendarEvent *event = event_of(broadcast, uid, rundown);
    g_ptr_array_add(events, event);
    event->rrule = rule_text(broadcast);
    bool lunar = broadcast->kind == BROADCAST_RULE && broadcast->lunar.days, first = true;
    if (!lunar && broadcast->rdates)
        event->rdates = g_array_copy(broadcast->rdates);
    Series series = broadcast_series(broadcast);
    g_autoptr(GArray) list =
        series_expand(&series, now_us - 35 * DAY_US, now_us + CALENDAR_API_HORIZON_DAYS * DAY_US);
    for (unsigned i = 0; i < list->len; i++) {
        const SeriesOccurrence *one = &g_array_index(list, SeriesOccurrence, i);
        if (lunar && one->fate == SERIES_PLAYS)
            spell_out(event, one, &first);
        else if (!lunar && one->fate != SERIES_PLAYS)
            calendar_event_add_date(&event->exdates, one->recurrence_us);
        if (one->fate != SERIES_PLAYS || one->start_us == one->recurrence_us)
            continue;
        CalendarEvent *moved = event_of(broadcast, uid, rundown);
        moved->start_us = one->start_us;
        moved->recurrence_us = one->recurrence_us;
        g_ptr_array_add(events, moved);
    }
}

/* Part `index` of a series as a broadcast of its own, until the next one; borrows all. */
static Broadcast part_of(const Broadcast *broadcast, unsigned index)
{
    Broadcast rule = *broadcast;
    const GPtrArray *parts = broadcast->parts;
    rule.parts = NULL;
    rule.series_parts = NULL;
    if (index < parts->len) {
        int64_t next_us = ((const BroadcastPart *)g_ptr_array_index(parts, index))->from_us;
        rule.end_us = broadcast->end_us ? MIN(broadcast->end_us, next_us) : next_us;
    }
    if (index == 0)
        return rule;
    const BroadcastPart *part = g_ptr_array_index(parts, index - 1);
    rule.kind = part->rrule || part->lunar.days ? BROADCAST_RULE : BROADCAST_DAILY;
    rule.until = part->until;
    rule.rrule = part->rrule;
    rule.lunar = part->lunar;
    rule.zone = part->zone;
    rule.calendar = part->calendar;
    rule.holidays = part->holidays;
    rule.holidays_mode = part->holidays_mode;
    rule.rdates = NULL;
    rule.start_us = MAX(part->start_us, part->from_us);
    Recurrence own = {.kind = rule.kind == BROADCAST_RULE ? RECURRENCE_RULE : RECURRENCE_DAILY,
                      .start_us = part->start_us,
                      .until = part->until,
                      .zone = part->zone,
                      .rrule = part->rrule,
                      .lunar = part->lunar};
    recurrence_next(&own, part->from_us, &rule.start_us);
    return rule;
}

/* RFC 5545 knows one rule for an event: each rule of a series is one. */
static void add_broadcast(GPtrArray *events, const Broadcast *broadcast, const Rundown *rundown,
                          int64_t now_us)
{
    if (!broadcast->parts) {
        add_rule(events, broadcast, broadcast->id, rundown, now_us);
        return;
    }
    for (unsigned i = 0; i <= broadcast->parts->len; i++) {
        Broadcast rule = part_of(broadcast, i);
        g_autofree char *uid =
            i ? g_strdup_printf("%s-%u", broadcast->id, i) : g_strdup(broadcast->id);
        add_rule(events, &rule, uid, rundown, now_us);
    }
}

/* Of the area and those below; its own alone where that is more than a calendar program takes. */
static GPtrArray *read_broadcasts(Database *database, const Area *area, int64_t now_us,
                                  GError **error)
{
    BroadcastReach reach = {.path = area->path,
                            .below = true,
                            .from_us = now_us - CALENDAR_API_PAST_US,
                            .to_us = G_MAXINT64,
                            .limit = CALENDAR_API_SERIES_MAX + 1};
    g_autoptr(GPtrArray) list = broadcast_reach_store_between(database, &reach, error);
    if (!list || list->len <= CALENDAR_API_SERIES_MAX)
        return g_steal_pointer(&list);
    reach.below = false;
    reach.limit = CALENDAR_API_SERIES_MAX;
    return broadcast_reach_store_between(database, &reach, error);
}

Reply *calendar_api_of(Database *database, const char *id, int64_t now_us)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Area) area = area_store_get(database, id, &error);
    g_autoptr(GPtrArray) list = area ? read_broadcasts(database, area, now_us, &error) : NULL;
    if (!list)
        return error ? reply_error(error) : reply_problem(&problem_not_found);
    g_autoptr(GPtrArray) events =
        g_ptr_array_new_with_free_func((GDestroyNotify)calendar_event_free);
    for (unsigned i = 0; i < list->len; i++) {
        const Broadcast *broadcast = g_ptr_array_index(list, i);
        g_autoptr(Rundown) rundown = rundown_load(database, broadcast, NULL);
        add_broadcast(events, broadcast, rundown, now_us);
    }
    char *text = calendar_file_print(events, area->name, now_us);
    g_autoptr(GBytes) body = g_bytes_new_take(text, strlen(text));
    return reply_bytes(200, "text/calendar; charset=utf-8", body);
}

Reply *calendar_api_get(void *room, Request *request)
{
    BroadcastApi *self = room;
    const char *id = request_place(request, "id");
    Reply *refusal = access_check(self->database, request, VERB_VIEW, id);
    return refusal ? refusal : calendar_api_of(self->database, id, request_now_us(request));
}
