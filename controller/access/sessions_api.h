/* Where I am logged in, and ending it from afar. */
#pragma once

#include "access/people.h"

Reply *sessions_api_list(void *room, Request *request);       /* GET    /api/sessions */
Reply *sessions_api_end(void *room, Request *request);        /* DELETE /api/sessions/{id} */
Reply *sessions_api_end_others(void *room, Request *request); /* DELETE /api/sessions */
