/* The fleet: all that has to do with stations as partners. Builds its parts, runs their timers, and
 * is the room of the routes below. */
#pragma once

#include "base/clock.h"
#include "content/media_store.h"
#include "fleet/clone_watch.h"
#include "fleet/command_book.h"
#include "fleet/health.h"
#include "fleet/publisher.h"
#include "fleet/push.h"
#include "fleet/roster.h"
#include "fleet/station_auth.h"
#include "registry/panel_events.h"
#include "registry/station_facts.h"
#include "wire/root.h"

typedef struct FleetSettings {
    Database *database;
    MediaStore *media;   /* may be NULL in tests */
    PanelEvents *events; /* may be NULL */
    const Clock *clock;
    const char *keys_dir;
} FleetSettings;

typedef struct Fleet {
    FleetSettings settings;
    Root *root;
    int64_t epoch; /* of the plans: the root's or a restore's */
    Signer signer;
    NonceStore *nonces;
    RefusalLog *refusals;
    StationAuth *auth; /* ServerGates: .stations = station_auth_gate, .stations_user = auth */
    Push *push;
    CommandBook *commands;
    Publisher *publisher; /* publisher_broadcast_changed, publisher_bulletin_changed */
    Health *health;
    CloneWatch *clones;
    Roster *roster;
    int64_t settled; /* roster_change() when the publisher last had nothing to do */
    unsigned tick_source;
    unsigned ticks;
    /* [Airing] of a station, set by the ledger; NULL = none. */
    Json *(*recent)(void *ledger, const char *station, unsigned limit, int64_t now_us,
                    Language language);
    /* Airings of a station were written or cancelled by a new plan; NULL = nobody asks. */
    void (*replanned)(void *ledger, const char *station);
    void *ledger;
} Fleet;

/* Makes keys and root document at the first start. Queues all stations for planning. */
Fleet *fleet_new(const FleetSettings *settings, GError **error);
void fleet_free(Fleet *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Fleet, fleet_free)

/* True when the log names for each airing to come the area that its station stands in now: no
 * station came, went or moved since every plan was out. Call after roster_below(). */
bool fleet_is_settled(Fleet *self);

/* For the registry's station API; `self` is the Fleet. */
extern const StationFactsOps fleet_station_facts;

/* Routes of the stations, all below /station/v1. Gate: STATION unless it says OPEN. */
Reply *enrolment_api_announce(void *fleet, Request *request); /* POST /enrolments           OPEN */
Reply *enrolment_api_poll(void *fleet, Request *request);     /* GET  /enrolments/{keyid}   OPEN */
Reply *root_api_get(void *fleet, Request *request);           /* GET  /root/{n}             OPEN */
Reply *time_api_get(void *fleet, Request *request);           /* GET  /time                 OPEN */
Reply *media_api_get(void *fleet, Request *request);          /* GET  /media/{sha256}       OPEN */
Reply *plan_api_get(void *fleet, Request *request);           /* GET  /plan */
Reply *events_api_open(void *fleet, Request *request);        /* GET  /events */
Reply *commands_api_get(void *fleet, Request *request);       /* GET  /commands */
Reply *health_api_post(void *fleet, Request *request);        /* POST /health */

/* Routes of people. */
Reply *enrolment_api_list(void *fleet, Request *request);   /* GET  /api/enrolments */
Reply *enrolment_api_accept(void *fleet, Request *request); /* POST /api/enrolments/{code} */
Reply *carry_api_get(void *fleet, Request *request);        /* GET  /api/stations/{id}/carry */
Reply *carry_api_media(void *fleet, Request *request);      /* GET  .../carry/{sha256} */
Reply *replacement_api_post(void *fleet, Request *request); /* POST /api/stations/{id}/replace */
