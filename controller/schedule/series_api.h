/* One occurrence of a broadcast, or all from one on. */
#pragma once

#include "schedule/broadcast_api.h"

Reply *series_api_patch(void *room, Request *request); /* PATCH /api/broadcasts/{id} */
