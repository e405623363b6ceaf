/* `when` over the wire. The shape is read first and judged later, because the zone may be the
 * issuing area's; a text reaches libical only after recurrence_check took it apart. */
#include "schedule/recurrence_form.h"

#include "base/clock.h"
#include "schedule/holiday_store.h"
#include "schedule/recurrence_check.h"

#define ID_MAX         64
#define RRULE_TEXT_MAX 4096 /* what is longer than RECURRENCE_TEXT_MAX is told so by name */

static const char *const mode_words[] = {"except", "only", NULL};

static void read_dates(JsonForm *when, const char *key, Broadcast *broadcast, bool except)
{
    const Json *dates =
        json_form_array(when, key, false, except ? SERIES_EXDATES_MAX : SERIES_RDATES_MAX);
    for (size_t i = 0; dates && i < json_length(dates); i++) {
        const char *text = json_text(json_at(dates, i));
        int64_t at_us;
        if (!text || !clock_parse_rfc3339(text, &at_us, NULL)) {
            json_form_fault(when, key, FORM_FORMAT, NULL);
            return;
        }
        broadcast_add_date(broadcast, except, at_us);
    }
}

void recurrence_form_read_dates(JsonForm *when, Broadcast *broadcast)
{
    read_dates(when, "exdates", broadcast, true);
    read_dates(when, "rdates", broadcast, false);
}

/* A bit for each number in [least, most]; -1 (the last day) is bit 0 where `last` says so. */
static uint32_t read_bits(JsonForm *lunar, const char *key, bool required, int most, bool last)
{
    const Json *numbers = json_form_array(lunar, key, required, 31);
    uint32_t bits = 0;
    for (size_t i = 0; numbers && i < json_length(numbers); i++) {
        int64_t number;
        bool whole = json_int(json_at(numbers, i), &number);
        if (whole && number >= 1 && number <= most)
            bits |= UINT32_C(1) << number;
        else if (whole && last && number == -1)
            bits |= 1;
        else
            json_form_fault(lunar, key, FORM_RANGE, last ? "1..30, -1" : "1..12");
    }
    return bits;
}

static void read_lunar(JsonForm *when, Broadcast *broadcast)
{
    JsonForm *lunar = json_form_child(when, "lunar", false);
    if (!lunar)
        return;
    broadcast->lunar.days = read_bits(lunar, "days", true, 30, true);
    broadcast->lunar.months = read_bits(lunar, "months", false, 12, false);
    broadcast->lunar.skip_leap = !json_form_bool(lunar, "leap", false, true);
    if (!broadcast->lunar.days)
        json_form_fault(lunar, "days", FORM_TOO_SHORT, "1");
    if (broadcast->rrule)
        json_form_fault(when, "lunar", FORM_CHOICE, "rrule, lunar");
}

static void read_holidays(JsonForm *when, Broadcast *broadcast)
{
    JsonForm *holidays = json_form_child(when, "holidays", false);
    if (!holidays)
        return;
    broadcast->calendar = g_strdup(json_form_text(holidays, "calendar", true, 1, ID_MAX));
    broadcast->holidays_mode = json_form_choice(holidays, "mode", true, mode_words, 0)
                                   ? SERIES_HOLIDAYS_ONLY
                                   : SERIES_HOLIDAYS_EXCEPT;
}

void recurrence_form_read(JsonForm *when, Broadcast *broadcast)
{
    /* `at` is what the answer says for every kind: who sends an answer back is understood. */
    int64_t at_us = json_form_time(when, "at", false, 0);
    broadcast->start_us = json_form_time(when, "start", at_us == 0, at_us);
    broadcast->rrule = g_strdup(json_form_text(when, "rrule", false, 1, RRULE_TEXT_MAX));
    read_lunar(when, broadcast);
    if (!broadcast->rrule && !broadcast->lunar.days)
        json_form_fault(when, "rrule", FORM_MISSING, NULL);
    const char *zone = json_form_text(when, "zone", false, 1, ID_MAX);
    if (zone && !recurrence_zone_known(zone))
        json_form_fault(when, "zone", FORM_FORMAT, NULL);
    else
        broadcast->zone = g_strdup(zone);
    recurrence_form_read_dates(when, broadcast);
    read_holidays(when, broadcast);
}

static bool judge_text(const Broadcast *broadcast, Problem *problem)
{
    g_autofree char *part = NULL;
    RecurrenceFault fault =
        broadcast->rrule ? recurrence_check_text(broadcast->rrule, &part) : RECURRENCE_FINE;
    if (fault)
        problem_add(problem, "/when/rrule", recurrence_fault_texts[fault].vi,
                    recurrence_fault_texts[fault].en);
    if (fault || !broadcast->until || !broadcast->rrule || !recurrence_check_ends(broadcast->rrule))
        return !fault;
    problem_add(problem, "/when/until",
                "Quy tắc lặp đã có COUNT hoặc UNTIL. Hãy bỏ ngày kết thúc hoặc bỏ phần đó.",
                "The rule has COUNT or UNTIL already. Leave out the last day, or that part.");
    return false;
}

static bool judge_calendar(Database *database, Broadcast *broadcast, Problem *problem,
                           GError **error)
{
    if (!broadcast->calendar)
        return true;
    g_autoptr(GError) failed = NULL;
    broadcast->holidays = holiday_store_get(database, broadcast->calendar, &failed);
    if (failed)
        g_propagate_error(error, g_steal_pointer(&failed));
    else if (!broadcast->holidays)
        problem_add(problem, "/when/holidays/calendar",
                    "Không có lịch ngày lễ này. Hãy chọn lại lịch.",
                    "There is no such calendar of holidays. Choose it again.");
    return broadcast->holidays != NULL;
}

static bool judge_starts(Broadcast *broadcast, Problem *problem)
{
    const RecurrenceFaultText *never = &recurrence_fault_texts[RECURRENCE_NEVER];
    Recurrence rule = broadcast_rule(broadcast);
    if (recurrence_check_rule(&rule)) {
        problem_add(problem, broadcast->until ? "/when/until" : "/when/rrule", never->vi,
                    never->en);
        return false;
    }
    broadcast->start_us = rule.start_us;
    Series series = broadcast_series(broadcast);
    SeriesOccurrence unused;
    if (series_next(&series, broadcast->start_us, &unused))
        return true;
    problem_add(problem, broadcast->calendar ? "/when/holidays" : "/when/exdates",
                "Ngày lễ hoặc ngày loại trừ đã bỏ hết các lần phát. Hãy sửa lại.",
                "The holidays or exceptions leave no start at all. Correct them.");
    return false;
}

bool recurrence_form_judge(Database *database, Broadcast *broadcast, Problem *problem,
                           GError **error)
{
    return broadcast->kind != BROADCAST_RULE ||
           (judge_text(broadcast, problem) && judge_calendar(database, broadcast, problem, error) &&
            judge_starts(broadcast, problem));
}

/* Those of one rule: from its begin to the next one's. */
static Json *dates_json(const GArray *dates, int64_t from_us, int64_t until_us)
{
    Json *list = json_new_array();
    for (unsigned i = 0; dates && i < dates->len; i++) {
        int64_t at_us = g_array_index(dates, int64_t, i);
        g_autofree char *text = clock_format_utc(at_us);
        if (at_us >= from_us && at_us < until_us)
            json_append_text(list, text);
    }
    return list;
}

static Json *bits_json(uint32_t bits)
{
    Json *list = json_new_array();
    for (int i = 1; i < 32; i++)
        if (bits & (UINT32_C(1) << i))
            json_append_int(list, i);
    if (bits & 1)
        json_append_int(list, -1);
    return list;
}

static void set_rule(Json *when, const Broadcast *broadcast)
{
    json_set_text(when, "zone", broadcast->zone);
    if (broadcast->rrule)
        json_set_text(when, "rrule", broadcast->rrule);
    if (broadcast->lunar.days) {
        Json *lunar = json_new_object();
        json_set_take(lunar, "days", bits_json(broadcast->lunar.days));
        if (broadcast->lunar.months)
            json_set_take(lunar, "months", bits_json(broadcast->lunar.months));
        json_set_bool(lunar, "leap", !broadcast->lunar.skip_leap);
        json_set_take(when, "lunar", lunar);
    }
    if (broadcast->calendar) {
        Json *holidays = json_new_object();
        json_set_text(holidays, "calendar", broadcast->calendar);
        json_set_text(holidays, "mode",
                      mode_words[broadcast->holidays_mode == SERIES_HOLIDAYS_ONLY]);
        json_set_take(when, "holidays", holidays);
    }
}

static Json *when_json(const Broadcast *broadcast, int64_t from_us, int64_t until_us)
{
    g_autofree char *at = clock_format_utc(broadcast->start_us);
    bool rule = broadcast->kind == BROADCAST_RULE;
    Json *when = json_new_object();
    json_set_text(when, "kind", broadcast_kind_words[broadcast->kind]);
    json_set_text(when, "at", at);
    json_set_text(when, "until", broadcast->until);
    if (rule)
        set_rule(when, broadcast);
    if (rule || broadcast->rdates)
        json_set_take(when, "rdates", dates_json(broadcast->rdates, from_us, until_us));
    if (rule || broadcast->exdates)
        json_set_take(when, "exdates", dates_json(broadcast->exdates, from_us, until_us));
    return when;
}

/* Where rule `index` (0 = the first) gives way to the next. */
static int64_t end_of(const Broadcast *broadcast, unsigned index)
{
    const GPtrArray *parts = broadcast->parts;
    return parts && index < parts->len
               ? ((const BroadcastPart *)g_ptr_array_index(parts, index))->from_us
               : G_MAXINT64;
}

Json *recurrence_form_json(const Broadcast *broadcast)
{
    return when_json(broadcast, G_MININT64, end_of(broadcast, 0));
}

Json *recurrence_form_parts(const Broadcast *broadcast)
{
    Json *list = json_new_array();
    for (unsigned i = 0; broadcast->parts && i < broadcast->parts->len; i++) {
        const BroadcastPart *part = g_ptr_array_index(broadcast->parts, i);
        Broadcast rule = {
            .kind = part->rrule || part->lunar.days || part->calendar ? BROADCAST_RULE
                                                                      : BROADCAST_DAILY,
            .start_us = part->start_us,
            .until = part->until,
            .zone = part->zone,
            .rrule = !part->rrule && !part->lunar.days ? (char *)"FREQ=DAILY" : part->rrule,
            .lunar = part->lunar,
            .calendar = part->calendar,
            .holidays_mode = part->holidays_mode,
            .rdates = broadcast->rdates,
            .exdates = broadcast->exdates};
        g_autofree char *from = clock_format_utc(part->from_us);
        Json *one = json_new_object();
        json_set_text(one, "from", from);
        json_set_take(one, "when", when_json(&rule, part->from_us, end_of(broadcast, i + 1)));
        json_append_take(list, one);
    }
    return list;
}
