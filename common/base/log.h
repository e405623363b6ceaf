/* One line per decision, with fields a machine can read.
 *
 * Library modules do not log; the function that decides logs once and says what happens next.
 * Goes through g_log_structured: the journal where there is one, else stderr with a UTC time. */
#pragma once

#include <glib.h>

/* Call once in main(), before threads start; without it (in a g_test program) info is dropped and a
 * warning ends the test. `program` is the prefix on stderr ("loa-player"). */
void log_init(const char *program);

/* log_info("plan %d accepted, %u airings", n, count, "STATION", id, NULL)-style fields are given
 * apart so that the format stays checkable: log_info_with((LogField[]){{"STATION", id}, {0}}, fmt,
 * …). */
typedef struct LogField {
    const char *key; /* upper case, as in systemd.journal-fields(7); NULL ends the list */
    const char *value;
} LogField;

void log_write(GLogLevelFlags level, const LogField *fields, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

#define log_info(...)    log_write(G_LOG_LEVEL_INFO, NULL, __VA_ARGS__)
#define log_notice(...)  log_write(G_LOG_LEVEL_MESSAGE, NULL, __VA_ARGS__)
#define log_warning(...) log_write(G_LOG_LEVEL_WARNING, NULL, __VA_ARGS__)
