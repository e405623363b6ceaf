/* What an import would do or did, row by row, in the caller's language. */
#pragma once

#include "http/reply.h"
#include "http/request.h"
#include "registry/csv_table.h"

typedef enum {
    IMPORT_CREATE,
    IMPORT_UPDATE,
    IMPORT_SAME, /* already so */
    IMPORT_REFUSED,
    IMPORT_COUNT
} ImportWhat;

typedef struct ImportWhy {
    const char *vi;
    const char *en;
} ImportWhy;

typedef struct ImportReport ImportReport;

ImportReport *import_report_new(Language language);
void import_report_free(ImportReport *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ImportReport, import_report_free)

/* `row` counts from 0; `why` only with IMPORT_REFUSED. */
void import_report_add(ImportReport *self, unsigned row, ImportWhat what, const char *name,
                       const ImportWhy *why);
bool import_report_clean(const ImportReport *self); /* nothing was refused */
/* 200 {"items","create","update","same","refused","stored"}; or 422 where a real import was
 * refused. */
Reply *import_report_reply(const ImportReport *self, bool dry_run);

/* The table of a request, or NULL and the refusal. */
CsvTable *import_report_table(Request *request, Reply **ret_refusal);
bool import_report_is_dry(const Request *request); /* ?dry_run=true */
