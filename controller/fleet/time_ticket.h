/* Tickets: how a station whose clock nobody believes proves that its request is of now. */
#pragma once

#include "wire/signed_time.h"

#define TIME_TICKET_LIFE_S 300

/* The 20 digits that a nonce made within the next TIME_TICKET_LIFE_S seconds may begin with. */
void time_ticket_make(int64_t now_s, char ret_ticket[SIGNED_TIME_TICKET_HEX + 1]);
/* Does this nonce begin with a ticket of ours that is young enough? */
bool time_ticket_holds(const char *nonce, int64_t now_s);
