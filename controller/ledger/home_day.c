/* Reads the day of the home page from the counts that the database keeps: a province's day is some
 * two thousand rows of them, walked once in the order of their key. */
#include "ledger/home_day.h"

#include <string.h>

#define ALL_OF_THEM G_MAXINT

void home_day_clear(HomeDay *day)
{
    if (day->blocks)
        g_array_unref(day->blocks);
    if (day->rows)
        g_ptr_array_unref(day->rows);
    *day = (HomeDay){0};
}

unsigned home_day_word(const char *word)
{
    unsigned index = 0;
    while (reconcile_words[index] && !g_str_equal(reconcile_words[index], word))
        index++;
    return index;
}

static void fold(HomeDay *day, AiringBlock *row, int64_t now_us)
{
    HomeBlock block = {.of = row, .stations = row->stations};
    for (unsigned i = 0; i < row->n_counts; i++) {
        Airing like = {.outcome = row->counts[i].outcome,
                       .planned_us = row->planned_us,
                       .duration_ms = row->duration_ms};
        unsigned word = home_day_word(reconcile_outcome(&like, NULL, now_us));
        if (word < RECONCILE_WORDS)
            block.counts[word] += row->counts[i].stations;
    }
    g_array_append_val(day->blocks, block);
}

static bool read_blocks(HomeDay *day, Database *database, const AiringBlockFilter *filter,
                        int64_t now_us, GError **error)
{
    home_day_clear(day);
    day->blocks = g_array_new(FALSE, TRUE, sizeof(HomeBlock));
    day->rows = airing_block_store_list(database, filter, error);
    for (unsigned i = 0; day->rows && i < day->rows->len; i++)
        fold(day, g_ptr_array_index(day->rows, i), now_us);
    return day->rows != NULL;
}

bool home_day_read(HomeDay *day, Database *database, const AiringBlockFilter *filter,
                   int64_t now_us, GError **error)
{
    AiringBlockFilter all = *filter;
    all.is_oldest_first = true;
    all.limit = ALL_OF_THEM;
    return read_blocks(day, database, &all, now_us, error);
}

bool home_day_read_next(HomeDay *day, Database *database, const AiringBlockFilter *filter,
                        unsigned most, int64_t now_us, GError **error)
{
    AiringBlockFilter next = *filter;
    next.from_us = now_us + 1;
    next.is_oldest_first = next.is_open = true;
    next.limit = most;
    return read_blocks(day, database, &next, now_us, error);
}

static int compare(const HomeBlock *block, int64_t planned_us, const char *broadcast)
{
    if (block->of->planned_us != planned_us)
        return block->of->planned_us < planned_us ? -1 : 1;
    return strcmp(block->of->broadcast, broadcast);
}

HomeBlock *home_day_find(const HomeDay *day, int64_t planned_us, const char *broadcast)
{
    unsigned low = 0, high = day->blocks->len;
    while (low < high) {
        unsigned middle = low + (high - low) / 2;
        HomeBlock *block = &g_array_index(day->blocks, HomeBlock, middle);
        int order = compare(block, planned_us, broadcast);
        if (order == 0)
            return block;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}
