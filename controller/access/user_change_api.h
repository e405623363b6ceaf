/* What those who manage users do to the accounts of others. */
#pragma once

#include "access/people.h"

Reply *user_change_api_patch(void *room, Request *request); /* PATCH /api/users/{id} */
Reply *user_change_api_reset(void *room,
                             Request *request); /* POST  /api/users/{id}/reset-password */
