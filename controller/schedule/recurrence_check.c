/* Refusing what is no schedule. Every part of a rule stands in one table with its range, so that a
 * COUNT of a billion, an INTERVAL of 0 or a rule for every second is answered with the part's name
 * instead of a long calculation; the few that are well formed and still never happen are found by
 * asking for their first start. */
#include "schedule/recurrence_check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const RecurrenceFaultText recurrence_fault_texts[RECURRENCE_FAULTS] = {
    [RECURRENCE_TOO_LONG] = {"Quy tắc lặp dài quá 500 ký tự. Hãy viết ngắn lại.",
                             "The rule is longer than 500 characters. Make it shorter."},
    [RECURRENCE_SYNTAX] = {"Không đọc được quy tắc lặp. Ví dụ đúng: FREQ=WEEKLY;BYDAY=MO,WE,FR.",
                           "The rule cannot be read. An example: FREQ=WEEKLY;BYDAY=MO,WE,FR."},
    [RECURRENCE_PART] = {"Quy tắc lặp có thành phần không được hỗ trợ. Hãy bỏ thành phần đó.",
                         "The rule has a part that is not supported. Leave it out."},
    [RECURRENCE_FREQ] = {"Chỉ lặp theo ngày, tuần, tháng hoặc năm (FREQ=DAILY, WEEKLY, MONTHLY, "
                         "YEARLY).",
                         "A rule repeats by day, week, month or year (FREQ=DAILY, WEEKLY, MONTHLY, "
                         "YEARLY)."},
    [RECURRENCE_INTERVAL] = {"Khoảng lặp (INTERVAL) phải từ 1 đến 366.",
                             "INTERVAL must be from 1 to 366."},
    [RECURRENCE_COUNT] = {"Số lần (COUNT) phải từ 1 đến 4.000 và không đi cùng UNTIL.",
                          "COUNT must be from 1 to 4,000, and not stand beside UNTIL."},
    [RECURRENCE_UNTIL] = {"Ngày kết thúc (UNTIL) không có thật. Hãy sửa lại ngày.",
                          "UNTIL is not a date that exists. Correct the day."},
    [RECURRENCE_VALUE] = {"Quy tắc lặp có số hoặc thứ ngoài phạm vi cho phép. Hãy sửa lại.",
                          "A number or weekday in the rule is out of range. Correct it."},
    [RECURRENCE_DENSE] = {"Quy tắc lặp phát quá 24 lần một ngày. Hãy giảm số giờ.",
                          "The rule starts more than 24 times a day. Take fewer times."},
    [RECURRENCE_NEVER] =
        {"Quy tắc này không có lần phát nào: ngày không có thật hoặc ngày kết thúc "
         "ở trước lần phát đầu. Hãy sửa lại.",
         "This rule never happens: the day does not exist, or it ends before its "
         "first start. Correct it."},
};

typedef struct Part {
    const char *name;
    int least, most; /* of each number in the list */
    bool negative;   /* -most..-least too */
    RecurrenceFault fault;
    unsigned longest; /* how many numbers */
} Part;

static const Part parts[] = {
    {"INTERVAL", 1, RECURRENCE_INTERVAL_MAX, false, RECURRENCE_INTERVAL, 1},
    {"COUNT", 1, RECURRENCE_COUNT_MAX, false, RECURRENCE_COUNT, 1},
    {"BYMONTH", 1, 12, false, RECURRENCE_VALUE, 12},
    {"BYMONTHDAY", 1, 31, true, RECURRENCE_VALUE, 62},
    {"BYYEARDAY", 1, 366, true, RECURRENCE_VALUE, 62},
    {"BYWEEKNO", 1, 53, true, RECURRENCE_VALUE, 53},
    {"BYSETPOS", 1, 366, true, RECURRENCE_VALUE, 62},
    {"BYHOUR", 0, 23, false, RECURRENCE_VALUE, 24},
    {"BYMINUTE", 0, 59, false, RECURRENCE_VALUE, 60},
};
static const char *const weekdays[] = {"MO", "TU", "WE", "TH", "FR", "SA", "SU", NULL};
static const char *const frequencies[] = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY", NULL};

static bool read_number(const char *text, int *ret_number)
{
    const char *digits = text + (*text == '-' || *text == '+');
    size_t length = strspn(digits, "0123456789");
    if (length == 0 || length > 4 || digits[length])
        return false;
    *ret_number = atoi(text);
    return true;
}

static bool number_fits(const Part *part, const char *text)
{
    int number;
    if (!read_number(text, &number))
        return false;
    if (part->negative && number < 0)
        number = -number;
    return number >= part->least && number <= part->most;
}

static RecurrenceFault check_numbers(const Part *part, const char *value)
{
    g_auto(GStrv) list = g_strsplit(value, ",", -1);
    unsigned length = g_strv_length(list);
    if (length == 0 || length > part->longest)
        return part->fault;
    for (unsigned i = 0; i < length; i++)
        if (!number_fits(part, list[i]))
            return part->fault;
    return RECURRENCE_FINE;
}

/* "MO", "1MO", "-1FR" */
static bool weekday_fits(const char *text)
{
    size_t length = strlen(text);
    if (length < 2 || !g_strv_contains(weekdays, text + length - 2))
        return false;
    g_autofree char *number = g_strndup(text, length - 2);
    static const Part ordinal = {"BYDAY", 1, 53, true, RECURRENCE_VALUE, 1};
    return !*number || number_fits(&ordinal, number);
}

static RecurrenceFault check_weekdays(const char *value)
{
    g_auto(GStrv) list = g_strsplit(value, ",", -1);
    unsigned length = g_strv_length(list);
    if (length == 0 || length > 7 * 10)
        return RECURRENCE_VALUE;
    for (unsigned i = 0; i < length; i++)
        if (!weekday_fits(list[i]))
            return RECURRENCE_VALUE;
    return RECURRENCE_FINE;
}

/* 20261231, 20261231T235959 or 20261231T165959Z */
static bool until_exists(const char *value)
{
    unsigned year, month, day, hour = 0, minute = 0, second = 0;
    size_t length = strlen(value);
    bool digits = strspn(value, "0123456789") == 8;
    if (!digits || sscanf(value, "%4u%2u%2u", &year, &month, &day) != 3)
        return false;
    if (length > 8 && (value[8] != 'T' || strspn(value + 9, "0123456789") != 6 ||
                       sscanf(value + 9, "%2u%2u%2u", &hour, &minute, &second) != 3))
        return false;
    bool shaped = length == 8 || length == 15 || (length == 16 && value[15] == 'Z');
    return shaped && year >= 1970 && month >= 1 && month <= 12 &&
           g_date_valid_dmy((GDateDay)day, (GDateMonth)month, (GDateYear)year) && hour < 24 &&
           minute < 60 && second < 60;
}

static RecurrenceFault check_part(const char *name, const char *value)
{
    if (g_str_equal(name, "FREQ"))
        return g_strv_contains(frequencies, value) ? RECURRENCE_FINE : RECURRENCE_FREQ;
    if (g_str_equal(name, "UNTIL"))
        return until_exists(value) ? RECURRENCE_FINE : RECURRENCE_UNTIL;
    if (g_str_equal(name, "BYDAY"))
        return check_weekdays(value);
    if (g_str_equal(name, "WKST"))
        return g_strv_contains(weekdays, value) ? RECURRENCE_FINE : RECURRENCE_VALUE;
    for (unsigned i = 0; i < G_N_ELEMENTS(parts); i++)
        if (g_str_equal(parts[i].name, name))
            return check_numbers(&parts[i], value);
    return RECURRENCE_PART;
}

static unsigned length_of(GHashTable *seen, const char *name)
{
    const char *value = g_hash_table_lookup(seen, name);
    unsigned length = 1;
    for (; value && *value; value++)
        length += *value == ',';
    return length;
}

static RecurrenceFault check_whole(GHashTable *seen, const char *rrule)
{
    if (!g_hash_table_contains(seen, "FREQ"))
        return RECURRENCE_FREQ;
    if (g_hash_table_contains(seen, "COUNT") && g_hash_table_contains(seen, "UNTIL"))
        return RECURRENCE_COUNT;
    if (length_of(seen, "BYHOUR") * length_of(seen, "BYMINUTE") > RECURRENCE_DAY_MAX)
        return RECURRENCE_DENSE;
    bool times = length_of(seen, "BYHOUR") * length_of(seen, "BYMINUTE") > 1;
    if (times && g_hash_table_contains(seen, "BYSETPOS"))
        return RECURRENCE_PART; /* libical picks among days, not among their hours */
    return recurrence_rule_readable(rrule) ? RECURRENCE_FINE : RECURRENCE_SYNTAX;
}

static RecurrenceFault check_one(GHashTable *seen, char *text)
{
    char *equals = strchr(text, '=');
    if (!equals || equals == text || !equals[1])
        return RECURRENCE_SYNTAX;
    *equals = '\0';
    RecurrenceFault fault = check_part(text, equals + 1);
    if (fault)
        return fault;
    return g_hash_table_insert(seen, text, equals + 1) ? RECURRENCE_FINE : RECURRENCE_SYNTAX;
}

RecurrenceFault recurrence_check_text(const char *rrule, char **ret_part)
{
    if (strlen(rrule) > RECURRENCE_TEXT_MAX)
        return RECURRENCE_TOO_LONG;
    g_auto(GStrv) texts = g_strsplit(rrule, ";", -1);
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (unsigned i = 0; texts[i]; i++) {
        RecurrenceFault fault = check_one(seen, texts[i]);
        if (fault && ret_part)
            *ret_part = g_strdup(texts[i]);
        if (fault)
            return fault;
    }
    return check_whole(seen, rrule);
}

bool recurrence_check_ends(const char *rrule)
{
    return strstr(rrule, "COUNT=") || strstr(rrule, "UNTIL=");
}

RecurrenceFault recurrence_check_rule(Recurrence *rule)
{
    Recurrence bare = *rule;
    bare.rdates = NULL;
    int64_t first_us;
    if (rule->rrule && !recurrence_rule_happens(rule))
        return RECURRENCE_NEVER;
    if (!recurrence_next(&bare, rule->start_us, &first_us))
        return RECURRENCE_NEVER;
    rule->start_us = first_us;
    return RECURRENCE_FINE;
}
