/* What is read piece by piece: addresses of the net, telephone numbers, number plates, numbers of
 * official papers, Roman numerals behind the words that announce them. */
#include "content/speech_number.h"
#include "content/speech_rule.h"
#include "content/speech_words.h"

#include <string.h>

#define ROMAN_WORDS                                                                                                           \
    "(?i)(thế kỷ|thế kỉ|quý|khóa|khoá|lần thứ|thứ|chương|mục|phần|cấp|kỳ|kì|loại|hạng|nhóm|" \
    "đại hội|báo động|cấp độ|khu vực|vùng|quân khu|giai đoạn|bậc|đợt|tập|điều|phụ "          \
    "lục|mức|tuyến|tầng|cụm|thôn|xóm|ấp|khóm|đội)(?-i)"

/* Letters stay, marks are named, digits are read one by one. */
static bool say_address(const GMatchInfo *match, GString *out)
{
    static const struct {
        char mark;
        const char *spoken;
    } marks[] = {{'.', " chấm "},       {'@', " a còng "},    {'/', " gạch chéo "},
                 {'-', " gạch ngang "}, {'_', " gạch dưới "}, {':', " hai chấm "},
                 {'?', " hỏi chấm "},   {'=', " bằng "},      {'&', " và "},
                 {'#', " thăng "},      {'%', " phần trăm "}};
    g_autofree char *text = speech_rule_group(match, 0);
    g_autofree char *small = g_ascii_strdown(text, -1);
    g_auto(GStrv) pieces = g_regex_split_simple("([./@:?=&#%_-]|[0-9])", small, 0, 0);
    for (char **piece = pieces; *piece != NULL; piece++) {
        size_t mark = 0;
        while (mark < G_N_ELEMENTS(marks) && ((*piece)[0] != marks[mark].mark || (*piece)[1] != 0))
            mark++;
        if (mark < G_N_ELEMENTS(marks)) {
            g_string_append(out, marks[mark].spoken);
        } else if (g_ascii_isdigit((*piece)[0])) {
            g_string_append_c(out, ' ');
            speech_number_say_digits(out, *piece);
            g_string_append_c(out, ' ');
        } else {
            speech_words_say_name(out, *piece);
        }
    }
    return true;
}

static void say_groups(GString *out, const char *digits, size_t length, const size_t *sizes)
{
    size_t at = 0;
    for (size_t i = 0; at < length; i++) {
        const size_t size = sizes[i] == 0 ? length - at : MIN(sizes[i], length - at);
        g_autofree char *group = g_strndup(digits + at, size);
        if (at > 0)
            g_string_append(out, ", ");
        speech_number_say_digits(out, group);
        at += size;
    }
}

static size_t count_digits(const char *text)
{
    size_t count = 0;
    for (const char *at = text; *at != '\0'; at++)
        count += g_ascii_isdigit(*at) ? 1 : 0;
    return count;
}

/* How a number without any gap is divided: 1900 and its like, mobiles, landlines, identity cards.
 */
static const size_t *usual_groups(const char *digits)
{
    static const size_t hotline[] = {4, 4, 0}, mobile[] = {4, 3, 3, 0}, landline[] = {3, 4, 4, 0},
                        identity[] = {3, 3, 3, 3, 0};
    if (digits[0] == '1')
        return hotline;
    const size_t length = strlen(digits);
    return length == 12 ? identity : length == 11 ? landline : mobile;
}

/* The groups as they were written, or the usual ones. */
static bool say_phone(const GMatchInfo *match, GString *out)
{
    g_autofree char *text = speech_rule_group(match, 0);
    const size_t digits_count = count_digits(text);
    if (digits_count < 8 || digits_count > 12 || (text[0] == '0' && digits_count == 8))
        return false; /* a date, perhaps */
    g_auto(GStrv) groups = g_strsplit_set(text, " .-()", -1);
    bool first = true;
    if (text[0] == '+')
        g_string_append(out, "cộng ");
    for (char **group = groups; *group != NULL; group++) {
        const char *digits = *group + ((*group)[0] == '+');
        if (digits[0] == '\0')
            continue;
        if (!first)
            g_string_append(out, ", ");
        first = false;
        if (strlen(digits) >= 8)
            say_groups(out, digits, strlen(digits), usual_groups(digits));
        else
            speech_number_say_digits(out, digits);
    }
    return true;
}

/* gọi 113, tổng đài 1022, mã 4 */
static bool say_short_number(const GMatchInfo *match, GString *out)
{
    g_autofree char *lead = speech_rule_group(match, 1), *digits = speech_rule_group(match, 2);
    g_string_append(out, lead);
    speech_number_say_digits(out, digits);
    return true;
}

static bool say_plate(const GMatchInfo *match, GString *out)
{
    g_autofree char *town = speech_rule_group(match, 1), *series = speech_rule_group(match, 2);
    g_autofree char *first = speech_rule_group(match, 3), *second = speech_rule_group(match, 4);
    speech_number_say_digits(out, town);
    g_string_append_c(out, ' ');
    speech_words_spell(out, series);
    g_string_append(out, ", ");
    speech_number_say_digits(out, first);
    if (second[0] != '\0') {
        g_string_append_c(out, ' ');
        speech_number_say_digits(out, second);
    }
    return true;
}

/* 100/2019/NĐ-CP, 749/QĐ-TTg: the number, the year, and then the paper's own abbreviation. */
static bool say_paper(const GMatchInfo *match, GString *out)
{
    g_autofree char *number = speech_rule_group(match, 1), *year = speech_rule_group(match, 2);
    speech_number_say(out, number);
    if (year[0] != '\0') {
        g_string_append(out, ", năm ");
        speech_number_say(out, year);
    }
    g_string_append(out, ", ");
    return true;
}

static bool say_roman(const GMatchInfo *match, GString *out)
{
    g_autofree char *word = speech_rule_group(match, 1), *roman = speech_rule_group(match, 2);
    g_autofree char *year = speech_rule_group(match, 3);
    g_autofree char *small = g_utf8_strdown(word, -1);
    const unsigned number = speech_number_from_roman(roman);
    if (number == 0)
        return false;
    g_string_append_printf(out, "%s ", word);
    if (g_str_has_suffix(small, "thứ"))
        speech_number_say_ordinal(out, number);
    else if (strcmp(small, "quý") == 0)
        speech_number_say_month(out, number);
    else {
        g_autofree char *digits = g_strdup_printf("%u", number);
        speech_number_say(out, digits);
    }
    if (year[0] != '\0')
        g_string_append_printf(out, " năm %s", year + 1);
    return true;
}

/* Whether a short word stands for a committee that orders (chỉ huy) or one that was elected (chấp
 * hành). */
static bool say_command(const GMatchInfo *match, GString *out)
{
    (void)match;
    g_string_append(out, "Ban Chỉ huy");
    return true;
}

/* km 12+300, Km12 */
static bool say_milestone(const GMatchInfo *match, GString *out)
{
    g_autofree char *km = speech_rule_group(match, 1), *metres = speech_rule_group(match, 2);
    g_string_append(out, "ki-lô-mét ");
    speech_number_say(out, km);
    if (metres[0] != '\0') {
        g_string_append(out, " cộng ");
        speech_number_say(out, metres);
    }
    return true;
}

static void say_level(GString *out, const char *level)
{
    g_autofree char *digits = g_strdup_printf("%u", speech_number_from_roman(level));
    speech_number_say(out, digits[0] == '0' ? level : digits);
}

/* BĐ2, BĐ III: the flood warning. */
static bool say_flood_level(const GMatchInfo *match, GString *out)
{
    g_autofree char *level = speech_rule_group(match, 1), *above = speech_rule_group(match, 2);
    g_string_append(out, "báo động ");
    say_level(out, level);
    g_string_append(out, above[0] != '\0' ? "," : ""); /* by so much above it */
    return true;
}

/* "II. NỘI DUNG" at the head of a line. */
static bool say_heading(const GMatchInfo *match, GString *out)
{
    g_autofree char *roman = speech_rule_group(match, 1);
    if (speech_number_from_roman(roman) == 0)
        return false;
    say_level(out, roman);
    g_string_append_c(out, '.');
    return true;
}

/* NPK 16-16-8 */
static bool say_fertiliser(const GMatchInfo *match, GString *out)
{
    g_autofree char *lead = speech_rule_group(match, 1);
    g_string_append(out, lead);
    for (int part = 2; part <= 4; part++) {
        g_autofree char *share = speech_rule_group(match, part);
        g_string_append(out, part > 2 ? ", " : "");
        speech_number_say(out, share);
    }
    return true;
}

static bool say_born(const GMatchInfo *match, GString *out)
{
    (void)match;
    g_string_append(out, "sinh năm ");
    return true;
}

/* Q7, P12 */
static bool say_district(const GMatchInfo *match, GString *out)
{
    g_autofree char *kind = speech_rule_group(match, 1);
    g_string_append(out, kind[0] == 'Q' ? "quận " : "phường ");
    return true;
}

static bool say_house(const GMatchInfo *match, GString *out)
{
    (void)match;
    g_string_append(out, "số nhà ");
    return true;
}

/* QL1A, ĐT.741: roads are read digit by digit from two digits on, and where a nought leads. */
static bool say_road(const GMatchInfo *match, GString *out)
{
    static const struct {
        const char *written, *spoken;
    } kinds[] = {{"QL", "quốc lộ"}, {"ĐT", "đường tỉnh"}, {"TL", "tỉnh lộ"}, {"ĐH", "đường huyện"}};
    g_autofree char *kind = speech_rule_group(match, 1), *digits = speech_rule_group(match, 2);
    g_autofree char *letter = speech_rule_group(match, 3), *text = speech_rule_group(match, 0);
    if (g_str_has_prefix(text, "đường ") && !g_str_has_prefix(kind, "Đ"))
        g_string_append(out, "đường "); /* else the kind says it */
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (strcmp(kind, kinds[i].written) == 0)
            g_string_append_printf(out, "%s ", kinds[i].spoken);
    if (strlen(digits) > 2 || digits[0] == '0')
        speech_number_say_digits(out, digits);
    else
        speech_number_say(out, digits);
    if (letter[0] != '\0') {
        g_string_append_c(out, ' ');
        speech_words_spell(out, letter);
    }
    return true;
}

const SpeechRule speech_code_rules[] = {
    {SPEECH_BEFORE "(?i)(?:https?://|www\\.)[a-z0-9][a-z0-9./_?=&#%:-]*[a-z0-9/]", say_address},
    {SPEECH_BEFORE "(?i)[a-z0-9][a-z0-9._-]*@[a-z0-9-]+(?:\\.[a-z0-9-]+)+", say_address},
    {SPEECH_BEFORE "(?i)[a-z0-9-]+(?:\\.[a-z0-9-]+)*\\.(?:gov\\.vn|com\\.vn|edu\\.vn|org\\.vn|vn|"
                   "com|org|net)" SPEECH_AFTER,
     say_address},
    {"(?<![\\p{L}\\p{N}+])(?<![0-9][.,])(?:\\+84|\\(0[0-9]{1,4}\\)|0[0-9]{1,4})(?:[ .][0-9](?=[ "
     ".]))?(?:[ .-]?[0-9]{2,4}){2,3}"
     "(?![\\p{L}\\p{N}/]|[.,-][0-9])",
     say_phone},
    {SPEECH_BEFORE "1[89]00(?:[ .-]?[0-9]{2,4}){1,2}(?![\\p{L}\\p{N}/]|[.,-][0-9])", say_phone},
    {SPEECH_BEFORE "((?i)(?:gọi|số điện thoại|điện thoại|gọi số|tổng đài|nóng|cấp cứu|cứu hỏa|cứu "
                   "hoả|máy lẻ|đầu số|gọi tới|gọi đến|số máy|gọi ngay|bấm)(?-i)(?: số)?:?\\s+)"
                   "([0-9]{3,6})" SPEECH_AFTER,
     say_short_number},
    {SPEECH_BEFORE "([0-9]{2})([A-ZĐ][A-Z0-9]?)\\s?-\\s?([0-9]{3})\\.?([0-9]{1,2})" SPEECH_AFTER,
     say_plate},
    {SPEECH_BEFORE "([0-9]{1,5})(?:/((?:19|20)[0-9]{2}))?[/-](?=[\\p{Lu}]{2})", say_paper},
    {SPEECH_BEFORE "BCH(?=\\s+(?:PCTT|PTDS|PCLB|PCCC|TKCN|(?i:quân sự|phòng|ứng phó|tìm kiếm)))",
     say_command},
    {SPEECH_BEFORE "(?i:km)\\s?([0-9]{1,4})\\s?\\+\\s?([0-9]{1,3})" SPEECH_AFTER, say_milestone},
    {SPEECH_BEFORE "(?<![0-9] )(?:km(?![23](?![0-9]))|Km|KM)\\s?([0-9]{1,4})()" SPEECH_AFTER,
     say_milestone},
    {SPEECH_BEFORE "(Q|P)(?=[0-9]{1,2}" SPEECH_AFTER "(?!/))", say_district},
    {SPEECH_BEFORE "BĐ\\s?([1-3]|I{1,3})" SPEECH_AFTER "(?:(?=\\s+([0-9]))|)", say_flood_level},
    {SPEECH_BEFORE "(NPK\\s+)([0-9]{1,2})-([0-9]{1,2})-([0-9]{1,2})" SPEECH_AFTER, say_fertiliser},
    {SPEECH_BEFORE "SN\\s?(?=(?:19|20)[0-9]{2}" SPEECH_AFTER ")", say_born},
    {SPEECH_BEFORE "SN\\s?(?=[0-9])", say_house},
    {"(?m)^[ \\t]*([IVX]{1,5})[./)](?=\\s)", say_heading},
    {SPEECH_BEFORE "(?:đường )?(QL|ĐT|TL|ĐH)[. ]?([0-9]{1,3})([A-Z])?" SPEECH_AFTER, say_road},
    {SPEECH_BEFORE ROMAN_WORDS "\\s+([IVX]+)(/(?:19|20)[0-9]{2})?" SPEECH_AFTER, say_roman},
};
const size_t speech_code_rules_count = G_N_ELEMENTS(speech_code_rules);
