/* Reports as files for a spreadsheet, made from the same documents that the panel shows. */
#pragma once

#include "http/problem.h"
#include "ledger/sheet.h"

void report_sheet_monthly(Sheet *sheet, const Json *report, Language language);
void report_sheet_coverage(Sheet *sheet, const Json *report, Language language);
