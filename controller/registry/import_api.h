/* Lists of stations and areas out of a spreadsheet; the room is the Registry. */
#pragma once

#include "registry/registry.h"

Reply *station_import_post(void *room, Request *request); /* POST /api/stations/import */
Reply *area_import_post(void *room, Request *request);    /* POST /api/areas/import */
