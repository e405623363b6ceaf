/* Orders and changes one after the other: each is judged beside all that was saved before it. */
#pragma once

#include "http/reply.h"
#include "http/request.h"

#define BROADCAST_TURNS_MAX 100 /* that wait; more are asked to come again */

typedef struct BroadcastTurns BroadcastTurns;

/* A handler as of router.h. Where it answers later, it ends its turn with broadcast_turns_over().
 */
typedef Reply *(*BroadcastTurn)(void *room, Request *request);

BroadcastTurns *broadcast_turns_new(void *room);
/* Those who still wait are dropped without an answer. */
void broadcast_turns_free(BroadcastTurns *self);
/* At once where nobody's turn is under way; else the request is held until it is its turn. */
Reply *broadcast_turns_take(BroadcastTurns *self, Request *request, BroadcastTurn handler);
void broadcast_turns_over(BroadcastTurns *self);
