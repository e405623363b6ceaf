/* For machines: is it well, and what can be asked. The room is the Ops. */
#pragma once

#include "http/request.h"

Reply *machine_api_health(void *room, Request *request);  /* GET /healthz */
Reply *machine_api_openapi(void *room, Request *request); /* GET /api/openapi.json */
/* The document itself. */
GBytes *machine_api_document(void);
