/* The answers of areas that a group asks for. */
#pragma once

#include "registry/registry.h"

Reply *group_answer_api_list(void *room, Request *request); /* GET /api/group-requests */
/* POST /api/groups/{id}/members/{member}/... */
Reply *group_answer_api_request(void *room, Request *request);
Reply *group_answer_api_accept(void *room, Request *request);
Reply *group_answer_api_refuse(void *room, Request *request);
Reply *group_answer_api_withdraw(void *room, Request *request);
