/* What a station may use of its SIM, and whether it has. Pure. */
#pragma once

#include "link/data_meter.h"
#include "wire/plan.h"

#define DATA_NEAR_PERCENT 90

typedef enum {
    DATA_FREE,
    DATA_NEAR,  /* DATA_NEAR_PERCENT are used: what can wait waits for the night */
    DATA_SPENT, /* all is used: only what is urgent comes */
} DataState;
extern const char *const data_state_words[]; /* NULL-terminated */

/* The tightest of what the areas and the station were given by the plan, if there is one, and of
 * the station's own (`meter` NULL: it has none). */
DataLimits data_limits_of(const Plan *plan, const DataMeter *meter);
/* As it will be with `more` bytes. */
DataState data_state(const DataLimits *limits, const DataUse *use, int64_t more);
/* Bytes by the end of the month if it goes on as in the last week; -1 = no whole day is known. */
int64_t data_forecast(const DataUse *use);
/* The report of a station about itself. */
Json *data_to_json(const DataLimits *limits, const DataUse *use);
