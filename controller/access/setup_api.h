/* The very first minute: a one-time token on the console makes the first administrator. */
#pragma once

#include "access/people.h"

/* While nobody has an account: a fresh token to print (only its hash is kept), else NULL. */
char *setup_api_prepare(Database *database, GError **error);

Reply *setup_api_get(void *room, Request *request);  /* GET  /api/setup, GATE_OPEN */
Reply *setup_api_post(void *room, Request *request); /* POST /api/setup, GATE_OPEN */
