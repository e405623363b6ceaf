/* A small province on a desk: a database in memory, two communes, stations with keys, one approved
 * bulletin, and a clock that stands still. */
#pragma once

#include "base/clock.h"
#include "fleet/fleet.h"
#include "http/request_parts.h"

#define DESK_NOW    (INT64_C(20778) * 86400 * G_USEC_PER_SEC) /* 2026-11-21T00:00:00Z */
#define DESK_MINUTE (INT64_C(60) * G_USEC_PER_SEC)
#define DESK_HOUR   (60 * DESK_MINUTE)

typedef struct DeskStation {
    char *id;
    Key key;
} DeskStation;

typedef struct FleetDesk {
    char *keys_dir;
    FakeClock clock;
    Database *database;
    Fleet *fleet;
    DeskStation a1, a2, b1; /* a1 and a2 in commune "a", b1 in commune "b" */
} FleetDesk;

void fleet_desk_init(FleetDesk *desk);
void fleet_desk_clear(FleetDesk *desk);

/* Runs until every waiting plan is out; gives how many were signed. */
int fleet_desk_publish(FleetDesk *desk);
/* Bulletin "notice" of the province in a state, 10 s long. */
void fleet_desk_set_bulletin(FleetDesk *desk, const char *state);
/* A broadcast of it, once at `start_us`, to one target; tells the publisher. The id is `id`. */
void fleet_desk_order(FleetDesk *desk, const char *id, TargetKind kind, const char *target,
                      int64_t start_us);
/* The verified plan in force. */
Plan *fleet_desk_plan(FleetDesk *desk, const DeskStation *station);

/* How a request is to be wrong; zeros = not at all. */
typedef struct RequestFlaw {
    const Key *sign_with; /* instead of the station's key */
    const char *claim;    /* key id instead of the key's */
    int64_t created_shift_s;
    const char *nonce;
    bool no_digest;  /* the signature does not cover the body */
    bool other_body; /* another body than the one signed */
    bool flip_signature;
    bool unsigned_;
    const char *other_path; /* sent to another path than signed */
} RequestFlaw;

/* A signed request of a station as the server would hand it over. */
Request *fleet_desk_request(FleetDesk *desk, const Key *key, const char *method, const char *uri,
                            const char *body, const RequestFlaw *flaw);
/* What a handler said, or says later in the loop (NULL). */
Reply *fleet_desk_late(Request *request, Reply *take_reply);
/* The slug of a refusal; NULL for no refusal. Frees the reply. */
char *fleet_desk_slug(Reply *take_reply);
/* The JSON of a reply, whose status must be `status`. Frees the reply. */
Json *fleet_desk_json(Reply *take_reply, unsigned status);
