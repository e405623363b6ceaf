/* What is wrong with this station now, and since when. */
#pragma once

#include "json.h"

typedef enum {
    FAULT_DEVICE,
    FAULT_JOURNAL,
    FAULT_STORAGE,
    FAULT_CLOCK,
    FAULT_POWER,
    FAULT_TAMPER,
    FAULT_UNDER_VOLTAGE,
    FAULT_HEAT,
    FAULT_DATA_NEAR,
    FAULT_DATA_SPENT,
    FAULT_SIGNAL,
    FAULT_MUTED,
    FAULT_AMPLIFIER,
    FAULT_HORN,
    FAULT_DISK,
    FAULT_COUNT
} FaultCode;
extern const char *const fault_words[]; /* in the order of the enum, NULL at the end */

typedef struct Faults {
    int64_t since_us[FAULT_COUNT]; /* wall time; 0 = all is well */
} Faults;

void faults_set(Faults *self, FaultCode code, bool active, int64_t now_us);
bool faults_any(const Faults *self);
/* [{"code", "since_us"}, ...] */
Json *faults_to_json(const Faults *self);
