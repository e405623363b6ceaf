/* What the files of the plan share; nobody else includes it. */
#pragma once

#include "wire/plan.h"

#define ID_MAX     64
#define TITLE_MAX  500
#define PERSON_MAX 200
#define GAIN_MIN   (-96000) /* 1/1000 dB: the quietest that 16 bits can still say */
#define TIME_MAX   INT64_C(253402300799000000) /* end of the year 9999, µs */
#define FRAMES_MAX (INT64_C(48000) * 86400)
#define DAY_MIN    1440
#define DATA_MAX   (INT64_C(1) << 50) /* bytes */

/* plan_airings.c: what many airings say alike stands once. `ret_contents`: per airing. */
Json *plan_contents_to_json(const Plan *self, unsigned *ret_contents);
Json *plan_airing_to_json(const PlanAiring *airing, unsigned content);
void plan_airings_read(JsonForm *form, Plan *self);

/* plan_rules.c: policies, clock offsets, and what a SIM may be used for. */
void plan_data_to_json(int64_t day_bytes, int64_t month_bytes, Json *json);
void plan_data_read(JsonForm *form, int64_t *ret_day_bytes, int64_t *ret_month_bytes);
void plan_rules_to_json(const Plan *self, Json *json);
void plan_rules_read(JsonForm *form, Plan *self);
