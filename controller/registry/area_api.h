/* /api/areas: the tree of areas. */
#pragma once

#include "access/areas_ops.h"
#include "registry/area_store.h"
#include "registry/registry.h"

/* What access asks of the tree. */
extern const AreasOps area_api_ops;

Json *area_api_json(const Area *area); /* `Area` of docs/api.md */

Reply *area_api_list(void *room, Request *request);   /* GET   /api/areas */
Reply *area_api_create(void *room, Request *request); /* POST  /api/areas */
Reply *area_api_patch(void *room, Request *request);  /* PATCH /api/areas/{id} */
