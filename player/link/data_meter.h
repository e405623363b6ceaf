/* How many bytes went over the line, by kind, today and in this calendar month, of the station's
 * own local time; kept over restarts. */
#pragma once

#include "json.h"

typedef enum {
    DATA_OTHER, /* health, time, enrolment, root */
    DATA_PLAN,
    DATA_MEDIA,
    DATA_RELAY,
    DATA_RECEIPTS,
    DATA_EVENTS, /* the stream and the commands */
    DATA_KINDS
} DataKind;
extern const char *const data_kind_words[]; /* NULL-terminated */

#define DATA_PAST_DAYS 7

typedef struct DataUse {
    int day; /* local, days since 1970; 0 = the time was never known */
    int64_t today[DATA_KINDS];
    int64_t month[DATA_KINDS];    /* of that day, today included */
    int64_t past[DATA_PAST_DAYS]; /* whole days before it, the latest first */
    unsigned n_past;
} DataUse;

typedef struct DataLimits {
    int64_t day_bytes, month_bytes; /* 0 = none */
} DataLimits;

typedef struct DataMeter DataMeter;

/* A file that cannot be read begins at nothing. */
DataMeter *data_meter_open(const char *path);
void data_meter_free(DataMeter *self); /* writes what waits */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DataMeter, data_meter_free)

/* It is this instant at the station, surely. Without it the day before goes on. */
void data_meter_set_time(DataMeter *self, int64_t local_us);
void data_meter_add(DataMeter *self, DataKind kind, int64_t bytes);
const DataUse *data_meter_use(const DataMeter *self);
/* What the station's own file allows, whatever a plan says. None at first. */
void data_meter_set_limits(DataMeter *self, DataLimits own);
DataLimits data_meter_limits(const DataMeter *self);
/* Writes what was counted since the last time. */
bool data_meter_save(DataMeter *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;

int64_t data_use_today(const DataUse *use);
int64_t data_use_month(const DataUse *use);
int data_use_days_left(const DataUse *use); /* of the month, after this day */

/* One kind of a meter, as something to hand to who knows neither. */
typedef struct DataTap {
    DataMeter *meter;
    DataKind kind;
} DataTap;
void data_tap_count(int64_t bytes, void *tap);
