/* What app.c and app_station.c share: the parts of a player, and how they are woken. */
#pragma once

#include "alert/alerts.h"
#include "alert/command_fetch.h"
#include "app.h"
#include "carry.h"
#include "data_watch.h"
#include "health/lights.h"
#include "health/reporter.h"
#include "link/events.h"
#include "link/root_update.h"
#include "link/time_sync.h"
#include "link/uplink.h"
#include "local.h"
#include "pairing.h"
#include "plan/plan_fetch.h"

#define APP_LOCAL_JOURNAL "local.db" /* until the station is accepted */

struct App {
    const Settings *settings;
    StationClock station_clock;
    const Clock *clock; /* that one */
    GMainLoop *loop;
    int lock;
    Key key;
    char *boot_id;
    char *area; /* where the plan in force says that the station stands; NULL = none yet */
    Trust *trust;
    Refusals *refusals;
    Journal *journal;
    Board *board;
    Audio *audio;
    MediaCache *media;
    Connection *connection;
    DataWatch data;
    TimeSync *time_sync;
    Pairing *pairing;
    Local *local; /* while nobody has accepted it */

    Interlock *interlock;
    LostMark *lost;

    Identity *identity; /* from here on: only of an accepted station */
    PlanFile *plan;
    Fetcher *fetcher;
    Carry *carry;
    Conductor *conductor;
    Alerts *alerts;
    CommandFetch *command_fetch;
    RootUpdate *root_update;
    PlanFetch *plan_fetch;
    Events *events;
    Uplink *uplink;
    Reporter *reporter;
    Modem *modem;
    Storage *storage;
    Abilities *abilities;

    unsigned tick, upkeep, enrolled;
    int64_t quit_by_us; /* boottime; 0 = not asked */
};

char *app_in_data(const App *self, const char *name);
Conductor *app_conductor(const App *self); /* the one at work; NULL = none */
void app_hurry(App *self);                 /* the conductor has something to do now */

/* The lights of the board, as things stand now. */
void app_station_light(App *self);
/* Takes up the work of an accepted station. */
bool app_station_serve(App *self, Identity *take_identity, GError **error);
void app_station_button(BoardButton button, void *app);
void app_station_close(App *self); /* whatever of it there is; the parts it stands on stay */
