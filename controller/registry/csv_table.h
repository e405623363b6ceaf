/* A table as spreadsheets save it: a line of headings, then rows. UTF-8 with or without a mark at
 * the front; commas, semicolons (Excel in Vietnamese) or tabs, told apart by the first line. */
#pragma once

#include <gio/gio.h>
#include <stdbool.h>

#define CSV_ROWS_MAX    5000
#define CSV_COLUMNS_MAX 32

typedef struct CsvTable CsvTable;

/* G_IO_ERROR_INVALID_DATA: not UTF-8, no headings, an open quote; G_IO_ERROR_MESSAGE_TOO_LARGE. */
CsvTable *csv_table_read(GBytes *text, GError **error);
void csv_table_free(CsvTable *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CsvTable, csv_table_free)

unsigned csv_table_rows(const CsvTable *self);
/* The column headed by one of `names` (folded: no marks, lower case), or -1. */
int csv_table_column(const CsvTable *self, const char *const *names);
/* Trimmed, NFC; "" where the row is shorter or `column` is -1. Borrowed. */
const char *csv_table_cell(const CsvTable *self, unsigned row, int column);
