/* What areas and stations work with; the room of the routes of this folder. */
#pragma once

#include "db/database.h"
#include "registry/panel_events.h"
#include "registry/station_facts.h"

/* Who has to do with groups further down the flow; handed over by the app. */
typedef struct GroupWatch {
    /* Called inside the transaction before a group changes, and again after. */
    void (*changing)(const char *group, void *user);
    /* True while something still to come names the group. */
    bool (*in_use)(const char *group, int64_t now_us, void *user);
    void *user;
} GroupWatch;

typedef struct Registry {
    Database *database;
    PanelEvents *events; /* may be NULL */
    StationFacts facts;  /* ops NULL until fleet is there */
    GroupWatch groups;   /* members may be NULL */
    /* After COMMIT: an area says something else about its stations; may be NULL. */
    void (*policy_changed)(const char *area, void *user);
    void *user;
} Registry;
