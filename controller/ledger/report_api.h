/* A report as the caller wants it: JSON, CSV or a book. */
#pragma once

#include "http/request.h"
#include "ledger/sheet.h"

typedef enum { REPORT_JSON, REPORT_CSV, REPORT_XLSX } ReportForm;
typedef void (*ReportSheet)(Sheet *sheet, const Json *report, Language language);

/* `name` is the file's without an end; the reply owns `report`. */
Reply *report_api_reply_take(Json *report, ReportForm form, ReportSheet write, const char *name,
                             Language language);
