/* Logging in and out. */
#pragma once

#include "access/people.h"

Reply *session_api_login(void *room, Request *request);  /* POST   /api/session, GATE_OPEN */
Reply *session_api_logout(void *room, Request *request); /* DELETE /api/session */

/* The 429 of a name that is locked for so long. */
Reply *session_api_locked(int64_t left_us);
