/* /api/users: accounts and their roles. */
#pragma once

#include "access/people.h"

Reply *user_api_list(void *room, Request *request);   /* GET  /api/users */
Reply *user_api_create(void *room, Request *request); /* POST /api/users */

/* For the other file about accounts: */
bool user_api_sees(const People *people, const User *caller, const User *user);
bool user_api_may_change(const People *people, const User *caller, const User *user);
void user_api_read_grants(JsonForm *form, User *user);
Reply *user_api_judge_grants(const People *people, const Request *request, const User *user);
Reply *user_api_reply(const People *people, const Request *request, const User *user,
                      unsigned status);
