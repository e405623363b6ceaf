/* Planned airings of which neither a station nor the controller says anything. */
#pragma once

#include "audit_rows.h"

/* After the last row of a ledger that has entries about silence. */
void audit_missing_end(Audit *self);
