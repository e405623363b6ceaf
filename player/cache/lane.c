/* What is needed within a day, and the messages that are always held, come at once. A month of
 * sound for a whole province can wait for the night, when the 4G cell is idle and nobody pays for a
 * slow panel: each station begins at an instant of its own between 23:00 and 03:00, drawn from its
 * id, so ten thousand of them do not ask in the same second. Nothing waits so long that it would be
 * needed within the day, and a few bulletins are not worth waiting for, as long as there is data to
 * spare: when the budget is near, they wait as well, and when it is used up, all waits until it is
 * urgent. */
#include "cache/lane.h"

#include <glib.h>
#include <string.h>

#include "digest.h"

#define SECOND_US     INT64_C(1000000)
#define DAY_US        (86400 * SECOND_US)
#define URGENT_US     DAY_US
#define NIGHT_FROM_US (23 * 3600 * SECOND_US) /* local */
#define NIGHT_LONG_US (6 * 3600 * SECOND_US)
#define SPREAD_S      (UINT64_C(4) * 3600)
#define FEW_BYTES     (INT64_C(8) * 1024 * 1024)

uint32_t lane_spread(const char *station)
{
    uint8_t hash[DIGEST_BYTES];
    uint32_t spread;
    digest_bytes(station, strlen(station), hash);
    memcpy(&spread, hash, sizeof spread);
    return spread;
}

/* µs until this station's part of the night; 0 = it is going on. */
static int64_t until_night_us(const LaneFacts *facts)
{
    int64_t local_us = facts->now_us + facts->utc_offset_s * SECOND_US;
    int64_t late_us = (int64_t)(facts->spread * SPREAD_S >> 32) * SECOND_US;
    int64_t since_us = (local_us - NIGHT_FROM_US - late_us) % DAY_US;
    if (since_us < 0)
        since_us += DAY_US;
    return since_us < NIGHT_LONG_US - late_us ? 0 : DAY_US - since_us;
}

int64_t lane_wait_us(const LaneFacts *facts)
{
    int64_t spare_us = facts->needed_by_us - facts->now_us - URGENT_US;
    bool few = facts->budget == DATA_FREE && facts->missing <= FEW_BYTES;
    if (!facts->now_us || spare_us <= 0 || few)
        return 0;
    if (facts->budget == DATA_SPENT)
        return spare_us;
    return MIN(until_night_us(facts), spare_us);
}
