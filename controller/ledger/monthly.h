/* The monthly report of an area: what was due, what sounded, what did not and why. */
#pragma once

#include "db/database.h"
#include "http/problem.h"
#include "registry/area_store.h"

typedef struct MonthlyAsk {
    int year, month; /* on the wall of the area */
    Area *area;      /* owned */
    int64_t now_us;
    Language language;
} MonthlyAsk;

void monthly_ask_clear(MonthlyAsk *ask);

/* The report as docs/api.md says it. Reads counts and registry only; any connection, any thread. */
Json *monthly_make(Database *database, const MonthlyAsk *ask, GError **error);
