/* Numbers as C writes them, whatever the machine's language. */
#include "ops/metrics_text.h"

static void put_number(GString *text, double value)
{
    char number[G_ASCII_DTOSTR_BUF_SIZE];
    g_ascii_formatd(number, sizeof number, "%.15g", value);
    g_string_append_printf(text, " %s\n", number);
}

void metrics_text_begin(GString *text, const char *name, const char *type, const char *help)
{
    g_string_append_printf(text, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

void metrics_text_value(GString *text, const char *name, double value)
{
    g_string_append(text, name);
    put_number(text, value);
}

void metrics_text_labelled(GString *text, const char *name, const char *label, const char *word,
                           double value)
{
    g_string_append_printf(text, "%s{%s=\"%s\"}", name, label, word);
    put_number(text, value);
}
