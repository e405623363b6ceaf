/* Which area a list is about: the one asked for, or the widest the person may see. */
#pragma once

#include "access/access.h"
#include "registry/area_store.h"

/* The area of ?area=, checked for VERB_VIEW, or else the highest area where the person may view.
 * NULL with `ret_refusal` when there is none. */
Area *scope_area(Database *database, const Request *request, Reply **ret_refusal);
