/* /api/users: accounts and their roles. */
#pragma once

#include "access/people.h"

Reply *user_api_list(void *room, Request *request);   /* GET  /api/users */
Reply *user_api_create(void *room, Request *request); /* POST /api/users */
