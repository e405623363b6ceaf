/* Programmes, what can be in them, and the lead-in tune of an area. The room is the BroadcastApi.
 */
#pragma once

#include "http/router.h"

Reply *programme_api_list(void *room, Request *request);   /* GET    /api/programmes */
Reply *programme_api_create(void *room, Request *request); /* POST   /api/programmes */
Reply *programme_api_get(void *room, Request *request);    /* GET    /api/programmes/{id} */
Reply *programme_api_change(void *room, Request *request); /* PATCH  /api/programmes/{id} */
Reply *programme_api_delete(void *room, Request *request); /* DELETE /api/programmes/{id} */
Reply *programme_api_kinds(void *room, Request *request);  /* GET    /api/programme-kinds */
