/* An `Airing` as the panel sees it: what was planned, what became of it, in words. */
#pragma once

#include "ledger/ledger.h"
#include "schedule/airing_store.h"

typedef struct AiringView AiringView;

/* Remembers names of stations while one answer is made. */
AiringView *airing_view_new(Ledger *ledger, Language language, int64_t now_us);
void airing_view_free(AiringView *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AiringView, airing_view_free)

Json *airing_view_json(AiringView *self, const Airing *airing);
const char *airing_view_station(AiringView *self, const char *id); /* its name; borrowed */
/* The word of reconcile.h, with what the station says that it plays. */
const char *airing_view_outcome(AiringView *self, const Airing *airing);
