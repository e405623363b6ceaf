/* The signed papers in pages, for the export. */
#pragma once

#include "db/database.h"

typedef struct ExportCursor {
    int64_t from_us, to_us; /* of plans and receipts */
    int64_t after;          /* last version or seq handed out; 0 = start */
    char *after_id;         /* the same for stations; owned */
    unsigned limit;
} ExportCursor;

typedef struct ExportPaper {
    const char *station;    /* NULL for roots */
    const char *keyid;      /* of stations and receipts */
    const void *bytes;      /* envelope as text; gzip of it for plans; public key of a station */
    size_t length;          /* 0 = retention took the body away; then these stay: */
    const char *sha256;     /* of the payload */
    int64_t epoch, version; /* of a plan */
    int64_t counter;        /* of a receipt */
} ExportPaper;

typedef void (*ExportTake)(const ExportPaper *paper, void *user);

/* Each hands out one page and moves the cursor; gives the number of papers, -1 on error. */
int export_store_roots(Database *database, ExportCursor *cursor, ExportTake take, void *user,
                       GError **error);
int export_store_stations(Database *database, ExportCursor *cursor, ExportTake take, void *user,
                          GError **error);
int export_store_plans(Database *database, ExportCursor *cursor, ExportTake take, void *user,
                       GError **error);
/* Commands: signed by the controller, for no station in particular. */
int export_store_commands(Database *database, ExportCursor *cursor, ExportTake take, void *user,
                          GError **error);
int export_store_unreported(Database *database, ExportCursor *cursor, ExportTake take, void *user,
                            GError **error);
int export_store_receipts(Database *database, ExportCursor *cursor, ExportTake take, void *user,
                          GError **error);
