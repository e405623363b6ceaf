/* A server with a few routes of its own, for the tests that talk to it over real sockets. */
#pragma once

#include "http/event_stream.h"
#include "http/idempotency.h"
#include "http/server.h"

#define BODY_MAX    4096
#define CONNECTIONS 50

typedef struct Room {
    Database *database;
    EventHub *hub;
    GBytes *text;
    GBytes *gzip;
    char *folder;
    char *file;
    Request *waiting;
    void (*acted)(void *room); /* after the COMMIT of a late act */
    bool fails;                /* the late act */
    unsigned calls;
    unsigned kept; /* acts whose answer became durable with them */
    unsigned abandoned;
    unsigned gone;
    GString *streamed;
    Server **server; /* to stop it */
} Room;

typedef struct FakeApp {
    Room *room;
} FakeApp;

typedef struct ServerRoom {
    Room room;
    FakeApp app;
    Router *router;
    Server *server;
    Idempotency *idempotency;
    unsigned port;
} ServerRoom;

void server_room_set_up(ServerRoom *self, const void *data);
void server_room_tear_down(ServerRoom *self, const void *data);
void server_room_on_gone(const char *topic, void *room);
void server_room_assert_problem(const char *answer, unsigned status, const char *slug);
