/* GET /api/audit: who did what. */
#pragma once

#include "access/people.h"

Reply *action_log_api_list(void *room, Request *request);
