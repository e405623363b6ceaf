/* A desk for rules and calendars: the small province of fleet_desk.h and one person who asks. */
#pragma once

#include "fleet_desk.h"

#include "access/access.h"
#include "registry/registry.h"
#include "schedule/broadcast_api.h"

typedef struct CalendarDesk {
    FleetDesk fleet;
    Registry registry;
    BroadcastApi *api;
    User user;
    unsigned changed; /* how often the publisher was told */
} CalendarDesk;

void calendar_desk_init(CalendarDesk *desk, Role role, const char *area);
void calendar_desk_clear(CalendarDesk *desk);
/* `id` and `body` (JSON) may be NULL. */
Request *calendar_desk_request(CalendarDesk *desk, const char *method, const char *uri,
                               const char *id, const char *body);
typedef Reply *(*CalendarHandler)(void *room, Request *request);
/* What the handler of `room` says to the person, in English, also when it answers later. */
Reply *calendar_desk_ask(CalendarDesk *desk, CalendarHandler handler, void *room, const char *id,
                         const char *body);
/* PUT /api/areas/{id}/policy, which must be taken. */
void calendar_desk_put_policy(CalendarDesk *desk, const char *area, const char *body);
/* POST /api/broadcasts with these members of `when`; calendar_desk_made() gives the id. */
Reply *calendar_desk_create(CalendarDesk *desk, const char *when);
char *calendar_desk_made(CalendarDesk *desk, const char *when);
/* Pointers of a 422, joined by a blank; "" where it went well. */
char *calendar_desk_pointers(Reply *take_reply);
void calendar_desk_patch(CalendarDesk *desk, const char *id, const char *body,
                         const char *pointers);

#define RULE(text)                                                                                 \
    "\"kind\":\"rule\",\"start\":\"2026-11-23T17:00:00+07:00\",\"rrule\":\"" text "\""
