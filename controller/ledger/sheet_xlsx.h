/* A book of pages as a file: the sheet behind /api/...xlsx. Memory does not grow with the rows. */
#pragma once

#include "http/reply.h"
#include "ledger/sheet.h"

#define SHEET_XLSX_ROWS_MAX 200000 /* of one page */

typedef struct SheetXlsx SheetXlsx;

/* NULL with an error where no file can be made. The first sheet_page() opens the first page. */
SheetXlsx *sheet_xlsx_new(GError **error);
void sheet_xlsx_free(SheetXlsx *self); /* the file goes too, unless a reply took it */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SheetXlsx, sheet_xlsx_free)

Sheet *sheet_xlsx_sheet(SheetXlsx *self);

/* Writes the file out. Takes seconds for a long book and touches nothing else: for a thread. */
bool sheet_xlsx_finish(SheetXlsx *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The finished file, offered under `name`. */
Reply *sheet_xlsx_reply_take(SheetXlsx *self, const char *name);
