/* Setting up and taking away one's second step, and the policy that asks for it. */
#pragma once

#include "access/people.h"

Reply *totp_api_begin(void *room, Request *request);   /* POST /api/me/totp */
Reply *totp_api_confirm(void *room, Request *request); /* POST /api/me/totp/confirm */
Reply *totp_api_off(void *room, Request *request);     /* POST /api/me/totp/off */
Reply *totp_api_codes(void *room, Request *request);   /* POST /api/me/recovery-codes */

Reply *totp_api_policy(void *room, Request *request);     /* GET   /api/access-policy */
Reply *totp_api_set_policy(void *room, Request *request); /* PATCH /api/access-policy */
