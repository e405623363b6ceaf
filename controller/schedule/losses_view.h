/* Losses for people: in an answer, and as a reason not to save. */
#pragma once

#include "db/database.h"
#include "http/reply.h"
#include "schedule/losses.h"

/* "losses", "losses_total" and "confirm" (null where nothing is lost) of an answer. */
void losses_view_set(const Losses *self, Database *database, Json *body);
/* NULL where nothing is lost, or `confirmed` (may be NULL) names exactly these; else the 409 that
 * lists them and says how to confirm them. */
Reply *losses_view_refusal(const Losses *self, Database *database, const char *confirmed);
/* {"losses": [...]} for the system log. */
char *losses_view_detail(const Losses *self);
