/* Tokens: a program's way in, made by a person for one purpose. */
#pragma once

#include "access/people.h"

Reply *token_api_list(void *room, Request *request);   /* GET    /api/tokens */
Reply *token_api_create(void *room, Request *request); /* POST   /api/tokens */
Reply *token_api_delete(void *room, Request *request); /* DELETE /api/tokens/{id} */
