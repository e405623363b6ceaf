/* One's own password. */
#pragma once

#include "access/people.h"

Reply *password_api_change(void *room, Request *request); /* POST /api/me/password */
