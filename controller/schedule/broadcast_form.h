/* Reading an order for a broadcast, and everything that may be wrong with it. */
#pragma once

#include "access/access.h"
#include "schedule/broadcast.h"

/* The broadcast that the request's body asks for, complete but for its id; or NULL and a reply that
 * names every mistake at once. Rights are checked here too. */
Broadcast *broadcast_form_read(Database *database, Request *request, Reply **ret_refusal);
/* The same for an order that was put together from something else. */
Broadcast *broadcast_form_judge(Database *database, Request *request, const Json *order,
                                Reply **ret_refusal);
/* Repeats, what becomes of it when a higher rank comes in, and whether it gives way to all. */
SeriesManner broadcast_form_read_manner(JsonForm *form, AiringClass class);
/* What the person confirms to lose (losses.h); NULL = nothing. */
const char *broadcast_form_read_confirm(JsonForm *form);
/* `when` of an order, as far as its shape goes. */
void broadcast_form_read_when(JsonForm *when, Broadcast *broadcast, int64_t now_us);
