/* What everything about people works with; the room of the routes of this folder. */
#pragma once

#include "access/areas_ops.h"
#include "access/passwords.h"

typedef struct People {
    Database *database;
    Passwords *passwords;
    const AreasOps *areas;
} People;
