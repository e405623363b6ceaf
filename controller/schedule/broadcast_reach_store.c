/* Which broadcasts may have to do with a stretch of time. Years of them lie in the table, and only
 * those few may be read: the series that have not ended, what airs once by its start, and what was
 * moved, has days of its own or got another rule, of which those two say little. Each kind is found
 * by an index, alone and within an area. Rather one too many than one too few: whoever asks expands
 * what it gets. */
#include "schedule/broadcast_reach_store.h"

#include "access/access.h"
#include "schedule/broadcast_store_private.h"

/* The same of one row, where a few are looked at that were found otherwise. */
#define MAY_REACH                                                                                  \
    "(b.kind = 'daily' OR b.start_us >= $1 - " BROADCAST_MARGIN_US " "                             \
    "OR EXISTS (SELECT 1 FROM broadcast_parts p WHERE p.broadcast = b.id) OR EXISTS (SELECT 1 "    \
    "FROM broadcast_overrides o WHERE o.broadcast = b.id AND o.start_us >= $1 "                    \
    "- " BROADCAST_REPEATS_US "))"

#define AS_ORDERED " ORDER BY b.created_us, b.rowid"

/* In force then, or deleted since. */
#define COUNTED "(b.deleted_us = 0 OR b.deleted_us >= $1)"

GPtrArray *broadcast_reach_store_all(Database *database, int64_t from_us, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "SELECT " BROADCAST_COLUMNS " FROM broadcasts b "
                                 "WHERE " COUNTED " AND " BROADCAST_REACHES("") AS_ORDERED);
    query_int(query, from_us);
    return broadcast_store_read(database, query, error);
}

/* The plus keeps the planner of SQLite from reading all that an area ever issued. */
GPtrArray *broadcast_reach_store_issued(Database *database, const char *area, int64_t from_us,
                                        GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "SELECT " BROADCAST_COLUMNS " FROM broadcasts b "
                                 "WHERE +b.area = $2 AND " COUNTED
                                 " AND " BROADCAST_REACHES("s.area = $2 AND") AS_ORDERED);
    query_int(query, from_us);
    query_text(query, area);
    return broadcast_store_read(database, query, error);
}

GPtrArray *broadcast_reach_store_accepted(Database *database, const char *area_path,
                                          int64_t from_us, GError **error)
{
    g_autoptr(Query) query = database_query(
        database,
        "SELECT " BROADCAST_COLUMNS " FROM broadcasts b WHERE b.id IN "
        "(SELECT t.broadcast FROM broadcast_targets t JOIN area_group_members m "
        "ON m.in_group = t.target WHERE t.kind = 'group' AND t.exclude = 0 "
        "AND m.state = 'accepted' AND instr($2, '/' || m.accepted_area || '/') > 0) "
        "AND instr($2, '/' || b.area || '/') = 0 AND " COUNTED " AND " MAY_REACH AS_ORDERED);
    query_int(query, from_us);
    query_text(query, area_path);
    return broadcast_store_read(database, query, error);
}

#define AREAS "(SELECT id FROM areas WHERE path = $2 OR ($3 AND path >= $2 AND path < $4))"

/* What begins after $5 may have been moved before it. Another rule and days of its own may come
 * before the start of the first rule. */
#define BEGUN ".start_us < $5 + " BROADCAST_MARGIN_US
#define BEGUN_OTHERWISE                                                                            \
    "EXISTS (SELECT 1 FROM broadcast_parts p WHERE p.broadcast = b.id) OR EXISTS (SELECT 1 "       \
    "FROM broadcast_dates d WHERE d.broadcast = b.id AND d.kind = 'also')"

GPtrArray *broadcast_reach_store_between(Database *database, const BroadcastReach *reach,
                                         GError **error)
{
    g_autofree char *end = access_path_end(reach->path);
    g_autoptr(Query) query = database_query(
        database,
        "SELECT " BROADCAST_COLUMNS " FROM broadcasts b "
        "WHERE +b.area IN " AREAS " AND b.deleted_us = 0 AND (b" BEGUN " OR " BEGUN_OTHERWISE ") "
        "AND " BROADCAST_REACHES("s.area IN " AREAS " AND s" BEGUN
                                 " AND") " ORDER BY b.created_us DESC, b.id DESC LIMIT $6");
    query_int(query, reach->from_us);
    query_text(query, reach->path);
    query_bool(query, reach->below);
    query_text(query, end);
    query_int(query, reach->to_us);
    query_int(query, reach->limit);
    return broadcast_store_read(database, query, error);
}
