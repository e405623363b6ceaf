/* Relays are fetched by children of their own, past the connection that counts all else, so their
 * bytes are taken from the sound's account. Only what is routine is held back: priority and
 * emergency relays go on whatever they cost. */
#include "data_watch.h"

#include "http_traffic.h"

void data_watch_tick(DataWatch *self, const Plan *plan)
{
    uint64_t streamed = self->audio->ops->stream_bytes(self->audio);
    if (trust_now(self->trust).level >= TRUST_SYNCED && plan)
        data_meter_set_time(self->meter, clock_wall_us(self->clock) +
                                             (int64_t)plan->utc_offset_s * G_USEC_PER_SEC);
    if (streamed > self->streamed)
        data_meter_add(self->meter, DATA_RELAY,
                       (int64_t)(streamed - self->streamed) * HTTP_TRAFFIC_PERMILLE / 1000);
    self->streamed = streamed;
}

bool data_watch_may_stream(const DataWatch *self, const Plan *plan, AiringClass class)
{
    DataLimits limits = data_limits_of(plan, self->meter);
    return class != CLASS_NORMAL ||
           data_state(&limits, data_meter_use(self->meter), 0) != DATA_SPENT;
}
