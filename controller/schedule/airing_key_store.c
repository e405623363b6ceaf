/* The keys of one page, however rare what is asked for is.
 *
 * Three million airings are some two hundred thousand blocks: one broadcast at one time in one area
 * with one outcome. All that a filter can name is a property of the block, so blocks are walked
 * newest first by whichever of their indexes fits, and only the airings of those that match are
 * touched. Blocks of one time are taken together, since the order within it is that of the ids; a
 * time has at most as many airings as there are stations.
 *
 * Counts outlive the airings they were counted from, so the walk ends at the oldest airing. */
#include "schedule/airing_key_store.h"

#include <string.h>

#define COLUMNS  "b.planned_us, b.broadcast, b.area_path, b.outcome"
#define PATH_END "substr($6, 1, length($6) - 1) || '0'" /* '0' follows '/' */
/* A plus sign before a column keeps an index out of it. */
#define WINDOW(planned)                                                                            \
    " " planned " >= $1 AND " planned " < $2 AND ($3 IS NULL OR +b.outcome = $3) "                 \
    "AND ($4 IS NULL OR +b.class = $4) AND ($5 IS NULL OR +b.broadcast = $5) "                     \
    "AND ($6 IS NULL OR (+b.area_path >= $6 AND +b.area_path < " PATH_END ")) "                    \
    "ORDER BY " planned " DESC"

typedef struct Walk {
    Database *database;
    const AiringFilter *filter;
    GArray *found;      /* AiringKey */
    GArray *at_time;    /* AiringKey, of the time being read, in no order */
    int64_t planned_us; /* that time */
} Walk;

static const char *text_for(const AiringFilter *filter)
{
    if (filter->area_path && filter->area_is_small)
        return "SELECT " COLUMNS " FROM airing_blocks b WHERE b.area_path >= $6 "
               "AND b.area_path < " PATH_END " AND" WINDOW("+b.planned_us");
    if (filter->broadcast)
        return "SELECT " COLUMNS
               " FROM airing_blocks b WHERE b.broadcast = $5 AND" WINDOW("b.planned_us");
    if (filter->class && !g_str_equal(filter->class, "normal"))
        return "SELECT " COLUMNS " FROM airing_blocks b WHERE b.class = $4 AND b.class <> 'normal' "
               "AND" WINDOW("b.planned_us");
    if (filter->outcome && !g_str_equal(filter->outcome, "played"))
        return "SELECT " COLUMNS
               " FROM airing_blocks b WHERE b.outcome = $3 AND" WINDOW("b.planned_us");
    return "SELECT " COLUMNS " FROM airing_blocks b WHERE" WINDOW("b.planned_us");
}

static gint newest_first(gconstpointer left, gconstpointer right)
{
    return strcmp(((const AiringKey *)right)->id, ((const AiringKey *)left)->id);
}

/* The time being read is whole: what fits of it joins the page. */
static void close_time(Walk *walk)
{
    const AiringFilter *filter = walk->filter;
    bool is_cut = filter->after_id && walk->planned_us == filter->after_us;
    g_array_sort(walk->at_time, newest_first);
    for (unsigned i = 0; i < walk->at_time->len && walk->found->len < filter->limit; i++) {
        const AiringKey *key = &g_array_index(walk->at_time, AiringKey, i);
        if (!is_cut || strcmp(key->id, filter->after_id) < 0)
            g_array_append_vals(walk->found, key, 1);
    }
    g_array_set_size(walk->at_time, 0);
}

static bool take_block(Walk *walk, Query *block, GError **error)
{
    g_autoptr(Query) query =
        database_query(walk->database, "SELECT id FROM airings WHERE broadcast = $1 "
                                       "AND planned_us = $2 AND area_path = $3 AND outcome = $4");
    query_text(query, row_text(block, 1));
    query_int(query, walk->planned_us);
    query_text(query, row_text(block, 2));
    query_text(query, row_text(block, 3));
    int step;
    while ((step = query_next(query, error)) > 0) {
        AiringKey key = {.planned_us = walk->planned_us};
        g_strlcpy(key.id, row_text(query, 0), sizeof key.id);
        g_array_append_val(walk->at_time, key);
    }
    return step == 0;
}

static bool walk_blocks(Walk *walk, Query *blocks, GError **error)
{
    int step;
    while ((step = query_next(blocks, error)) > 0) {
        if (row_int(blocks, 0) != walk->planned_us) {
            close_time(walk);
            walk->planned_us = row_int(blocks, 0);
            if (walk->found->len >= walk->filter->limit)
                return true;
        }
        if (!take_block(walk, blocks, error))
            return false;
    }
    close_time(walk);
    return step == 0;
}

static bool oldest(Database *database, int64_t *ret_us, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "SELECT planned_us FROM airings ORDER BY planned_us LIMIT 1");
    int step = query_next(query, error);
    *ret_us = step > 0 ? row_int(query, 0) : G_MAXINT64;
    return step >= 0;
}

GArray *airing_key_store_list(Database *database, const AiringFilter *filter, GError **error)
{
    int64_t oldest_us = 0, to_us = filter->to_us;
    if (!oldest(database, &oldest_us, error))
        return NULL;
    if (filter->after_id)
        to_us = MIN(to_us, filter->after_us + 1);
    g_autoptr(GArray) at_time = g_array_new(FALSE, FALSE, sizeof(AiringKey));
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(AiringKey));
    Walk walk = {.database = database,
                 .filter = filter,
                 .found = found,
                 .at_time = at_time,
                 .planned_us = G_MININT64};
    g_autoptr(Query) blocks = database_query(database, text_for(filter));
    query_int(blocks, MAX(filter->from_us, oldest_us));
    query_int(blocks, to_us);
    query_text(blocks, filter->outcome);
    query_text(blocks, filter->class);
    query_text(blocks, filter->broadcast);
    query_text(blocks, filter->area_path);
    return walk_blocks(&walk, blocks, error) ? g_steal_pointer(&found) : NULL;
}
