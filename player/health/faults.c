/* A fault keeps the time at which it was first seen, until it is over. */
#include "health/faults.h"

const char *const fault_words[] = {"device_fault", "journal",     "storage",        "clock",
                                   "no_power",     "tamper",      "under_voltage",  "heat",
                                   "data_budget",  "data_spent",  "weak_signal",    "muted",
                                   "amplifier",    "silent_horn", "storage_errors", NULL};

void faults_set(Faults *self, FaultCode code, bool active, int64_t now_us)
{
    if (!active)
        self->since_us[code] = 0;
    else if (!self->since_us[code])
        self->since_us[code] = now_us;
}

bool faults_any(const Faults *self)
{
    for (unsigned i = 0; i < FAULT_COUNT; i++)
        if (self->since_us[i])
            return true;
    return false;
}

Json *faults_to_json(const Faults *self)
{
    Json *list = json_new_array();
    for (unsigned i = 0; i < FAULT_COUNT; i++) {
        if (!self->since_us[i])
            continue;
        Json *fault = json_new_object();
        json_set_text(fault, "code", fault_words[i]);
        json_set_int(fault, "since_us", self->since_us[i]);
        json_append_take(list, fault);
    }
    return list;
}
