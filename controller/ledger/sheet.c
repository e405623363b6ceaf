/* The one interface, and CSV behind it. Cells of one row follow each other; a page is an empty line
 * and its name, since CSV knows no pages. */
#include "ledger/sheet.h"

#include <math.h>
#include <string.h>

#define UTF8_MARK "\xef\xbb\xbf" /* without it spreadsheets read Vietnamese as Windows-1252 */

void sheet_page(Sheet *sheet, const char *name)
{
    sheet->ops->page(sheet->self, name);
}

void sheet_text(Sheet *sheet, const char *value)
{
    sheet->ops->text(sheet->self, value, false);
}

void sheet_heading(Sheet *sheet, const char *value)
{
    sheet->ops->text(sheet->self, value, true);
}

void sheet_int(Sheet *sheet, int64_t value)
{
    sheet->ops->number(sheet->self, (double)value, 0);
}

void sheet_real(Sheet *sheet, double value, unsigned decimals)
{
    sheet->ops->number(sheet->self, value, decimals);
}

void sheet_time(Sheet *sheet, int64_t wall_us)
{
    sheet->ops->time(sheet->self, wall_us);
}

void sheet_end_row(Sheet *sheet)
{
    sheet->ops->end_row(sheet->self);
}

/* The comma is written in front of each cell but the first. */
static void csv_comma(GString *out)
{
    bool at_start = out->len == 0 || out->str[out->len - 1] == '\n' ||
                    (out->len == strlen(UTF8_MARK) && g_str_equal(out->str, UTF8_MARK));
    if (!at_start)
        g_string_append_c(out, ',');
}

static void csv_text(void *self, const char *value, bool is_heading)
{
    (void)is_heading;
    GString *out = self;
    csv_comma(out);
    g_string_append_c(out, '"'); /* always: an empty first cell is seen as one */
    if (value && strchr("=+-@\t\r", *value) && *value)
        g_string_append_c(out, '\'');
    for (const char *at = value ? value : ""; *at; at++) {
        if (*at == '"')
            g_string_append_c(out, '"');
        g_string_append_c(out, *at);
    }
    g_string_append_c(out, '"');
}

static void csv_number(void *self, double value, unsigned decimals)
{
    if (!isfinite(value)) {
        csv_text(self, NULL, false);
        return;
    }
    GString *out = self;
    char text[G_ASCII_DTOSTR_BUF_SIZE], format[8];
    g_snprintf(format, sizeof format, "%%.%uf", MIN(decimals, 9));
    g_ascii_formatd(text, sizeof text, format, value);
    csv_comma(out);
    g_string_append(out, text);
}

static void csv_time(void *self, int64_t wall_us)
{
    g_autoptr(GDateTime) wall =
        wall_us ? g_date_time_new_from_unix_utc(wall_us / G_USEC_PER_SEC) : NULL;
    g_autofree char *text = wall ? g_date_time_format(wall, "%Y-%m-%d %H:%M:%S") : NULL;
    csv_text(self, text, false);
}

static void csv_end_row(void *self)
{
    g_string_append(self, "\r\n");
}

static void csv_page(void *self, const char *name)
{
    GString *out = self;
    if (out->len <= strlen(UTF8_MARK))
        return; /* the first needs no name: the file has one */
    csv_end_row(self);
    csv_text(self, name, true);
    csv_end_row(self);
}

static const SheetOps csv_ops = {.page = csv_page,
                                 .text = csv_text,
                                 .number = csv_number,
                                 .time = csv_time,
                                 .end_row = csv_end_row};

void sheet_init_csv(Sheet *sheet, GString *out)
{
    if (out->len == 0)
        g_string_append(out, UTF8_MARK);
    *sheet = (Sheet){.ops = &csv_ops, .self = out};
}
