/* What a broadcast does from day to day. */
#pragma once

#include "schedule/broadcast_api.h"

Reply *occurrence_api_list(void *room, Request *request); /* GET .../{id}/occurrences */
