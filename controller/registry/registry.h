/* What areas and stations work with; the room of the routes of this folder. */
#pragma once

#include "db/database.h"
#include "registry/panel_events.h"
#include "registry/station_facts.h"

typedef struct Registry {
    Database *database;
    PanelEvents *events; /* may be NULL */
    StationFacts facts;  /* ops NULL until fleet is there */
} Registry;
