/* iCalendar both ways: what goes out reads back, what comes in is reported on, and a hostile file
 * is refused before it is read. */
#include "calendar_desk.h"

#include <string.h>

#include "http/reply_parts.h"
#include "schedule/calendar_api.h"
#include "schedule/calendar_file.h"
#include "schedule/calendar_import_api.h"

static char *exported(CalendarDesk *desk)
{
    g_autoptr(Request) request =
        calendar_desk_request(desk, "GET", "/api/areas/x/calendar.ics", "province", NULL);
    g_autoptr(Reply) reply = calendar_api_get(desk->api, request);
    g_assert_cmpuint(reply_status(reply), ==, 200);
    size_t length;
    const char *text = g_bytes_get_data(reply->body, &length);
    return g_strndup(text, length);
}

static void test_the_calendar_of_an_area_reads_back(void)
{
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    g_autofree char *id = calendar_desk_made(
        &desk, RULE("FREQ=WEEKLY;BYDAY=MO,TU") ",\"holidays\":{\"calendar\":\"vn\",\"mode\":"
                                               "\"except\"},\"until\":\"2027-12-31\"");
    calendar_desk_patch(&desk, id,
                        "{\"scope\":\"this\",\"recurrence_id\":\"2026-11-30T10:00:00Z\","
                        "\"at\":\"2026-11-30T11:15:00Z\"}",
                        "");
    g_autofree char *text = exported(&desk);
    static const char *const pieces[] = {
        "BEGIN:VTIMEZONE\r\nTZID:Asia/Ho_Chi_Minh\r\n",
        "SUMMARY:Thông báo\r\n",
        "DTSTART;TZID=Asia/Ho_Chi_Minh:20261123T170000\r\n",
        "RRULE:FREQ=WEEKLY;UNTIL=20271231T165959Z;BYDAY=MO,TU\r\n",
        "EXDATE;TZID=Asia/Ho_Chi_Minh:20261124T170000\r\n",
        "RECURRENCE-ID;TZID=Asia/Ho_Chi_Minh:20261130T170000\r\n",
        "DTSTART;TZID=Asia/Ho_Chi_Minh:20261130T181500\r\n",
        "X-WR-CALNAME:",
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(pieces); i++)
        if (!strstr(text, pieces[i]))
            g_error("no %s in\n%s", pieces[i], text);
    g_autofree char *uid = g_strdup_printf("UID:%s@loa\r\n", id);
    g_assert_nonnull(strstr(text, uid));
    g_auto(GStrv) lines = g_strsplit(text, "\r\n", -1);
    for (unsigned i = 0; lines[i]; i++)
        g_assert_cmpuint(strlen(lines[i]), <=, 75);

    g_autoptr(GError) error = NULL;
    unsigned ignored;
    g_autoptr(GPtrArray) events =
        calendar_file_read(text, strlen(text), "Asia/Ho_Chi_Minh", &ignored, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(events->len, ==, 2);
    const CalendarEvent *series = g_ptr_array_index(events, 0);
    const CalendarEvent *moved = g_ptr_array_index(events, 1);
    g_assert_cmpint(series->start_us, ==, DESK_NOW + (2 * 24 + 10) * DESK_HOUR);
    g_assert_cmpstr(series->rrule, ==, "FREQ=WEEKLY;UNTIL=20271231T165959Z;BYDAY=MO,TU");
    g_assert_cmpstr(moved->uid, ==, series->uid);
    g_assert_cmpint(moved->recurrence_us, ==, DESK_NOW + (9 * 24 + 10) * DESK_HOUR);
    calendar_desk_clear(&desk);
}

static void test_a_zone_holds_its_changes_of_the_clock(void)
{
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    G_GNUC_UNUSED g_autofree char *id =
        calendar_desk_made(&desk, RULE("FREQ=DAILY") ",\"zone\":\"Europe/Paris\"");
    g_autofree char *text = exported(&desk);
    static const char *const pieces[] = {
        "BEGIN:DAYLIGHT\r\nDTSTART:20270328T020000\r\nTZOFFSETFROM:+0100\r\n"
        "TZOFFSETTO:+0200\r\nTZNAME:CEST\r\nEND:DAYLIGHT\r\n",
        "BEGIN:STANDARD\r\nDTSTART:20271031T030000\r\nTZOFFSETFROM:+0200\r\n"
        "TZOFFSETTO:+0100\r\nTZNAME:CET\r\nEND:STANDARD\r\n",
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(pieces); i++)
        if (!strstr(text, pieces[i]))
            g_error("no %s in\n%s", pieces[i], text);
    calendar_desk_clear(&desk);
}

static Reply *import_text(CalendarDesk *desk, const char *text, size_t length)
{
    g_autoptr(Request) request =
        calendar_desk_request(desk, "POST", "/api/areas/x/calendar.ics", "province", NULL);
    request->body = g_bytes_new(text, length);
    return calendar_import_api_report(desk->api, request);
}

#define EVENT(rest)     "BEGIN:VEVENT\r\nUID:x\r\nSUMMARY:Bản tin\\, sáng\r\n" rest "END:VEVENT\r\n"
#define FILE_OF(events) "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" events "END:VCALENDAR\r\n"
#define AT_FIVE         "DTSTART;TZID=Asia/Ho_Chi_Minh:20261123T170000\r\n"

static void test_an_import_says_what_it_understood(void)
{
    static const struct {
        const char *text;
        bool accepted;
        const char *why_not; /* a word of it */
    } cases[] = {
        {FILE_OF(EVENT(AT_FIVE)), true, NULL},
        {FILE_OF(EVENT(AT_FIVE "RRULE:FREQ=WEEKLY;BYDAY=MO,WE\r\n")), true, NULL},
        {FILE_OF(EVENT("DTSTART:20200101T100000Z\r\nRRULE:FREQ=DAILY\r\n")), true, NULL},
        {FILE_OF(EVENT("DTSTART:20261120T100000Z\r\nRRULE:FREQ=DAILY;COUNT=9\r\n")), true, NULL},
        {FILE_OF(EVENT("DTSTART:20261101T100000Z\r\nRRULE:FREQ=DAILY;COUNT=9\r\n")), false, "over"},
        {FILE_OF(EVENT("DTSTART;TZID=/x.org/20050126_1/Asia/Bangkok:20261123T170000\r\n")), true,
         NULL},
        {FILE_OF(EVENT("DTSTART:20200101T100000Z\r\n")), false, "over"},
        {FILE_OF(EVENT("DTSTART;VALUE=DATE:20261123\r\n")), false, "whole day"},
        {FILE_OF(EVENT("")), false, "no start"},
        {FILE_OF(EVENT("DTSTART;TZID=Mars:20261123T170000\r\n")), false, "zone"},
        {FILE_OF(EVENT(AT_FIVE "STATUS:CANCELLED\r\n")), false, "cancelled"},
        {FILE_OF(EVENT(AT_FIVE "RRULE:FREQ=DAILY\r\nRRULE:FREQ=WEEKLY\r\n")), false, "several"},
        {FILE_OF(EVENT(AT_FIVE "RRULE:FREQ=SECONDLY\r\n")), false, "repeats by"},
        {FILE_OF(EVENT(AT_FIVE "RRULE:FREQ=DAILY;COUNT=1000000000\r\n")), false, "COUNT"},
        {FILE_OF(EVENT(AT_FIVE "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30\r\n")), false, "never"},
        {FILE_OF(EVENT(AT_FIVE "RRULE:FREQ=DAILY;UNTIL=20251101T000000Z\r\n")), false, "never"},
    };
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("case %u", i);
        g_autoptr(Request) request =
            calendar_desk_request(&desk, "POST", "/api/areas/x/calendar.ics", "province", NULL);
        request->language = LANGUAGE_EN;
        request->body = g_bytes_new(cases[i].text, strlen(cases[i].text));
        g_autoptr(Json) report =
            fleet_desk_json(calendar_import_api_report(desk.api, request), 200);
        const Json *one = json_at(json_peek(report, "items"), 0);
        g_assert_cmpstr(json_peek_text(one, "title"), ==, "Bản tin, sáng");
        const char *why_not = json_peek_text(one, "why_not");
        if (cases[i].why_not && (!why_not || !strstr(why_not, cases[i].why_not)))
            g_error("said: %s", why_not ? why_not : "fine");
        g_assert_cmpint(json_peek_bool(one, "accepted", false), ==, cases[i].accepted);
        g_assert_cmpint(json_peek_int(report, "stored", -1), ==, 0);
        if (!cases[i].accepted)
            continue;
        /* What the report offers is what POST /api/broadcasts takes. */
        g_autofree char *when = json_print(json_peek(one, "when"), NULL);
        when[strlen(when) - 1] = '\0';
        g_autofree char *said = calendar_desk_pointers(calendar_desk_create(&desk, when + 1));
        g_assert_cmpstr(said, ==, "");
    }
    calendar_desk_clear(&desk);
}

static void assert_slug(CalendarDesk *desk, const char *text, size_t length, const char *slug)
{
    g_autofree char *said = fleet_desk_slug(import_text(desk, text, length));
    g_assert_cmpstr(said, ==, slug);
}

static char *repeated(const char *begin, unsigned times, const char *end, unsigned ends)
{
    GString *text = g_string_new("BEGIN:VCALENDAR\r\n");
    for (unsigned i = 0; i < times; i++)
        g_string_append(text, begin);
    for (unsigned i = 0; i < ends; i++)
        g_string_append(text, end);
    g_string_append(text, "END:VCALENDAR\r\n");
    return g_string_free(text, FALSE);
}

static void test_hostile_files_are_refused_before_they_are_read(void)
{
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    const char *large = "calendar-too-large", *unreadable = "calendar-unreadable";
    g_autofree char *deep = repeated("BEGIN:VEVENT\r\n", 10000, "END:VEVENT\r\n", 10000);
    assert_slug(&desk, deep, strlen(deep), large);
    g_autofree char *open = repeated("begin:vevent\n", 100, "", 0);
    assert_slug(&desk, open, strlen(open), large);
    g_autofree char *wide = repeated("BEGIN:VEVENT\r\nEND:VEVENT\r\n", 10000, "", 0);
    assert_slug(&desk, wide, strlen(wide), large);
    size_t bytes = 100u * 1024 * 1024;
    g_autofree char *huge = g_malloc(bytes);
    memset(huge, 'A', bytes);
    memcpy(huge, "BEGIN:VCALENDAR\r\n", 17);
    assert_slug(&desk, huge, bytes, large);
    assert_slug(&desk, huge, CALENDAR_BYTES_MAX, unreadable);
    assert_slug(&desk, "", 0, unreadable);
    assert_slug(&desk, "\xff\xfe", 2, unreadable);
    assert_slug(&desk, "BEGIN:VCALENDAR\0END", 19, unreadable);
    assert_slug(&desk, "BEGIN:VEVENT\r\nEND:VEVENT\r\n", 26, unreadable);

    GString *dates = g_string_new(NULL);
    for (unsigned i = 0; i < 10000; i++)
        g_string_append_printf(dates, "EXDATE:20%02u%02u%02uT100000Z\r\n", 27 + i / 1000,
                               1 + i % 12, 1 + i % 28);
    g_autofree char *many =
        g_strconcat("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n" AT_FIVE "RRULE:FREQ=DAILY\r\n",
                    dates->str, "END:VEVENT\r\nEND:VCALENDAR\r\n", NULL);
    g_string_free(dates, TRUE);
    g_autoptr(Json) report = fleet_desk_json(import_text(&desk, many, strlen(many)), 200);
    g_assert_cmpint(json_peek_int(report, "refused", 0), ==, 1);
    calendar_desk_clear(&desk);
}

static void test_a_file_of_impossible_rules_costs_little(void)
{
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    GString *text = g_string_new("BEGIN:VCALENDAR\r\n");
    for (unsigned i = 0; i < 900; i++)
        g_string_append(text, EVENT(AT_FIVE "RRULE:FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6\r\n"));
    g_string_append(text, "END:VCALENDAR\r\n");
    g_autoptr(Json) report = fleet_desk_json(import_text(&desk, text->str, text->len), 200);
    g_assert_cmpint(json_peek_int(report, "refused", 0), ==, 900);
    const Json *items = json_peek(report, "items");
    const char *first = json_peek_text(json_at(items, 15), "why_not");
    const char *later = json_peek_text(json_at(items, 16), "why_not");
    g_assert_cmpstr(first, !=, later);
    g_assert_nonnull(strstr(later, "không được xem"));
    g_string_free(text, TRUE);
    calendar_desk_clear(&desk);
}

/* A good file with bytes changed, lines doubled and pieces cut out: read or refused, within bounds,
 * and whatever is read can be judged. */
static void test_damaged_files_are_read_or_refused(void)
{
    static const char *const lines[] = {"BEGIN:VEVENT\r\n",
                                        "END:VEVENT\r\n",
                                        "BEGIN:VALARM\r\n",
                                        "UID:a\r\n",
                                        "SUMMARY;LANGUAGE=vi:B\xe1\xba\xa3n tin\\n\\, \\;\r\n",
                                        AT_FIVE,
                                        "DURATION:PT5M\r\n",
                                        "DTSTART:20260230T250000Z\r\n",
                                        "DTSTART;TZID=../../etc/passwd:20261123T170000\r\n",
                                        "RRULE:FREQ=DAILY;INTERVAL=0\r\n",
                                        "RRULE:FREQ=YEARLY;BYDAY=-54MO;COUNT=-1\r\n",
                                        "RRULE:FREQ=MONTHLY;BYMONTHDAY=-31;BYSETPOS=366\r\n",
                                        "RRULE:RSCALE=CHINESE;FREQ=DAILY\r\n",
                                        "EXDATE;VALUE=DATE:20261123\r\n",
                                        "EXDATE:20261123T100000Z,20261124T100000Z\r\n",
                                        "RDATE;VALUE=PERIOD:20261123T100000Z/PT1H\r\n",
                                        "RECURRENCE-ID;RANGE=THISANDFUTURE:2026\r\n",
                                        " folded\r\n",
                                        "X-A;B=\"C:\":D\r\n",
                                        "END:VCALENDAR\r\n",
                                        "STATUS:CANCELLED\r\n"};
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    for (unsigned round = 0; round < 200; round++) {
        GString *text = g_string_new("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\n" AT_FIVE);
        int n = g_test_rand_int_range(0, 12);
        for (int i = 0; i < n; i++)
            g_string_append(text, lines[g_test_rand_int_range(0, G_N_ELEMENTS(lines))]);
        g_string_append(text, "END:VEVENT\r\nEND:VCALENDAR\r\n");
        for (int flips = g_test_rand_int_range(0, 4); flips > 0; flips--)
            text->str[g_test_rand_int_range(0, (int)text->len)] =
                (char)g_test_rand_int_range(1, 127);
        g_autoptr(Reply) reply = import_text(&desk, text->str, text->len);
        unsigned status = reply_status(reply);
        g_assert_true(status == 200 || status == 413 || status == 422);
        g_string_free(text, TRUE);
    }
    calendar_desk_clear(&desk);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/calendar_file/export", test_the_calendar_of_an_area_reads_back);
    g_test_add_func("/calendar_file/zone", test_a_zone_holds_its_changes_of_the_clock);
    g_test_add_func("/calendar_file/import", test_an_import_says_what_it_understood);
    g_test_add_func("/calendar_file/hostile", test_hostile_files_are_refused_before_they_are_read);
    g_test_add_func("/calendar_file/impossible", test_a_file_of_impossible_rules_costs_little);
    g_test_add_func("/calendar_file/damaged", test_damaged_files_are_read_or_refused);
    return g_test_run();
}
