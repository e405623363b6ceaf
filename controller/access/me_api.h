/* /api/me: who I am, what I may, and where. */
#pragma once

#include "access/people.h"

Reply *me_api_get(void *room, Request *request);   /* GET   /api/me */
Reply *me_api_patch(void *room, Request *request); /* PATCH /api/me */
Reply *me_api_reply(People *people, const User *user, unsigned status, int64_t now_us);
/* [{"role", "area", "area_name"}] */
Json *me_api_grants(const People *people, const User *user);
