/* An order against the policies of where it is to sound. */
#pragma once

#include "db/database.h"
#include "http/reply.h"
#include "schedule/broadcast.h"

/* NULL where every start of the coming 35 days from the first one keeps to what the target areas
 * and those above them state; else the 422 that names rule, numbers and the nearest time that fits.
 */
Reply *check_policy_refusal(Database *database, const Broadcast *draft, int64_t now_us);
