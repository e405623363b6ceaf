/* SQL of the blocks. A large area walks time backwards and stops when the page is full; a small one
 * asks each of its areas by its own index, so that a village without airings costs nothing. One
 * broadcast, a rare class and a rare outcome have ways of their own. */
#include "schedule/airing_block_store.h"

#define COLUMNS "b.planned_us, b.broadcast, b.outcome, b.title, b.class, b.duration_ms, b.stations"
#define WINDOW                                                                                     \
    " b.planned_us >= $1 AND b.planned_us < $2 AND (b.planned_us, b.broadcast) < ($3, $4) "        \
    "AND ($5 IS NULL OR +b.broadcast = $5) AND ($6 IS NULL OR b.class = $6) "                      \
    "AND ($8 = 0 OR b.outcome = '') AND ($9 IS NULL OR $10 > 0) "
#define NEWEST     "ORDER BY b.planned_us DESC, b.broadcast DESC"
#define OLDEST     "ORDER BY b.planned_us, b.broadcast"
#define PATH_END   "substr($7, 1, length($7) - 1) || '0'" /* '0' follows '/' */
#define BEYOND_IDS "~"

#define EVERYWHERE(order)                                                                          \
    "SELECT " COLUMNS " FROM airing_blocks b WHERE" WINDOW "AND $7 IS NULL " order
#define SMALL(order)                                                                               \
    "SELECT " COLUMNS " FROM areas a CROSS JOIN airing_blocks b ON b.area_path = a.path "          \
    "WHERE a.path >= $7 AND a.path < " PATH_END " AND" WINDOW order
#define LARGE(order)                                                                               \
    "SELECT " COLUMNS " FROM airing_blocks b WHERE" WINDOW                                         \
    "AND +b.area_path >= $7 AND +b.area_path < " PATH_END " " order

void airing_block_free(AiringBlock *block)
{
    if (!block)
        return;
    g_free(block->broadcast);
    g_free(block->title);
    g_free(block->class);
    g_free(block);
}

#define LARGE_ONLY "AND ($7 IS NULL OR (+b.area_path >= $7 AND +b.area_path < " PATH_END ")) "
#define OF_BROADCAST                                                                               \
    "SELECT " COLUMNS " FROM airing_blocks b WHERE b.broadcast = $5 AND" WINDOW LARGE_ONLY NEWEST
#define OF_CLASS                                                                                   \
    "SELECT " COLUMNS " FROM airing_blocks b WHERE b.class = $6 AND b.class <> 'normal' "          \
    "AND" WINDOW LARGE_ONLY NEWEST
/* Which have the outcome at all, and then the whole of them. */
#define OF_OUTCOME                                                                                 \
    "SELECT " COLUMNS " FROM airing_blocks b WHERE (b.planned_us, b.broadcast) IN ("               \
    "SELECT DISTINCT b.planned_us, b.broadcast FROM airing_blocks b WHERE b.outcome = $9 "         \
    "AND b.outcome <> 'played' AND" WINDOW LARGE_ONLY NEWEST " LIMIT $10) "                        \
    "AND" WINDOW LARGE_ONLY NEWEST

/* By what is rarest. */
static const char *text_of_rare(const AiringBlockFilter *filter)
{
    if (filter->broadcast)
        return OF_BROADCAST;
    if (filter->class && !g_str_equal(filter->class, "normal"))
        return OF_CLASS;
    if (filter->outcome && !g_str_equal(filter->outcome, "played"))
        return OF_OUTCOME;
    return NULL;
}

static const char *text_for(const AiringBlockFilter *filter)
{
    bool by_area = filter->area_path && filter->area_is_small;
    const char *rare = filter->is_oldest_first || by_area ? NULL : text_of_rare(filter);
    if (rare)
        return rare;
    if (!filter->area_path)
        return filter->is_oldest_first ? EVERYWHERE(OLDEST) : EVERYWHERE(NEWEST);
    if (filter->area_is_small)
        return filter->is_oldest_first ? SMALL(OLDEST) : SMALL(NEWEST);
    return filter->is_oldest_first ? LARGE(OLDEST) : LARGE(NEWEST);
}

static void add_count(AiringBlock *block, const char *outcome, int64_t stations)
{
    block->stations += stations;
    for (unsigned i = 0; i < block->n_counts; i++)
        if (g_str_equal(block->counts[i].outcome, outcome)) {
            block->counts[i].stations += stations;
            return;
        }
    if (block->n_counts == AIRING_BLOCK_WORDS_MAX)
        return;
    g_strlcpy(block->counts[block->n_counts].outcome, outcome, sizeof block->counts[0].outcome);
    block->counts[block->n_counts++].stations = stations;
}

static AiringBlock *block_of(GPtrArray *list, Query *query)
{
    AiringBlock *last = list->len ? g_ptr_array_index(list, list->len - 1) : NULL;
    if (last && last->planned_us == row_int(query, 0) &&
        g_str_equal(last->broadcast, row_text(query, 1)))
        return last;
    AiringBlock *block = g_new0(AiringBlock, 1);
    block->planned_us = row_int(query, 0);
    block->broadcast = g_strdup(row_text(query, 1));
    block->title = g_strdup(row_text(query, 3));
    block->class = g_strdup(row_text(query, 4));
    block->duration_ms = row_int(query, 5);
    g_ptr_array_add(list, block);
    return block;
}

GPtrArray *airing_block_store_list(Database *database, const AiringBlockFilter *filter,
                                   GError **error)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)airing_block_free);
    g_autoptr(Query) query = database_query(database, text_for(filter));
    bool goes_on = filter->after_broadcast != NULL;
    query_int(query, filter->from_us);
    query_int(query, goes_on ? MIN(filter->to_us, filter->after_us + 1) : filter->to_us);
    query_int(query, goes_on ? filter->after_us : filter->to_us);
    query_text(query, goes_on ? filter->after_broadcast : BEYOND_IDS);
    query_text(query, filter->broadcast);
    query_text(query, filter->class);
    query_text(query, filter->area_path);
    query_bool(query, filter->is_open);
    query_text(query, filter->outcome);
    query_int(query, (int64_t)filter->limit + 1);
    int step;
    while ((step = query_next(query, error)) > 0) {
        AiringBlock *block = block_of(list, query);
        if (list->len > filter->limit) { /* the first row of one too many */
            g_ptr_array_set_size(list, (int)filter->limit);
            return g_steal_pointer(&list);
        }
        block->duration_ms = MAX(block->duration_ms, row_int(query, 5));
        add_count(block, row_text(query, 2), row_int(query, 6));
    }
    return step == 0 ? g_steal_pointer(&list) : NULL;
}

bool airing_block_store_count(Database *database, int64_t from_us, int64_t to_us, unsigned most,
                              int64_t *ret_airings, GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "SELECT coalesce(sum(stations), 0) FROM (SELECT stations FROM airing_blocks "
                  "WHERE planned_us >= $1 AND planned_us < $2 LIMIT $3) b");
    query_int(query, from_us);
    query_int(query, to_us);
    query_int(query, most);
    if (query_next(query, error) <= 0)
        return false;
    *ret_airings = row_int(query, 0);
    return true;
}

GPtrArray *airing_block_store_bulletins(Database *database, const char *area_path, int64_t from_us,
                                        int64_t to_us, GError **error)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(Query) query = database_query(
        database,
        "WITH aired AS (SELECT DISTINCT broadcast FROM airing_blocks "
        "WHERE planned_us >= $1 AND planned_us < $2 AND outcome = 'played' "
        "AND +area_path >= $3 AND +area_path < substr($3, 1, length($3) - 1) || '0') "
        "SELECT o.bulletin FROM aired k CROSS JOIN broadcasts o ON o.id = k.broadcast "
        "WHERE o.bulletin <> '' UNION "
        "SELECT i.bulletin FROM aired k CROSS JOIN broadcasts o ON o.id = k.broadcast "
        "CROSS JOIN programme_items i ON i.programme = o.programme WHERE i.kind = 'bulletin'");
    query_int(query, from_us);
    query_int(query, to_us);
    query_text(query, area_path);
    int step;
    while ((step = query_next(query, error)) > 0)
        g_ptr_array_add(list, g_strdup(row_text(query, 0)));
    return step == 0 ? g_steal_pointer(&list) : NULL;
}

bool airing_block_store_areas(Database *database, int64_t planned_us, const char *broadcast,
                              const char *area_path,
                              void (*take)(const char *path, int64_t stations, void *user),
                              void *user, GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "SELECT area_path, stations FROM airing_blocks WHERE planned_us = $1 "
                  "AND broadcast = $2 AND area_path >= $3 "
                  "AND area_path < substr($3, 1, length($3) - 1) || '0' AND outcome = ''");
    query_int(query, planned_us);
    query_text(query, broadcast);
    query_text(query, area_path);
    int step;
    while ((step = query_next(query, error)) > 0)
        take(row_text(query, 0), row_int(query, 1), user);
    return step == 0;
}
