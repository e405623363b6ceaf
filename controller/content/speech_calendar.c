/* Dates, times of day, months, weekdays. Days up to the tenth are read with "mùng": without it,
 * "ngày năm tháng ..." is taken for a year on a loudspeaker. A day and month without a year and
 * without a word in front may as well be a fraction or a house number; usual fractions and what can
 * be no date are told apart. */
#include "content/speech_number.h"
#include "content/speech_rule.h"

#include <stdlib.h>
#include <string.h>

#define DAY   "([0-9]{1,2})"
#define MONTH "([0-9]{1,2})"
#define YEAR  "((?:1[89]|20|21)[0-9]{2})"
/* Words after which a day and a month are a date. */
#define LEAD                                                                                                           \
    "(?i)(ngày|mùng|mồng|sáng|trưa|chiều|tối|đêm|khuya|hôm|nay|mai|từ|đến|tới|trước|sau|hết|" \
    "dịp|lễ|nghỉ|vào|bảy|nhật|khánh|niệm)(?-i)"
#define END "(?![\\p{L}\\p{N}/]|[.,-][0-9])"
/* A score, a latitude or a force of wind that falls is no date, nor is a falling amount. */
#define NO_SCORE "(?<!tuyến |vĩ độ |kinh độ |cấp |thắng |thua |hòa |tỷ số |tỉ số )"
#define NO_AMOUNT                                                                                                 \
    "(?!\\s?(?:[%°º]|(?:độ|giờ|phút|tuổi|người|hộ|điểm|mm|cm|m|km|m2|m3|kg|tấn|tạ|ha|lít|" \
    "triệu|nghìn|đồng)" SPEECH_AFTER "))"
/* "ngày 3 lần" counts; it is no third of the month. */
#define NO_COUNT                                                                                   \
    "(?!\\s+(?:lần|lượt|viên|bữa|buổi|ca|giờ|tiếng|chuyến|gói|liều|suất|người)" SPEECH_AFTER ")"
#define TIME "[0-9]{1,2}(?:\\s?(?:h|H|g|giờ)\\s?(?:[0-5][0-9])?(?:\\s?(?:phút|'|’|p))?|:[0-5][0-9])"

static bool is_day(unsigned day, unsigned month)
{
    return day >= 1 && day <= 31 && month >= 1 && month <= 12;
}

static void say_small(GString *out, unsigned number)
{
    g_autofree char *digits = g_strdup_printf("%u", number);
    speech_number_say(out, digits);
}

static void say_day(GString *out, unsigned day)
{
    if (day <= 10)
        g_string_append(out, "mùng ");
    say_small(out, day);
}

static void say_month(GString *out, unsigned month)
{
    g_string_append(out, " tháng ");
    speech_number_say_month(out, month);
}

static void say_year(GString *out, unsigned year)
{
    if (year == 0)
        return;
    g_string_append(out, " năm ");
    say_small(out, year);
}

/* The word in front, and "ngày" where it does not say so itself. */
static void say_lead(GString *out, const char *lead, unsigned day)
{
    g_autofree char *small = g_utf8_strdown(lead, -1);
    const bool mung = strcmp(small, "mùng") == 0 || strcmp(small, "mồng") == 0;
    if (lead[0] != '\0' && !mung)
        g_string_append_printf(out, "%s ", lead);
    if (mung && day > 10)
        g_string_append_printf(out, "%s ", lead);
    if (!mung && strcmp(small, "ngày") != 0)
        g_string_append(out, "ngày ");
}

static bool say_date(const GMatchInfo *match, GString *out)
{
    g_autofree char *lead = speech_rule_group(match, 1);
    const unsigned day = speech_rule_number(match, 2), month = speech_rule_number(match, 3);
    if (!is_day(day, month))
        return false;
    say_lead(out, lead, day);
    say_day(out, day);
    say_month(out, month);
    say_year(out, speech_rule_number(match, 4));
    return true;
}

/* Two days of one month: 5-7/11, từ 5 đến 7/11. */
static bool say_days(const GMatchInfo *match, GString *out)
{
    g_autofree char *lead = speech_rule_group(match, 1);
    const unsigned first = speech_rule_number(match, 2), last = speech_rule_number(match, 3);
    const unsigned month = speech_rule_number(match, 4);
    if (!is_day(first, month) || !is_day(last, month) || first >= last)
        return false;
    say_lead(out, lead, first);
    say_day(out, first);
    g_string_append(out, " đến ngày ");
    say_day(out, last);
    say_month(out, month);
    say_year(out, speech_rule_number(match, 5));
    return true;
}

static bool is_usual_fraction(unsigned part, unsigned whole)
{
    static const unsigned char usual[][2] = {{1, 2}, {1, 3}, {2, 3}, {1, 4}, {3, 4},
                                             {2, 5}, {3, 5}, {4, 5}, {1, 10}};
    for (size_t i = 0; i < G_N_ELEMENTS(usual); i++)
        if (usual[i][0] == part && usual[i][1] == whole)
            return true;
    return false;
}

static void say_parts(GString *out, unsigned first, const char *word, unsigned second)
{
    say_small(out, first);
    g_string_append(out, word);
    say_small(out, second);
}

/* Two numbers and a slash, with nothing said before them. */
static bool say_slash(const GMatchInfo *match, GString *out)
{
    const unsigned first = speech_rule_number(match, 1), second = speech_rule_number(match, 2);
    if (is_usual_fraction(first, second)) {
        say_parts(out, first, " phần ", second);
        return true;
    }
    if (!is_day(first, second)) {
        say_parts(out, first, " trên ", second);
        return true;
    }
    g_string_append(out, "ngày ");
    say_day(out, first);
    say_month(out, second);
    return true;
}

/* A house, or so many of so many. */
static bool say_over(const GMatchInfo *match, GString *out)
{
    g_autofree char *lead = speech_rule_group(match, 1);
    g_autofree char *rest = speech_rule_group(match, 4);
    g_string_append_printf(out, "%s ", lead);
    say_parts(out, speech_rule_number(match, 2), " trên ", speech_rule_number(match, 3));
    if (rest[0] != '\0') {
        g_string_append(out, " trên ");
        speech_number_say(out, rest + 1);
    }
    return true;
}

/* "ngày 5 tháng 11 năm 2026" in words already. */
static bool say_worded_date(const GMatchInfo *match, GString *out)
{
    g_autofree char *lead = speech_rule_group(match, 1);
    const unsigned day = speech_rule_number(match, 2), month = speech_rule_number(match, 3);
    if (!is_day(day, month))
        return false;
    say_lead(out, lead, day);
    say_day(out, day);
    say_month(out, month);
    return true;
}

/* "ngày 5" alone. */
static bool say_worded_day(const GMatchInfo *match, GString *out)
{
    g_autofree char *lead = speech_rule_group(match, 1);
    const unsigned day = speech_rule_number(match, 2);
    if (day < 1 || day > 31)
        return false;
    say_lead(out, lead, day);
    say_day(out, day);
    return true;
}

static bool say_month_of_year(const GMatchInfo *match, GString *out)
{
    const unsigned month = speech_rule_number(match, 1);
    if (month < 1 || month > 12)
        return false;
    g_string_append(out, "tháng ");
    speech_number_say_month(out, month);
    say_year(out, speech_rule_number(match, 2));
    return true;
}

static bool say_named_month(const GMatchInfo *match, GString *out)
{
    g_autofree char *word = speech_rule_group(match, 1);
    const unsigned month = speech_rule_number(match, 2);
    if (month < 1 || month > 12)
        return false;
    g_string_append_printf(out, "%s ", word);
    speech_number_say_month(out, month);
    return true;
}

static bool say_ordinal(const GMatchInfo *match, GString *out)
{
    g_autofree char *word = speech_rule_group(match, 1);
    g_string_append_printf(out, "%s ", word);
    speech_number_say_ordinal(out, speech_rule_number(match, 2));
    return true;
}

/* T2, T7: days of the week; T11: a month. */
static bool say_short_day(const GMatchInfo *match, GString *out)
{
    const unsigned number = speech_rule_number(match, 1);
    g_string_append(out, number >= 2 && number <= 7 ? "thứ " : "tháng ");
    speech_number_say_month(out, number);
    return true;
}

static bool say_quarter(const GMatchInfo *match, GString *out)
{
    g_string_append(out, "quý ");
    speech_number_say_month(out, speech_rule_number(match, 1));
    say_year(out, speech_rule_number(match, 2));
    return true;
}

/* A street that has its name of a day: đường 30/4, đường 3/2. */
static bool say_street(const GMatchInfo *match, GString *out)
{
    g_autofree char *lead = speech_rule_group(match, 1);
    const unsigned day = speech_rule_number(match, 2), month = speech_rule_number(match, 3);
    if (!is_day(day, month))
        return false;
    g_string_append_printf(out, "%s ", lead);
    say_small(out, day);
    say_month(out, month);
    return true;
}

/* đợt 1/2027, quý 4/2026 */
static bool say_turn_of_year(const GMatchInfo *match, GString *out)
{
    g_autofree char *lead = speech_rule_group(match, 1);
    const unsigned number = speech_rule_number(match, 2);
    g_string_append_printf(out, "%s ", lead);
    if (strcmp(lead, "quý") == 0 || strcmp(lead, "Quý") == 0)
        speech_number_say_month(out, number);
    else
        say_small(out, number);
    say_year(out, speech_rule_number(match, 3));
    return true;
}

static bool say_weekdays(const GMatchInfo *match, GString *out)
{
    g_autofree char *lead = speech_rule_group(match, 1);
    g_string_append_printf(out, "%s ", lead);
    speech_number_say_month(out, speech_rule_number(match, 2));
    g_string_append(out, " đến thứ ");
    speech_number_say_month(out, speech_rule_number(match, 3));
    return true;
}

/* mm/24h */
static bool say_within(const GMatchInfo *match, GString *out)
{
    (void)match;
    g_string_append(out, " trong ");
    return true;
}

static bool say_to(const GMatchInfo *match, GString *out)
{
    g_autofree char *first = speech_rule_group(match, 1);
    g_string_append_printf(out, "%s đến ", first);
    return true;
}

static bool say_time(const GMatchInfo *match, GString *out)
{
    g_autofree char *minutes = speech_rule_group(match, 2);
    g_autofree char *seconds = speech_rule_group(match, 3);
    if (speech_rule_number(match, 1) > 24)
        return false;
    say_small(out, speech_rule_number(match, 1));
    g_string_append(out, " giờ");
    if (speech_rule_number(match, 2) > 0) {
        g_string_append_c(out, ' ');
        speech_number_say(out, minutes);
        g_string_append(out, " phút");
    }
    if (seconds[0] != '\0') {
        g_string_append_c(out, ' ');
        speech_number_say(out, seconds);
        g_string_append(out, " giây");
    }
    return true;
}

static bool say_hours(const GMatchInfo *match, GString *out)
{
    g_autofree char *rest = speech_rule_group(match, 3);
    say_parts(out, speech_rule_number(match, 1), " đến ", speech_rule_number(match, 2));
    g_string_append(out, " giờ");
    if (atoi(rest) > 0) {
        g_string_append_c(out, ' ');
        speech_number_say(out, rest);
        g_string_append(out, " phút");
    }
    return true;
}

static bool say_minutes(const GMatchInfo *match, GString *out)
{
    say_small(out, speech_rule_number(match, 1));
    g_string_append(out, " phút");
    return true;
}

const SpeechRule speech_calendar_rules[] = {
    {"(?<=\\p{L})\\s?/\\s?(?=[0-9]{1,3}\\s?(?:h|giờ|phút|ngày)" SPEECH_AFTER ")", say_within},
    {SPEECH_BEFORE "((?i:đường|phố|cầu|chợ|quảng trường|trường))\\s+" DAY "/" MONTH END,
     say_street},
    {SPEECH_BEFORE "((?i:đợt|kỳ|quý|vụ|lần|số))\\s+([0-9]{1,2})/" YEAR END, say_turn_of_year},
    {SPEECH_BEFORE "(thứ)\\s+([2-7])" SPEECH_DASH "([2-7])" END, say_weekdays},
    {SPEECH_BEFORE "Q([1-4])/" YEAR END, say_quarter},
    {SPEECH_BEFORE "((?i:thứ)\\s+(?:[2-7]|(?i:hai|ba|tư|năm|sáu|bảy))|T[2-7])" SPEECH_DASH
                   "(?=(?i:thứ|chủ)\\s|T[2-7]" END "|CN" END ")",
     say_to},
    {SPEECH_BEFORE "T(1[0-2]|[1-9])" END, say_short_day},
    {SPEECH_BEFORE "(" DAY "[/]" MONTH "(?:/" YEAR ")?)" SPEECH_DASH "(?=[0-9]{1,2}/[0-9]{1,2})",
     say_to},
    {SPEECH_BEFORE "(?:" LEAD "\\s+)?" DAY SPEECH_DASH DAY "/" MONTH "(?:/" YEAR ")?" END,
     say_days},
    {SPEECH_BEFORE "(?i)(ngày|từ)(?-i)\\s+" DAY "\\s+(?:đến|tới)\\s+(?:ngày\\s+)?" DAY "/" MONTH
                   "(?:/" YEAR ")?" END,
     say_days},
    {SPEECH_BEFORE "(?:" LEAD "\\s+)?" DAY "\\s?/\\s?" MONTH "\\s?/\\s?" YEAR END, say_date},
    {SPEECH_BEFORE "(?:" LEAD "\\s+)?" DAY "-" MONTH "-" YEAR END, say_date},
    {SPEECH_BEFORE "(?:" LEAD "\\s+)?" DAY "\\." MONTH "\\." YEAR END, say_date},
    {SPEECH_BEFORE LEAD "\\s+" DAY "/" MONTH END, say_date},
    {SPEECH_BEFORE "(?i)(ngày|mùng|mồng|sáng|trưa|chiều|tối|đêm)(?-i)\\s+" DAY "[-.]" MONTH END,
     say_date},
    {SPEECH_BEFORE NO_SCORE "()(1[3-9]|2[0-9]|3[01])-(1[0-2]|0?[1-9])" END NO_AMOUNT, say_date},
    {SPEECH_BEFORE "(?i)(số|số nhà|nhà|lớp|ngõ|ngách|hẻm|kiệt|được|có|còn)(?-i)\\s+([0-9]{1,4})/"
                   "([0-9]{1,4})(/[0-9]{1,4})?" END,
     say_over},
    {SPEECH_BEFORE "([0-9]{1,3})/([0-9]{1,3})" END, say_slash},
    {SPEECH_BEFORE "(?i)(ngày|mùng|mồng)(?-i)\\s+" DAY "\\s+tháng\\s+" MONTH SPEECH_AFTER,
     say_worded_date},
    {SPEECH_BEFORE "(?i)(?:tháng\\s+|T)?(?-i)" MONTH "\\s?[/-]\\s?" YEAR END, say_month_of_year},
    {SPEECH_BEFORE "(?i)(tháng|quý)(?-i)\\s+" MONTH "(?![\\p{L}\\p{N}/]|[.,][0-9])" NO_COUNT,
     say_named_month},
    {SPEECH_BEFORE "(?i)(ngày|mùng|mồng)(?-i)\\s+" DAY "(?![\\p{L}\\p{N}/%]|[.,:-][0-9])" NO_COUNT,
     say_worded_day},
    {SPEECH_BEFORE "(?i)(thứ|khóa thứ|khoá thứ)(?-i)\\s+([0-9]{1,2})" END, say_ordinal},
    {SPEECH_BEFORE "(" TIME ")" SPEECH_DASH "(?=" TIME ")", say_to},
    {SPEECH_BEFORE "([0-9]{1,2})" SPEECH_DASH
                   "([0-9]{1,2})\\s?(?:h|H|giờ)([0-5][0-9])?" SPEECH_AFTER,
     say_hours},
    {SPEECH_BEFORE
     "([0-9]{1,2})\\s?(?:h|H|g|giờ)\\s?([0-5][0-9])\\s?(?:phút|ph|p|'|’)?" SPEECH_AFTER "()",
     say_time},
    {SPEECH_BEFORE "([0-9]{1,2}):([0-5][0-9])(?::([0-5][0-9]))?" SPEECH_AFTER, say_time},
    {SPEECH_BEFORE "([0-9]{1,2})\\s?[hH]" SPEECH_AFTER "()()", say_time},
    {SPEECH_BEFORE "([0-9]{1,3})(?:\\s?(?:'|’|ph|p))(?![\\p{L}\\p{N}'])", say_minutes},
};
const size_t speech_calendar_rules_count = G_N_ELEMENTS(speech_calendar_rules);
