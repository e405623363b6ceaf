/* Sessions of browsers: the gate that every person's request passes, and the cookie. */
#pragma once

#include "access/people.h"
#include "http/server.h"

/* ServerGates.people and .open; `user` is the People. */
Reply *session_gate(void *user, Request *request, const Route *route);
Reply *session_open_gate(void *user, Request *request, const Route *route);
/* NULL for somebody at a browser, else the 403: a token does not change how its user comes in. */
Reply *session_needed(const Request *request);
/* Who asks, for Idempotency-Key: the user id. */
const char *session_who(const Request *request);
/* Starts a session and answers with Me and the cookie; for log-in and set-up. */
Reply *session_begin(People *people, Request *request, const char *user, unsigned status);
/* Ends the caller's session. */
Reply *session_end(People *people, Request *request);
