/* A bulletin as the panel sees it. */
#pragma once

#include "content/bulletin_store.h"
#include "http/problem.h"

/* `Bulletin` of docs/api.md without its typed text. `area_name` may be NULL; `progress` is the
 * content worker's, 0..1. */
Json *bulletin_view(const Bulletin *bulletin, const char *area_name, double progress,
                    Language language);
/* Sets `valid_from` and `valid_until`; null = open. */
void bulletin_view_validity(Json *object, const Bulletin *bulletin);
