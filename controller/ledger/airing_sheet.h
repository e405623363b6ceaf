/* Airings as rows of a spreadsheet, with what an auditor needs to find each one's receipt. */
#pragma once

#include "ledger/airing_view.h"
#include "ledger/sheet.h"

typedef struct AiringSheet AiringSheet;

/* Times stand on the wall of `zone`. Remembers names while one file is made. */
AiringSheet *airing_sheet_new(Ledger *ledger, AiringView *view, const char *zone,
                              Language language);
void airing_sheet_free(AiringSheet *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AiringSheet, airing_sheet_free)

void airing_sheet_headings(AiringSheet *self, Sheet *sheet);
/* False before the row when what it rests on cannot be read. */
bool airing_sheet_row(AiringSheet *self, Sheet *sheet, const Airing *airing, GError **error);
