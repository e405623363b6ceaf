/* The floor of the clock, the counts of what was refused, and the end of what has long ended. None
 * of it is worth a write of its own when it happens. */
#include "upkeep.h"

#include "base/log.h"

#define REMEMBER_US (INT64_C(90) * 86400 * G_USEC_PER_SEC) /* ended airings */

void upkeep_run(const UpkeepParts *parts)
{
    g_autoptr(GError) floor = NULL, refused = NULL, journal = NULL, used = NULL;
    if (!trust_save_floor(parts->trust, &floor))
        log_warning("the time cannot be kept: %s", floor->message);
    if (!refusals_save(parts->refusals, &refused))
        log_warning("what was refused cannot be kept: %s", refused->message);
    if (!data_meter_save(parts->meter, &used))
        log_warning("the data used cannot be kept: %s", used->message);
    bool trusted = trust_now(parts->trust).level >= TRUST_SYNCED;
    int64_t before_us = clock_wall_us(parts->clock) - REMEMBER_US;
    if (trusted && !journal_prune(parts->journal, before_us, &journal))
        log_warning("%s", journal->message);
}
