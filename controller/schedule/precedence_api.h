/* /api/areas/{id}/precedence: the order among what clashes. */
#pragma once

#include "schedule/broadcast_api.h"

Reply *precedence_api_get(void *room, Request *request); /* GET */
Reply *precedence_api_put(void *room, Request *request); /* PUT, one day */
