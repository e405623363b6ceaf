/* Programme templates: made once, used with one tap. The room is the BroadcastApi. */
#pragma once

#include "http/router.h"

#define TEMPLATE_LIST_MAX 200 /* of one page */

Reply *template_api_list(void *room, Request *request);   /* GET    /api/programme-templates */
Reply *template_api_create(void *room, Request *request); /* POST   /api/programme-templates */
Reply *template_api_put(void *room, Request *request);    /* PUT    /api/programme-templates/{id} */
Reply *template_api_delete(void *room, Request *request); /* DELETE /api/programme-templates/{id} */
