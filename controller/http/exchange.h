/* One request and its answer, apart from the library that carries the bytes. */
#pragma once

#include "http/reply_parts.h"
#include "http/request_parts.h"
#include "http/server.h"

#define EXCHANGE_DRAIN_MAX (1024 * 1024) /* bytes of a refused body that are read and dropped */

/* What all exchanges of one listener share. */
typedef struct ExchangeRoom {
    Listener listener;
    const Router *router;
    const ServerGates *gates;
    const char *static_dir;
    bool trust_forwarded;
} ExchangeRoom;

typedef struct Exchange Exchange;

/* `wake` is called when a reply that took its time is there. */
Exchange *exchange_new(const ExchangeRoom *room, const char *uri, void (*wake)(void *user),
                       void *user);
void exchange_free(Exchange *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Exchange, exchange_free)

void exchange_header(Exchange *self, const char *name, const char *value);
/* After the last header: finds the route and judges what can be judged without the body. True when
 * the answer should go out now, because the peer waits for leave to send (100-continue). */
bool exchange_start(Exchange *self, const char *method, const char *peer);
/* False when so much was thrown away that the connection is to be cut. */
bool exchange_body(Exchange *self, const void *bytes, size_t length);
/* The reply to send; NULL while the handler still works on it. May be asked again. */
Reply *exchange_answer(Exchange *self);
/* The reply for a peer that is cut off in the middle of its body: the refusal, or 408. */
Reply *exchange_cut_reply(Exchange *self);
bool exchange_is_stream(const Exchange *self); /* a body of any length, judged by its pace */
