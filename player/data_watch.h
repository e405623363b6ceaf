/* Ties the account of the SIM to the clock, to the sound and to the plan in force. */
#pragma once

#include "clock/trust.h"
#include "link/data_budget.h"
#include "playout/audio.h"

typedef struct DataWatch {
    DataMeter *meter;
    Audio *audio;
    Trust *trust;
    const Clock *clock;
    uint64_t streamed; /* of `audio`, that the meter knows of */
} DataWatch;

/* To be called every second or so: turns the page at midnight, takes in what relays have fetched.
 */
void data_watch_tick(DataWatch *self, const Plan *plan);
/* Whether a relay of this class may use the network. */
bool data_watch_may_stream(const DataWatch *self, const Plan *plan, AiringClass class);
