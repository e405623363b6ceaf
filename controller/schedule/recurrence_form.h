/* `when` of a broadcast: from JSON, judged, and back. */
#pragma once

#include "db/database.h"
#include "schedule/broadcast.h"

/* Reads the members of kind "rule" into `broadcast`. */
void recurrence_form_read(JsonForm *when, Broadcast *broadcast);
/* EXDATE and RDATE, which a "daily" may have, too. */
void recurrence_form_read_dates(JsonForm *when, Broadcast *broadcast);
/* What only libical, the lunar calendar and the database can tell about a "rule". Loads its
 * holidays and moves start_us to the first start. False when something was added to `problem`, or
 * with an error. */
bool recurrence_form_judge(Database *database, Broadcast *broadcast, Problem *problem,
                           GError **error);
Json *recurrence_form_json(const Broadcast *broadcast);
/* [{"from", "when"}]: the rules that follow. */
Json *recurrence_form_parts(const Broadcast *broadcast);
