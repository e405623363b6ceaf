/* The page of the panel's first screen in lines: who is there, what sounds, what comes, what became
 * of today, who needs a person, and whether the machine is looked after. */
#include "status_screen.h"

#include <stdlib.h>
#include <string.h>

#define LATE_S    (26 * 3600)
#define NAMES_MAX 10

typedef struct Screen {
    GString *text;
    GTimeZone *zone;
    bool vietnamese;
    bool needed;
} Screen;

static const char *say(const Screen *self, const char *vi, const char *en)
{
    return self->vietnamese ? vi : en;
}

static void line(Screen *self, const char *vi, const char *en, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

static void line(Screen *self, const char *vi, const char *en, const char *format, ...)
{
    const char *title = say(self, vi, en);
    glong width = g_utf8_strlen(title, -1);
    va_list values;
    g_string_append_printf(self->text, "%s%*s", title, (int)MAX(12 - width, 1), "");
    va_start(values, format);
    g_string_append_vprintf(self->text, format, values);
    va_end(values);
    g_string_append_c(self->text, '\n');
}

/* "14:30", with the day where it is not today's. */
static char *clock_of(const Screen *self, const Json *home, const char *text)
{
    const char *server = json_peek_text(home, "server_time");
    g_autoptr(GDateTime) then = text ? g_date_time_new_from_iso8601(text, NULL) : NULL;
    g_autoptr(GDateTime) now = server ? g_date_time_new_from_iso8601(server, NULL) : NULL;
    if (!then || !now)
        return g_strdup("?");
    g_autoptr(GDateTime) there = g_date_time_to_timezone(then, self->zone);
    g_autoptr(GDateTime) here = g_date_time_to_timezone(now, self->zone);
    bool today = g_date_time_get_day_of_year(there) == g_date_time_get_day_of_year(here);
    return g_date_time_format(there, today ? "%H:%M" : "%d/%m %H:%M");
}

static void add_stations(Screen *self, const Json *home)
{
    const Json *counts = json_peek(home, "counts");
    int64_t all = json_peek_int(counts, "stations", 0);
    int64_t online = json_peek_int(counts, "online", 0);
    line(self, "Trạm loa", "Stations",
         self->vietnamese ? "%" G_GINT64_FORMAT " đang hoạt động / %" G_GINT64_FORMAT
                          : "%" G_GINT64_FORMAT " online of %" G_GINT64_FORMAT,
         online, all);
}

static void add_now(Screen *self, const Json *home)
{
    const Json *now = json_peek(home, "now");
    if (json_length(now) == 0)
        line(self, "Đang phát", "Now", "%s", say(self, "không có gì", "nothing"));
    for (size_t i = 0; i < json_length(now); i++) {
        const Json *one = json_at(now, i);
        const Json *stations = json_peek(one, "stations");
        const char *title = json_peek_text(one, "title");
        line(self, i ? "" : "Đang phát", i ? "" : "Now",
             "%s (%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT ")", title ? title : "?",
             json_peek_int(stations, "playing", 0), json_peek_int(stations, "planned", 0));
    }
}

static void add_next(Screen *self, const Json *home)
{
    const Json *next = json_peek(home, "next");
    if (json_length(next) == 0)
        line(self, "Sắp phát", "Next", "%s", say(self, "không có gì", "nothing"));
    for (size_t i = 0; i < json_length(next); i++) {
        const Json *one = json_at(next, i);
        const char *title = json_peek_text(one, "title");
        g_autofree char *start = clock_of(self, home, json_peek_text(one, "start"));
        line(self, i ? "" : "Sắp phát", i ? "" : "Next",
             self->vietnamese ? "%s %s, %" G_GINT64_FORMAT "/%" G_GINT64_FORMAT " trạm sẵn sàng"
                              : "%s %s, %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " ready",
             start, title ? title : "?", json_peek_int(one, "ready", 0),
             json_peek_int(one, "stations", 0));
    }
}

static void add_today(Screen *self, const Json *home)
{
    static const struct {
        const char *word, *vi, *en;
    } outcomes[] = {
        {"played", "đã phát", "played"},         {"partial", "phát một phần", "partial"},
        {"missed", "không phát được", "missed"}, {"unknown", "chưa có tin", "no word yet"},
        {"cancelled", "đã hủy", "cancelled"},    {"upcoming", "sắp phát", "to come"}};
    const Json *strip = json_peek(home, "strip");
    g_autoptr(GString) text = g_string_new(NULL);
    for (unsigned k = 0; k < G_N_ELEMENTS(outcomes); k++) {
        int64_t sum = 0;
        for (size_t i = 0; i < json_length(strip); i++)
            sum += json_peek_int(json_peek(json_at(strip, i), "counts"), outcomes[k].word, 0);
        if (sum)
            g_string_append_printf(text, "%s%" G_GINT64_FORMAT " %s", text->len ? " · " : "", sum,
                                   say(self, outcomes[k].vi, outcomes[k].en));
    }
    line(self, "Hôm nay", "Today", "%s",
         text->len ? text->str : say(self, "không có gì", "nothing"));
}

static void append_faults(GString *text, const Json *station)
{
    const Json *faults = json_peek(station, "faults");
    for (size_t i = 0; i < json_length(faults); i++) {
        const Json *fault = json_at(faults, i);
        const char *words = json_peek_text(fault, "text");
        const char *code = json_peek_text(fault, "code");
        g_string_append_printf(text, "; %s", words ? words : code ? code : "?");
    }
}

static const char *state_word(const Screen *self, const char *state)
{
    if (g_strcmp0(state, "online") == 0)
        return say(self, "đang hoạt động", "online");
    return g_strcmp0(state, "never") == 0 ? say(self, "chưa kết nối lần nào", "never heard of")
                                          : say(self, "mất kết nối", "offline");
}

static void add_attention(Screen *self, const Json *home)
{
    const Json *list = json_peek(home, "attention");
    size_t count = json_length(list);
    for (size_t i = 0; i < MIN(count, NAMES_MAX); i++) {
        const Json *station = json_at(list, i);
        const char *name = json_peek_text(station, "name");
        g_autoptr(GString) text = g_string_new(name ? name : "?");
        g_string_append_printf(text, ": %s", state_word(self, json_peek_text(station, "state")));
        append_faults(text, station);
        line(self, i ? "" : "Cần xem", i ? "" : "Attention", "%s", text->str);
    }
    if (count > NAMES_MAX)
        line(self, "", "", self->vietnamese ? "và %zu trạm nữa" : "and %zu more",
             count - NAMES_MAX);
    self->needed |= count > 0;
}

static void add_backup(Screen *self, const Json *health)
{
    int64_t age_s = json_peek_int(health, "backup_age_s", -1);
    const char *mark = age_s < 0 || age_s > LATE_S ? " (!)" : "";
    self->needed |= *mark != '\0';
    if (age_s < 0)
        line(self, "Sao lưu", "Backup", "%s%s", say(self, "chưa có", "none"), mark);
    else
        line(self, "Sao lưu", "Backup",
             self->vietnamese ? "%" G_GINT64_FORMAT " giờ trước%s"
                              : "%" G_GINT64_FORMAT " hours ago%s",
             age_s / 3600, mark);
}

static void add_disk(Screen *self, const char *metrics)
{
    static const char name[] = "\nloa_disk_free_bytes ";
    const char *found = metrics ? strstr(metrics, name) : NULL;
    if (!found)
        return;
    g_autofree char *size = g_format_size((uint64_t)g_ascii_strtod(found + strlen(name), NULL));
    line(self, "Đĩa trống", "Disk free", "%s", size);
}

char *status_screen(const StatusFacts *facts, bool vietnamese, bool *ret_needed)
{
    Screen self = {.text = g_string_new(NULL), .vietnamese = vietnamese};
    const char *zone = json_peek_text(facts->home, "zone");
    self.zone = zone ? g_time_zone_new_identifier(zone) : NULL;
    if (!self.zone)
        self.zone = g_time_zone_new_utc();
    g_autofree char *now = clock_of(&self, facts->home, json_peek_text(facts->home, "server_time"));
    line(&self, "Loa", "Loa", "%s, %s %s", facts->url, now, zone ? zone : "UTC");
    add_stations(&self, facts->home);
    add_now(&self, facts->home);
    add_next(&self, facts->home);
    add_today(&self, facts->home);
    add_attention(&self, facts->home);
    add_backup(&self, facts->health);
    add_disk(&self, facts->metrics);
    g_time_zone_unref(self.zone);
    *ret_needed = self.needed;
    return g_string_free(self.text, FALSE);
}
