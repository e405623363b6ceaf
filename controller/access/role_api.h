/* "Who may do what": the table of roles, for everybody to read. */
#pragma once

#include "http/router.h"

Reply *role_api_get(void *room, Request *request); /* GET /api/roles */
