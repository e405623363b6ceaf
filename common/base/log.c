/* Log lines for two readers: the journal, which keeps every field, and a person at a terminal, who
 * gets one line with a UTC time.
 *
 * Lines of our own carry the domain "loa" and always show from info upwards; those of libraries
 * keep GLib's habits (info and debug only with G_MESSAGES_DEBUG). Control characters never reach
 * the terminal, so that a name from outside cannot forge a second line. */
#include "base/log.h"
#include "base/clock.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define DOMAIN     "loa"
#define MAX_FIELDS 24

static char *log_program; /* set once by log_init(), before there are threads */

static const struct {
    GLogLevelFlags level;
    const char *name;
    const char *priority; /* as in syslog(3) */
} levels[] = {
    {G_LOG_LEVEL_ERROR, "error", "3"},     {G_LOG_LEVEL_CRITICAL, "critical", "4"},
    {G_LOG_LEVEL_WARNING, "warning", "4"}, {G_LOG_LEVEL_MESSAGE, "notice", "5"},
    {G_LOG_LEVEL_INFO, "info", "6"},       {G_LOG_LEVEL_DEBUG, "debug", "7"},
};

static unsigned level_index(GLogLevelFlags level)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(levels); i++)
        if (level & levels[i].level)
            return i;
    return G_N_ELEMENTS(levels) - 1;
}

static bool is_standard_field(const char *key)
{
    static const char *const standard[] = {"MESSAGE",           "PRIORITY",  "GLIB_DOMAIN",
                                           "SYSLOG_IDENTIFIER", "CODE_FILE", "CODE_LINE",
                                           "CODE_FUNC",         NULL};
    return g_strv_contains(standard, key);
}

static void append_printable(GString *line, const char *text, gssize length)
{
    gsize n = length < 0 ? strlen(text) : (gsize)length;
    for (gsize i = 0; i < n; i++) {
        bool control = (guchar)text[i] < 0x20 || text[i] == 0x7f;
        g_string_append_c(line, control ? ' ' : text[i]);
    }
}

static const GLogField *find_field(const GLogField *fields, gsize n, const char *key)
{
    for (gsize i = 0; i < n; i++)
        if (strcmp(fields[i].key, key) == 0)
            return &fields[i];
    return NULL;
}

static void write_stderr(GLogLevelFlags level, const GLogField *fields, gsize n_fields)
{
    /* Milliseconds always, so that columns line up; clock_format_utc() drops them when zero. */
    int64_t now = clock_wall_us(clock_system());
    g_autofree char *second = clock_format_utc(now - now % 1000000);
    g_autoptr(GString) line = g_string_new(NULL);
    g_string_append_printf(line, "%.*s.%03dZ %s %s: ", (int)strlen(second) - 1, second,
                           (int)(now % 1000000 / 1000), log_program ? log_program : "loa",
                           levels[level_index(level)].name);
    const GLogField *message = find_field(fields, n_fields, "MESSAGE");
    if (message)
        append_printable(line, message->value, message->length);
    for (gsize i = 0; i < n_fields; i++) {
        if (is_standard_field(fields[i].key))
            continue;
        g_string_append_printf(line, " %s=", fields[i].key);
        append_printable(line, fields[i].value, fields[i].length);
    }
    g_string_append_c(line, '\n');
    fwrite(line->str, 1, line->len, stderr); /* one call, so that lines of threads do not mix */
    fflush(stderr);
}

static bool wants(GLogLevelFlags level, const GLogField *fields, gsize n_fields)
{
    if (!(level & (G_LOG_LEVEL_INFO | G_LOG_LEVEL_DEBUG)))
        return true;
    const GLogField *domain = find_field(fields, n_fields, "GLIB_DOMAIN");
    const char *name = domain ? domain->value : NULL;
    if ((level & G_LOG_LEVEL_INFO) && g_strcmp0(name, DOMAIN) == 0)
        return true;
    return !g_log_writer_default_would_drop(level, name);
}

static GLogWriterOutput write_log(GLogLevelFlags level, const GLogField *fields, gsize n_fields,
                                  G_GNUC_UNUSED gpointer data)
{
    if (!wants(level, fields, n_fields))
        return G_LOG_WRITER_HANDLED;
    if (g_log_writer_is_journald(fileno(stderr)) &&
        g_log_writer_journald(level, fields, n_fields, NULL) == G_LOG_WRITER_HANDLED)
        return G_LOG_WRITER_HANDLED;
    write_stderr(level, fields, n_fields);
    return G_LOG_WRITER_HANDLED;
}

void log_init(const char *program)
{
    g_return_if_fail(log_program == NULL);
    log_program = g_strdup(program);
    g_log_set_writer_func(write_log, NULL, NULL);
}

void log_write(GLogLevelFlags level, const LogField *fields, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *message = g_strdup_vprintf(format, args);
    va_end(args);

    GLogField all[MAX_FIELDS] = {
        {"MESSAGE", message, -1},
        {"PRIORITY", levels[level_index(level)].priority, -1},
        {"GLIB_DOMAIN", DOMAIN, -1},
    };
    gsize n = 3;
    if (log_program)
        all[n++] = (GLogField){"SYSLOG_IDENTIFIER", log_program, -1};
    for (; fields && fields->key && n < MAX_FIELDS; fields++)
        if (fields->value)
            all[n++] = (GLogField){fields->key, fields->value, -1};
    g_log_structured_array(level, all, n);
}
