/* POST /api/broadcasts/check: the same body as an order, nothing is saved. The room is the
 * Registry. */
#pragma once

#include "access/access.h"

Reply *check_api_post(void *room, Request *request);
