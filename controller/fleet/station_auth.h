/* Who is on the line: request signatures of stations (RFC 9421), judged before any handler runs. */
#pragma once

#include "fleet/nonce_store.h"
#include "fleet/refusal_log.h"
#include "http/server.h"
#include "keys.h"
#include "registry/station_store.h"

#define STATION_AUTH_SKEW_S 300 /* `created` may be so far off */

typedef struct StationAuth StationAuth;

/* Who sent a request that passed the gate: what request_caller() holds on station routes. */
typedef struct StationCaller {
    Station *station;
    Key key;             /* public half only */
    int64_t replaced_us; /* another device has the station's place since then; 0 = it has it */
    int64_t cloned_us;   /* the key is known to exist twice since then; 0 = it does not */
} StationCaller;

StationAuth *station_auth_new(Database *database, NonceStore *nonces, RefusalLog *refusals);
void station_auth_free(StationAuth *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StationAuth, station_auth_free)

/* ServerGates.stations; `user` is the StationAuth. */
Reply *station_auth_gate(void *user, Request *request, const Route *route);
const StationCaller *station_auth_caller(const Request *request);

/* Enrolment: the same judgement with a key that no station holds yet. NULL when `key` signed. */
Reply *station_auth_check_key(StationAuth *self, Request *request, const Key *key);
/* The key id that a request claims; NULL when it claims none. */
char *station_auth_claimed(const Request *request);
/* A refusal with its count and log line; `slug` as in docs/protocol.md, e.g. "not-yours". */
Reply *station_auth_refuse(StationAuth *self, const Request *request, const ProblemKind *kind,
                           const char *keyid);
extern const ProblemKind station_auth_not_yours;
extern const ProblemKind station_auth_revoked;
extern const ProblemKind station_auth_replaced;
