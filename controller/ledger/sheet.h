/* Rows of cells on their way into a file that a spreadsheet opens: CSV as text, XLSX as a book. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define SHEET_TYPE_CSV  "text/csv; charset=utf-8"
#define SHEET_TYPE_XLSX "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

typedef struct SheetOps {
    void (*page)(void *self, const char *name); /* what follows stands on a page of its own */
    void (*text)(void *self, const char *value, bool is_heading); /* NULL = an empty cell */
    void (*number)(void *self, double value, unsigned decimals);  /* not finite = empty */
    void (*time)(void *self, int64_t wall_us); /* on the clock of the wall; 0 = empty */
    void (*end_row)(void *self);
} SheetOps;

typedef struct Sheet {
    const SheetOps *ops;
    void *self;
} Sheet;

void sheet_page(Sheet *sheet, const char *name);
void sheet_text(Sheet *sheet, const char *value);
void sheet_heading(Sheet *sheet, const char *value);
void sheet_int(Sheet *sheet, int64_t value);
void sheet_real(Sheet *sheet, double value, unsigned decimals);
void sheet_time(Sheet *sheet, int64_t wall_us);
void sheet_end_row(Sheet *sheet);

/* Appends to `out`, which it borrows: RFC 4180 with a mark that says UTF-8. A text that a
 * spreadsheet would run as a formula gets an apostrophe in front. */
void sheet_init_csv(Sheet *sheet, GString *out);
