/* Amounts: money, units, ranges, plain numbers, and the signs around them. {UNIT} stands for every
 * unit of the table of words, longest first. Runs after the dates, so a number that is still there
 * is an amount. The last rule leaves no digit unread. */
#include "content/speech_number.h"
#include "content/speech_rule.h"
#include "content/speech_words.h"

#include <string.h>

#define NUMBER "(" SPEECH_NUMBER ")"
#define NEXT   "([0-9]+(?:[.,][0-9]+)*)"
#define UNIT   "({UNIT})"
#define END    "(?![\\p{L}\\p{N}])"

static void say_unit(GString *out, const char *unit)
{
    const char *spoken = speech_words_unit(unit);
    g_string_append_c(out, ' ');
    g_string_append(out, spoken != NULL ? spoken : unit);
}

static bool is_money(const char *unit)
{
    const char *spoken = speech_words_unit(unit);
    static const char *const ends[] = {"đồng", "nghìn", "ngàn", "triệu", "tỷ"};
    for (size_t i = 0; spoken != NULL && i < G_N_ELEMENTS(ends); i++)
        if (g_str_has_suffix(spoken, ends[i]))
            return true;
    return false;
}

/* 50.000đ/người, 20 kg/ha, 12kg/m2: "một" after money and for a field, "trên" otherwise. */
static bool say_amount(const GMatchInfo *match, GString *out)
{
    g_autofree char *number = speech_rule_group(match, 1), *unit = speech_rule_group(match, 2);
    g_autofree char *per = speech_rule_group(match, 3);
    if (g_regex_match_simple("^[0-9]+\\.[0-9]{1,2}$", number, 0, 0))
        g_strdelimit(number, ".", ','); /* 1.5 tỷ: what has a unit is no version */
    speech_number_say_written(out, number);
    say_unit(out, unit);
    if (per[0] == '\0')
        return true;
    const bool word = speech_words_unit(per) == NULL;
    const bool field = strcmp(per, "ha") == 0;
    g_string_append(out, is_money(unit) || word || field ? " một" : " trên");
    say_unit(out, per);
    return true;
}

/* "... đồng/kg", "2 lần/tháng" */
static bool say_per(const GMatchInfo *match, GString *out)
{
    g_autofree char *what = speech_rule_group(match, 1), *per = speech_rule_group(match, 2);
    g_string_append_printf(out, "%s một", what);
    say_unit(out, per);
    return true;
}

static bool say_range(const GMatchInfo *match, GString *out)
{
    g_autofree char *number = speech_rule_group(match, 1), *unit = speech_rule_group(match, 2);
    speech_number_say_written(out, number);
    if (unit[0] != '\0')
        say_unit(out, unit);
    g_string_append(out, " đến ");
    return true;
}

static bool say_score(const GMatchInfo *match, GString *out)
{
    g_autofree char *lead = speech_rule_group(match, 1);
    g_autofree char *first = speech_rule_group(match, 2), *second = speech_rule_group(match, 3);
    g_string_append_printf(out, "%s ", lead);
    speech_number_say(out, first);
    g_string_append_c(out, ' ');
    speech_number_say(out, second);
    return true;
}

static bool say_dollars(const GMatchInfo *match, GString *out)
{
    g_autofree char *number = speech_rule_group(match, 1);
    speech_number_say_written(out, number);
    g_string_append(out, " đô la");
    return true;
}

static bool say_minus(const GMatchInfo *match, GString *out)
{
    (void)match;
    g_string_append(out, "âm ");
    return true;
}

/* 5 ca mắc/ngày, 400 kg N/ha: the number is read later. */
static bool say_rate(const GMatchInfo *match, GString *out)
{
    g_autofree char *what = speech_rule_group(match, 1), *per = speech_rule_group(match, 2);
    g_string_append_printf(out, "%s một", what);
    say_unit(out, per);
    return true;
}

/* 5 nghìn m3 */
static bool say_worded_unit(const GMatchInfo *match, GString *out)
{
    g_autofree char *lead = speech_rule_group(match, 1), *unit = speech_rule_group(match, 2);
    g_string_append(out, lead);
    say_unit(out, unit);
    return true;
}

/* cao 1m6, sâu 1m2: no square metres there. */
static bool say_tenths(const GMatchInfo *match, GString *out)
{
    g_autofree char *lead = speech_rule_group(match, 1);
    g_autofree char *metres = speech_rule_group(match, 2), *rest = speech_rule_group(match, 3);
    g_string_append_printf(out, "%s ", lead);
    speech_number_say(out, metres);
    g_string_append(out, " mét ");
    speech_number_say(out, rest);
    return true;
}

/* 1tr2, 1tr250 */
static bool say_millions(const GMatchInfo *match, GString *out)
{
    g_autofree char *millions = speech_rule_group(match, 1), *rest = speech_rule_group(match, 2);
    speech_number_say(out, millions);
    g_string_append(out, " triệu ");
    speech_number_say(out, rest);
    if (strlen(rest) == 3)
        g_string_append(out, " nghìn");
    return true;
}

/* 1m65 */
static bool say_height(const GMatchInfo *match, GString *out)
{
    g_autofree char *metres = speech_rule_group(match, 1), *rest = speech_rule_group(match, 2);
    speech_number_say(out, metres);
    g_string_append(out, " mét ");
    speech_number_say(out, rest);
    return true;
}

static bool say_times(const GMatchInfo *match, GString *out)
{
    g_autofree char *number = speech_rule_group(match, 1);
    speech_number_say_written(out, number);
    g_string_append(out, " nhân ");
    return true;
}

/* 1 000 000 */
static bool say_spaced(const GMatchInfo *match, GString *out)
{
    g_autofree char *text = speech_rule_group(match, 0);
    g_auto(GStrv) groups = g_regex_split_simple("[\\s\\x{a0}]", text, 0, 0);
    g_autofree char *digits = g_strjoinv(NULL, groups);
    speech_number_say(out, digits);
    return true;
}

/* Seven digits and more without any mark are a code, unless they are round. */
static bool say_number(const GMatchInfo *match, GString *out)
{
    g_autofree char *number = speech_rule_group(match, 1);
    if (strlen(number) >= 7 && strpbrk(number, ".,") == NULL && !g_str_has_suffix(number, "000"))
        speech_number_say_digits(out, number);
    else
        speech_number_say_written(out, number);
    return true;
}

static bool say_sign(const GMatchInfo *match, GString *out)
{
    static const struct {
        const char *sign, *spoken;
    } signs[] = {
        {"&", " và "},          {"+", " cộng "},       {"=", " bằng "},
        {"×", " nhân "},        {"≥", " từ "},         {"≤", " đến "},
        {">", " trên "},        {"<", " dưới "},       {"~", " khoảng "},
        {"≈", " khoảng "},      {"±", " cộng trừ "},   {"%", " phần trăm "},
        {"°", " độ "},          {"º", " độ "},         {"@", " a còng "},
        {"$", " đô la "},       {"²", " vuông "},      {"³", " khối "},
        {"→", " đến "},         {"№", " số "},         {"½", " một phần hai "},
        {"¼", " một phần tư "}, {"¾", " ba phần tư "},
    };
    g_autofree char *sign = speech_rule_group(match, 1);
    for (size_t i = 0; i < G_N_ELEMENTS(signs); i++)
        if (strcmp(signs[i].sign, sign) == 0)
            g_string_append(out, signs[i].spoken);
    return true;
}

static bool say_pause(const GMatchInfo *match, GString *out)
{
    (void)match;
    g_string_append(out, ", ");
    return true;
}

static bool say_nothing(const GMatchInfo *match, GString *out)
{
    (void)match;
    g_string_append(out, "");
    return true;
}

static bool say_leftover(const GMatchInfo *match, GString *out)
{
    g_autofree char *digits = speech_rule_group(match, 0);
    g_string_append_c(out, ' ');
    speech_number_say_written(out, digits);
    g_string_append_c(out, ' ');
    return true;
}

const SpeechRule speech_measure_rules[] = {
    {"(?m)^[ \\t]*[-–—•*+][ \\t]+", say_nothing},
    {"([0-9]\\s+(?:\\p{L}+ "
     "){0,3}\\p{L}+)\\s?/\\s?(ha|ngày|tuần|tháng|quý|năm|vụ|lần|hộ|người|khẩu|giờ)" END,
     say_rate},
    {"\\$\\s?" NEXT END, say_dollars},
    {"(?<![\\p{L}\\p{N}])(?<![0-9]\\s)[-−](?=[0-9]+(?:[.,][0-9]+)?\\s?(?:°|º|độ|oC))", say_minus},
    {SPEECH_BEFORE "[0-9]{1,3}(?:[ \\x{a0}][0-9]{3}){2,}(?![\\p{L}\\p{N}]|[ .,][0-9])", say_spaced},
    {SPEECH_BEFORE "(?i)(tỷ số|tỉ số|thắng|thua|hòa|hoà)(?-i)\\s+([0-9]{1,2})" SPEECH_DASH
                   "([0-9]{1,2})" END,
     say_score},
    {NUMBER "\\s?(?:[x×])\\s?(?=[0-9])", say_times},
    {NUMBER "\\s?" UNIT "?" SPEECH_DASH "(?=[0-9])", say_range},
    {SPEECH_BEFORE "((?i)cao|sâu|dài|rộng|ngập|dày)(?-i)\\s+([0-9]{1,2})m([0-9])" END, say_tenths},
    {SPEECH_BEFORE "([0-9]{1,3})m([0-9]{2})" END, say_height},
    {SPEECH_BEFORE "([0-9]{1,3})tr([0-9]|[0-9]{3})" END, say_millions},
    {NUMBER "\\s?" UNIT END "(?:\\s?/\\s?({UNIT}|\\p{Ll}+)" END ")?", say_amount},
    {"(nghìn|ngàn|vạn|triệu|mỗi)\\s(km2|km²|m2|m²|m3/s|m³/s|m3|m³|km|kg|ha|kWh)" END,
     say_worded_unit},
    {NUMBER END, say_number},
    {"((?<=[\\p{L}] )(?:đồng|nghìn|triệu|tỷ|lần|lượt|người|ca|hộ|suất|con|cây|buổi|lít|tạ|tấn|"
     "giờ|phút|ngày(?!/tháng)|chuyến|bao|liều|viên|cái|kỳ|tháng(?!/"
     "năm)|sào|mẫu|héc-ta|khẩu|vụ))\\s?/\\s?({UNIT}|\\p{Ll}+)" END,
     say_per},
    {"(?<=khoảng )[~≈]", say_nothing},
    {"(?<=\\p{L})-(?=\\p{Lu})", say_pause},
    {"([&+=×≥≤><~≈±%°º@$²³→№½¼¾])", say_sign},
    {"(?<=[\\p{L}\\p{N}])\\s?/\\s?(?=[\\p{L}\\p{N}])", say_pause},
    {"(?<=\\S)[ \\t]+[-–—][ \\t]+", say_pause},
    {"[0-9]+", say_leftover},
};
const size_t speech_measure_rules_count = G_N_ELEMENTS(speech_measure_rules);
