/* Airings by broadcast and time: one broadcast at one time over however many stations. Read from
 * the counts that the database keeps, never from the log itself. */
#pragma once

#include "db/database.h"

#define AIRING_BLOCK_WORDS_MAX 8 /* outcomes that are stored, "" among them */

typedef struct AiringBlock {
    int64_t planned_us;
    char *broadcast;
    char *title;
    char *class;
    int64_t duration_ms;
    int64_t stations;
    struct {
        char outcome[16]; /* stored word, "" = no word yet */
        int64_t stations;
    } counts[AIRING_BLOCK_WORDS_MAX];
    unsigned n_counts;
} AiringBlock;
void airing_block_free(AiringBlock *block);

typedef struct AiringBlockFilter {
    int64_t from_us, to_us;
    const char *area_path; /* "/a1/b2/": at or below; NULL = everywhere */
    bool area_is_small;
    const char *broadcast; /* NULL = all */
    const char *class;     /* NULL = all */
    const char *outcome; /* stored word that some station must have; NULL = all. Only a hint: where
                            another way in is shorter, blocks without it are listed as well */
    int64_t after_us;    /* with after_broadcast: where the page before ended; NULL = start */
    const char *after_broadcast;
    unsigned limit;
    bool is_oldest_first; /* then there is no page before */
    bool is_open;         /* only what no word has come of yet */
} AiringBlockFilter;

/* Newest planned start first unless told otherwise. Elements are AiringBlock*. */
GPtrArray *airing_block_store_list(Database *database, const AiringBlockFilter *filter,
                                   GError **error);

/* How many airings the whole log has between two times; counting ends at `most` blocks, of which
 * each is one airing at least. */
bool airing_block_store_count(Database *database, int64_t from_us, int64_t to_us, unsigned most,
                              int64_t *ret_airings, GError **error);

/* The bulletins (char*, ids) that some station at or below `area_path` played in [from, to), by
 * themselves or as items of a programme. */
GPtrArray *airing_block_store_bulletins(Database *database, const char *area_path, int64_t from_us,
                                        int64_t to_us, GError **error);

/* The areas at or below `area_path` in which a block still has stations without a word. */
bool airing_block_store_areas(Database *database, int64_t planned_us, const char *broadcast,
                              const char *area_path,
                              void (*take)(const char *path, int64_t stations, void *user),
                              void *user, GError **error);
