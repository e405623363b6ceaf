/* The counts of one month, and the turns of stations between online and offline. */
#pragma once

#include "db/database.h"
#include "ledger/figures.h"

typedef struct MonthRow {
    const char *area_path, *class, *source, *language, *author, *outcome, *reason;
    FigureRow figures;
} MonthRow;

/* `month` is 202611; rows of all areas at or below `area_path`. */
bool monthly_store_rows(Database *database, int month, const char *area_path,
                        void (*take)(const MonthRow *row, void *user), void *user,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Those without a word, with `is_to_come` for days from `today` (20261122) on. */
bool monthly_store_open(Database *database, int month, const char *area_path, int today,
                        void (*take)(const MonthRow *row, void *user), void *user,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct DayRow {
    int day; /* 20261122 */
    FigureRow figures;
} DayRow;
/* By day and outcome, first day first. */
bool monthly_store_days(Database *database, int month, const char *area_path,
                        void (*take)(const DayRow *row, void *user), void *user,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct TurnRow {
    const char *station, *area_path; /* of today */
    int64_t accepted_us;
    int64_t at_us; /* G_MININT64: the state when the time begins */
    bool is_online;
} TurnRow;
/* Of stations in service, each one's turns together and in order; a station that was never heard of
 * comes once, offline. */
bool monthly_store_turns(Database *database, const char *area_path, int64_t from_us, int64_t to_us,
                         void (*take)(const TurnRow *row, void *user), void *user,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
