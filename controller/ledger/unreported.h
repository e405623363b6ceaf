/* Silence comes to an end: what no station spoke of for 60 days is closed as `unreported`, by an
 * entry that the controller signs and the export hands out. A receipt that comes later still wins.
 */
#pragma once

#include "ledger/ledger.h"

/* Closes one batch in one transaction; how many airings, -1 on error. */
int unreported_close(Ledger *ledger, int64_t now_us, GError **error);
