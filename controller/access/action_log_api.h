/* GET /api/audit: who did what; the same as a table for spreadsheets. */
#pragma once

#include "access/people.h"

Reply *action_log_api_list(void *room, Request *request); /* GET /api/audit */
Reply *action_log_api_csv(void *room, Request *request);  /* GET /api/audit.csv */
