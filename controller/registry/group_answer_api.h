/* The answers of areas that a group asks for. */
#pragma once

#include "access/inbox.h"
#include "registry/registry.h"

Reply *group_answer_api_list(void *room, Request *request); /* GET /api/group-requests */
/* The same for the inbox; the room is the Registry. */
bool group_answer_api_inbox(void *room, const Request *request, InboxRows *rows, GError **error);
/* POST /api/groups/{id}/members/{member}/... */
Reply *group_answer_api_request(void *room, Request *request);
Reply *group_answer_api_accept(void *room, Request *request);
Reply *group_answer_api_refuse(void *room, Request *request);
Reply *group_answer_api_withdraw(void *room, Request *request);
