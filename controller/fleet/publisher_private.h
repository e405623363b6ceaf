/* What the files of the publisher share; nobody else includes it. */
#pragma once

#include "fleet/publisher.h"
#include "fleet/publisher_sheaf.h"
#include "fleet/publisher_shelf.h"
#include "fleet/publisher_world.h"

struct Publisher {
    PublisherSettings settings;
    GHashTable *waiting; /* station ids */
    GQueue order;        /* of the ids, as they came: neighbours share a sheet. May hold old ones */
    GHashTable *away;    /* ids of those that are being signed or written */
    GPtrArray *flights;  /* PublisherFlight* */
    unsigned flights_max;
    GQueue answers;        /* PublisherItem*, signed, to be written */
    PublisherSheaf *sheaf; /* of those, first plans that are being logged; NULL = none */
    PublisherWorld *world; /* of this day; changes are noted in it */
    PublisherShelf *shelf;
    int64_t day;
    unsigned source;
    bool writes; /* the turn writes; else it gathers */
};

void publisher_enqueue(Publisher *self, const char *station);
void publisher_forget_world(Publisher *self);
