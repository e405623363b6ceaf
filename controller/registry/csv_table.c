/* Tables of people's spreadsheets, read whole: 300 stations are 30 kB. libcsv takes the quoting
 * apart; what it hands over is normalised once, so that names typed on a phone and names out of
 * Excel are the same bytes. Lines without any text are no rows. */
#include "registry/csv_table.h"

#include <csv.h>
#include <string.h>

#include "registry/search.h"

#define MARK "\xef\xbb\xbf" /* what Excel puts before UTF-8 */

struct CsvTable {
    GPtrArray *headings; /* folded */
    GPtrArray *rows;     /* GPtrArray of char* */
    GPtrArray *row;      /* being read; NULL between rows */
    bool too_large;
};

void csv_table_free(CsvTable *self)
{
    if (!self)
        return;
    g_clear_pointer(&self->headings, g_ptr_array_unref);
    g_clear_pointer(&self->rows, g_ptr_array_unref);
    g_clear_pointer(&self->row, g_ptr_array_unref);
    g_free(self);
}

static void on_cell(void *bytes, size_t length, void *user)
{
    CsvTable *self = user;
    g_autofree char *raw = g_strndup(bytes, length);
    if (!self->row)
        self->row = g_ptr_array_new_with_free_func(g_free);
    if (self->row->len >= CSV_COLUMNS_MAX) {
        self->too_large = true;
        return;
    }
    char *cell = g_utf8_normalize(raw, -1, G_NORMALIZE_NFC);
    g_ptr_array_add(self->row, g_strstrip(cell));
}

static bool says_something(const GPtrArray *row)
{
    for (unsigned i = 0; row && i < row->len; i++)
        if (*(const char *)row->pdata[i])
            return true;
    return false;
}

static void fold_headings(CsvTable *self)
{
    self->headings = g_ptr_array_new_with_free_func(g_free);
    for (unsigned i = 0; i < self->row->len; i++)
        g_ptr_array_add(self->headings, search_fold(self->row->pdata[i]));
}

static void on_row(int end, void *user)
{
    (void)end;
    CsvTable *self = user;
    if (self->rows->len >= CSV_ROWS_MAX)
        self->too_large = true;
    else if (says_something(self->row) && !self->headings)
        fold_headings(self);
    else if (says_something(self->row))
        g_ptr_array_add(self->rows, g_steal_pointer(&self->row));
    g_clear_pointer(&self->row, g_ptr_array_unref);
}

static unsigned char separator_of(const char *text, size_t length)
{
    const char *end = length ? memchr(text, '\n', length) : NULL;
    size_t first = end ? (size_t)(end - text) : length;
    static const char candidates[] = {',', ';', '\t'};
    unsigned char best = ',';
    unsigned most = 0;
    for (size_t c = 0; c < sizeof candidates; c++) {
        unsigned count = 0;
        for (size_t i = 0; i < first; i++)
            count += text[i] == candidates[c];
        if (count > most) {
            most = count;
            best = (unsigned char)candidates[c];
        }
    }
    return best;
}

static bool parse(CsvTable *self, const char *text, size_t length)
{
    struct csv_parser parser;
    if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0)
        return false;
    csv_set_delim(&parser, separator_of(text, length));
    bool read = csv_parse(&parser, text, length, on_cell, on_row, self) == length &&
                csv_fini(&parser, on_cell, on_row, self) == 0;
    csv_free(&parser);
    return read;
}

CsvTable *csv_table_read(GBytes *bytes, GError **error)
{
    size_t length = 0;
    const char *text = bytes ? g_bytes_get_data(bytes, &length) : "";
    if (length >= strlen(MARK) && memcmp(text, MARK, strlen(MARK)) == 0) {
        text += strlen(MARK);
        length -= strlen(MARK);
    }
    g_autoptr(CsvTable) self = g_new0(CsvTable, 1);
    self->rows = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
    bool whole = g_utf8_validate_len(text, length, NULL) && parse(self, text, length);
    if (self->too_large)
        g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE, "too many rows");
    else if (!whole || !self->headings)
        g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "no table");
    else
        return g_steal_pointer(&self);
    return NULL;
}

unsigned csv_table_rows(const CsvTable *self)
{
    return self->rows->len;
}

int csv_table_column(const CsvTable *self, const char *const *names)
{
    for (unsigned i = 0; i < self->headings->len; i++)
        if (g_strv_contains(names, self->headings->pdata[i]))
            return (int)i;
    return -1;
}

const char *csv_table_cell(const CsvTable *self, unsigned row, int column)
{
    const GPtrArray *cells = self->rows->pdata[row];
    return column >= 0 && (unsigned)column < cells->len ? cells->pdata[column] : "";
}
