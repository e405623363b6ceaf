/* The broadcasts of a day in an area, each with what became of it at how many stations. */
#pragma once

#include "ledger/ledger.h"
#include "ledger/reconcile.h"
#include "schedule/airing_block_store.h"

#define HOME_DAY_US (INT64_C(86400) * G_USEC_PER_SEC)

/* One broadcast at one time. */
typedef struct HomeBlock {
    AiringBlock *of;
    int64_t stations;
    int64_t counts[RECONCILE_WORDS]; /* as reconcile_words */
    int64_t playing;                 /* said by the stations themselves */
} HomeBlock;

typedef struct HomeDay {
    GPtrArray *rows; /* AiringBlock */
    GArray *blocks;  /* HomeBlock, oldest first */
} HomeDay;

void home_day_clear(HomeDay *day);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(HomeDay, home_day_clear)

/* Broadcasts that start in [from, to). `filter` says where. */
bool home_day_read(HomeDay *day, Database *database, const AiringBlockFilter *filter,
                   int64_t now_us, GError **error);
/* Those without a word that start after `now_us`, `most` at most. */
bool home_day_read_next(HomeDay *day, Database *database, const AiringBlockFilter *filter,
                        unsigned most, int64_t now_us, GError **error);
/* NULL when there is none. */
HomeBlock *home_day_find(const HomeDay *day, int64_t planned_us, const char *broadcast);
unsigned home_day_word(const char *word); /* its place in reconcile_words */
