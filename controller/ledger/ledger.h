/* The ledger: what stations state about each airing, and every question that is asked of it. The
 * room of the routes below. */
#pragma once

#include "fleet/fleet.h"
#include "ledger/on_air.h"

#define LEDGER_RECEIPTS_BODY_MAX (4 * 1024 * 1024)

typedef struct Ledger {
    Database *database;
    Fleet *fleet;
    PanelEvents *events; /* may be NULL */
    OnAir *on_air;
    unsigned books;   /* being made */
    unsigned reports; /* the same */
} Ledger;

/* Hangs itself into the fleet, which shows the last airings of a station and tells of new plans. */
Ledger *ledger_new(Database *database, Fleet *fleet, PanelEvents *events);
void ledger_free(Ledger *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Ledger, ledger_free)

Reply *receipt_api_post(void *ledger, Request *request);    /* POST /station/v1/receipts, STATION */
Reply *receipt_api_station(void *ledger, Request *request); /* GET  /api/stations/{id}/receipts */
Reply *log_api_airings(void *ledger, Request *request);     /* GET  /api/airings */
Reply *airing_export_api_csv(void *ledger, Request *request);   /* GET  /api/airings.csv */
Reply *airing_export_api_xlsx(void *ledger, Request *request);  /* GET  /api/airings.xlsx */
Reply *airing_api_get(void *ledger, Request *request);          /* GET  /api/airings/{id} */
Reply *airing_group_api_list(void *ledger, Request *request);   /* GET  /api/airing-groups */
Reply *report_api_monthly(void *ledger, Request *request);      /* GET /api/reports/monthly */
Reply *report_api_monthly_csv(void *ledger, Request *request);  /* GET /api/reports/monthly.csv */
Reply *report_api_monthly_xlsx(void *ledger, Request *request); /* GET /api/reports/monthly.xlsx */
Reply *coverage_api_get(void *ledger, Request *request);        /* GET /api/reports/coverage */
Reply *coverage_api_csv(void *ledger, Request *request);        /* GET /api/reports/coverage.csv */
Reply *coverage_api_xlsx(void *ledger, Request *request);       /* GET /api/reports/coverage.xlsx */
Reply *coverage_api_put(void *ledger, Request *request);        /* PUT /api/reports/coverage/{id} */
Reply *home_api_get(void *ledger, Request *request);            /* GET  /api/home */
Reply *export_api_get(void *ledger, Request *request);          /* GET  /api/ledger/export */
Reply *since_api_get(void *ledger, Request *request);           /* GET  /api/home/since */
Reply *again_api_get(void *ledger, Request *request);           /* GET  /api/home/again */
Reply *withdrawal_api_get(void *ledger,
                          Request *request); /* GET  /api/broadcasts/{id}/withdrawal */
