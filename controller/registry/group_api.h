/* /api/groups: making and changing groups of areas and stations. */
#pragma once

#include "access/access.h"
#include "registry/group_store.h"
#include "registry/registry.h"

Reply *group_api_list(void *room, Request *request);       /* GET    /api/groups */
Reply *group_api_create(void *room, Request *request);     /* POST   /api/groups */
Reply *group_api_get(void *room, Request *request);        /* GET    /api/groups/{id} */
Reply *group_api_patch(void *room, Request *request);      /* PATCH  /api/groups/{id} */
Reply *group_api_delete(void *room, Request *request);     /* DELETE /api/groups/{id} */
Reply *group_api_candidates(void *room, Request *request); /* GET    /api/group-candidates */

/* What its answers share (group_answer_api.c). */
Json *group_api_json(Registry *self, const Request *request, const Group *group);
/* The group of {id}, where the person sees its area or that of a member; else NULL with a reply. */
Group *group_api_find(Registry *self, const Request *request, Reply **ret_refusal);
/* Inside the transaction: notes the act, tells who plans, and the panels after COMMIT. */
bool group_api_note(Registry *self, const Request *request, const char *verb, const char *area,
                    const char *group, GError **error);
