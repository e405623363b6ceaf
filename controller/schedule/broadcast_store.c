/* Broadcasts and their targets. A deleted broadcast keeps its row: airings that had started still
 * belong to it, and the log names it for good. */
#include "schedule/broadcast_store_private.h"

#include "json.h"
#include "schedule/broadcast_scope.h"
#include "schedule/series_store.h"

static int word_index(const char *const *words, const char *word)
{
    for (int i = 0; words[i]; i++)
        if (word && g_str_equal(words[i], word))
            return i;
    return 0;
}

static Broadcast *read_row(Query *query)
{
    Broadcast *self = broadcast_new();
    self->id = g_strdup(row_text(query, 0));
    self->programme = g_strdup(row_text(query, 14));
    self->scope = g_strdup(row_text(query, 15));
    self->bulletin = self->programme ? NULL : g_strdup(row_text(query, 1));
    self->area = g_strdup(row_text(query, 2));
    self->kind = (BroadcastKind)word_index(broadcast_kind_words, row_text(query, 3));
    self->start_us = row_int(query, 4);
    self->until = g_strdup(row_text(query, 5));
    self->zone = g_strdup(row_text(query, 6));
    self->class = (AiringClass)word_index(class_words, row_text(query, 7));
    self->tolerance_s = row_int(query, 8);
    self->gain_mdb = (int)row_int(query, 9);
    self->created_by = g_strdup(row_text(query, 10));
    self->created_by_name = g_strdup(row_text(query, 11));
    self->created_us = row_int(query, 12);
    self->deleted_us = row_int(query, 13);
    self->repeats = (unsigned)row_int(query, 16);
    self->gap_s = row_int(query, 17);
    self->on_preempt = (OnPreempt)word_index(on_preempt_words, row_text(query, 18));
    self->filler = row_bool(query, 19);
    return self;
}

static bool read_targets(Database *database, Broadcast *broadcast, GError **error)
{
    g_autoptr(Query) query = database_query(database, "SELECT kind, target, exclude "
                                                      "FROM broadcast_targets WHERE broadcast = $1 "
                                                      "ORDER BY position");
    query_text(query, broadcast->id);
    int step;
    while ((step = query_next(query, error)) > 0)
        broadcast_add_target(broadcast,
                             (TargetKind)word_index(target_kind_words, row_text(query, 0)),
                             row_text(query, 1), row_bool(query, 2));
    return step == 0 && broadcast_store_read_groups(database, broadcast, error);
}

GPtrArray *broadcast_store_read(Database *database, Query *query, GError **error)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)broadcast_free);
    int step;
    while ((step = query_next(query, error)) > 0)
        g_ptr_array_add(list, read_row(query));
    if (step < 0)
        return NULL;
    g_autoptr(GHashTable) calendars = series_store_calendars();
    for (unsigned i = 0; i < list->len; i++)
        if (!read_targets(database, g_ptr_array_index(list, i), error) ||
            !series_store_read(database, g_ptr_array_index(list, i), calendars, error))
            return NULL;
    return g_steal_pointer(&list);
}

static bool add_targets(Database *database, const Broadcast *broadcast, GError **error)
{
    for (unsigned i = 0; i < broadcast->targets->len; i++) {
        const BroadcastTarget *target = g_ptr_array_index(broadcast->targets, i);
        g_autoptr(Query) query =
            database_query(database, "INSERT INTO broadcast_targets "
                                     "(broadcast, position, kind, target, exclude) "
                                     "VALUES ($1, $2, $3, $4, $5)");
        query_text(query, broadcast->id);
        query_int(query, i);
        query_text(query, target_kind_words[target->kind]);
        query_text(query, target->id);
        query_bool(query, target->exclude);
        if (!query_run(query, error))
            return false;
    }
    return true;
}

bool broadcast_store_add(Database *database, const Broadcast *broadcast, GError **error)
{
    g_autoptr(Query) query = database_query(
        database,
        "INSERT INTO broadcasts (id, bulletin, area, kind, start_us, until_day, zone, "
        "class, tolerance_s, gain_mdb, created_by, created_by_name, created_us, programme, scope, "
        "repeat_count, repeat_gap_s, on_preempt, filler) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, "
        "$19)");
    query_text(query, broadcast->id);
    query_text(query, broadcast->bulletin ? broadcast->bulletin : "");
    query_text(query, broadcast->area);
    /* The rule's own row says what kind of repeating it is. */
    BroadcastKind kind = broadcast_repeats(broadcast) ? BROADCAST_DAILY : broadcast->kind;
    query_text(query, broadcast_kind_words[kind]);
    query_int(query, broadcast->start_us);
    query_text(query, broadcast->until);
    query_text(query, broadcast->zone);
    query_text(query, class_words[broadcast->class]);
    query_int(query, broadcast->tolerance_s);
    query_int(query, broadcast->gain_mdb);
    query_text(query, broadcast->created_by);
    query_text(query, broadcast->created_by_name);
    query_int(query, broadcast->created_us);
    query_text(query, broadcast->programme);
    query_text(query, broadcast->scope);
    query_int(query, MAX(broadcast->repeats, 1));
    query_int(query, broadcast->gap_s);
    query_text(query, on_preempt_words[broadcast->on_preempt]);
    query_bool(query, broadcast->filler);
    return query_run(query, error) && add_targets(database, broadcast, error) &&
           series_store_add(database, broadcast, error);
}

Broadcast *broadcast_store_get(Database *database, const char *id, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "SELECT " BROADCAST_COLUMNS " FROM broadcasts b WHERE b.id = $1");
    query_text(query, id);
    g_autoptr(GPtrArray) list = broadcast_store_read(database, query, error);
    return list && list->len ? g_ptr_array_steal_index(list, 0) : NULL;
}

/* What waits to start at once has not begun, however long ago it was ordered. */
#define NOT_OVER                                                                                   \
    "((b.kind = 'daily' AND (b.until_day IS NULL OR b.until_day >= date(($4 "                      \
    "- " BROADCAST_MARGIN_US ") / 1000000, 'unixepoch'))) "                                        \
    "OR (b.kind = 'now' AND b.planned_once = 0) OR b.start_us >= $4 - " BROADCAST_MARGIN_US " "    \
    "OR EXISTS (SELECT 1 FROM broadcast_dates d WHERE d.broadcast = b.id AND d.kind = 'also' "     \
    "AND d.at_us >= $4 - " BROADCAST_MARGIN_US ") "                                                \
    "OR " BROADCAST_CHANGED_TO("$4 - " BROADCAST_REPEATS_US) ")"

/* Of a path "/top/below/" all that begins with it; '0' comes after '/'. */
#define WITHIN                                                                                     \
    "(a.path >= (SELECT path FROM areas WHERE id = $1) AND a.path < "                              \
    "(SELECT substr(path, 1, length(path) - 1) || '0' FROM areas WHERE id = $1)) "
#define LIST(from, which)                                                                          \
    "SELECT " BROADCAST_COLUMNS " FROM " from "AND b.deleted_us = 0 "                              \
    "AND ($2 IS NULL OR (b.created_us, b.id) < "                                                   \
    "(SELECT created_us, id FROM broadcasts WHERE id = $2)) "                                      \
    "AND ($4 = 0 OR " NOT_OVER ") " which "ORDER BY b.created_us DESC, b.id DESC LIMIT $3"
/* By time, until a page is full; or all of few areas: which is less depends on how many they have.
 * The order of a CROSS JOIN is kept. */
#define BY_TIME "broadcasts b JOIN areas a ON a.id = b.area WHERE ($1 IS NULL OR " WITHIN ") "
#define BY_AREA "areas a CROSS JOIN broadcasts b WHERE b.area = a.id AND " WITHIN
#define FEW     5000

#define OF_BULLETINS                                                                               \
    "AND b.id IN (SELECT id FROM broadcasts WHERE bulletin IN (SELECT value FROM json_each($5)) "  \
    "UNION ALL SELECT id FROM broadcasts WHERE programme IN (SELECT programme "                    \
    "FROM programme_items WHERE bulletin IN (SELECT value FROM json_each($5)))) "
#define OF_HOLIDAYS                                                                                \
    "AND b.id IN (SELECT broadcast FROM broadcast_rules WHERE holidays = $5 "                      \
    "UNION ALL SELECT broadcast FROM broadcast_parts WHERE holidays = $5) "

static bool has_few(Database *database, const char *area)
{
    g_autoptr(Query) query =
        database_query(database, "SELECT count(*) FROM (SELECT 1 FROM " BY_AREA "LIMIT $2)");
    query_text(query, area);
    query_int(query, FEW);
    return query_next(query, NULL) == 1 && row_int(query, 0) < FEW;
}

GPtrArray *broadcast_store_list(Database *database, const BroadcastFilter *filter, GError **error)
{
    const char *what = filter->bulletins ? filter->bulletins : filter->holidays;
    bool few = !what && filter->area && has_few(database, filter->area);
    g_autoptr(Query) query =
        database_query(database, filter->bulletins  ? LIST(BY_TIME, OF_BULLETINS)
                                 : filter->holidays ? LIST(BY_TIME, OF_HOLIDAYS)
                                 : few              ? LIST(BY_AREA, "")
                                                    : LIST(BY_TIME, ""));
    query_text(query, filter->area);
    query_text(query, filter->after);
    query_int(query, filter->limit);
    query_int(query, filter->from_us);
    if (what)
        query_text(query, what);
    return broadcast_store_read(database, query, error);
}

GPtrArray *broadcast_store_of_group(Database *database, const char *group, GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "SELECT " BROADCAST_COLUMNS " FROM broadcasts b WHERE b.deleted_us = 0 "
                  "AND b.id IN (SELECT broadcast FROM broadcast_targets "
                  "WHERE kind = 'group' AND target = $1)");
    query_text(query, group);
    return broadcast_store_read(database, query, error);
}

bool broadcast_store_read_groups(Database *database, Broadcast *broadcast, GError **error)
{
    for (unsigned i = 0; i < broadcast->targets->len; i++) {
        const BroadcastTarget *target = g_ptr_array_index(broadcast->targets, i);
        if (target->kind != TARGET_GROUP)
            continue;
        GPtrArray *members = group_store_members(database, target->id, error);
        if (!members)
            return false;
        g_autofree char *owner = group_store_area(database, target->id);
        broadcast_take_members(broadcast, i, members, owner);
    }
    return true;
}

GPtrArray *broadcast_store_of_bulletin(Database *database, const char *bulletin, GError **error)
{
    g_autoptr(Query) query = database_query(
        database,
        "WITH told AS (SELECT $1 AS id UNION SELECT v.bulletin FROM bulletin_fallbacks f "
        "JOIN bulletin_versions v ON v.id = f.version WHERE f.bulletin = $1) "
        "SELECT " BROADCAST_COLUMNS " FROM broadcasts b WHERE b.deleted_us = 0 AND (b.bulletin IN "
        "(SELECT id FROM told) OR b.programme IN (SELECT programme FROM programme_items "
        "WHERE bulletin IN (SELECT id FROM told)) "
        "OR b.programme IN (SELECT i.programme FROM programme_items i "
        "JOIN programmes p ON p.id = i.programme JOIN areas own ON own.id = p.area "
        "JOIN areas up ON substr(own.path, 1, length(up.path)) = up.path "
        "WHERE i.bulletin IS NULL AND up.lead_in_tune = $1))");
    query_text(query, bulletin);
    return broadcast_store_read(database, query, error);
}

GPtrArray *broadcast_store_of_programme(Database *database, const char *programme, GError **error)
{
    g_autoptr(Query) query = database_query(database, "SELECT " BROADCAST_COLUMNS
                                                      " FROM broadcasts b WHERE b.programme = $1 "
                                                      "AND b.deleted_us = 0");
    query_text(query, programme);
    return broadcast_store_read(database, query, error);
}

GPtrArray *broadcast_store_of_tune(Database *database, const char *area, GError **error)
{
    g_autoptr(Query) query = database_query(
        database,
        "SELECT " BROADCAST_COLUMNS " FROM broadcasts b JOIN programmes p ON p.id = b.programme "
        "JOIN areas own ON own.id = p.area "
        "JOIN areas up ON substr(own.path, 1, length(up.path)) = up.path "
        "WHERE up.id = $1 AND b.deleted_us = 0 AND EXISTS (SELECT 1 "
        "FROM programme_items i WHERE i.programme = p.id AND i.bulletin IS NULL)");
    query_text(query, area);
    return broadcast_store_read(database, query, error);
}

bool broadcast_store_wanted(Database *database, const char *bulletin, int64_t now_us,
                            ApprovalScope *ret_wanted, GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "SELECT a.path, b.class FROM broadcasts b "
                  "JOIN areas a ON a.id = COALESCE(b.scope, b.area) WHERE b.deleted_us = 0 "
                  "AND (b.bulletin = $1 OR b.programme IN (SELECT programme FROM programme_items "
                  "WHERE bulletin = $1 AND kind = 'bulletin')) AND (b.kind = 'daily' "
                  "OR b.start_us >= $2 OR (b.kind = 'now' AND b.planned_once = 0) "
                  "OR " BROADCAST_CHANGED_TO(
                      "$2") ") "
                            "AND NOT EXISTS (SELECT 1 FROM broadcast_refusals r JOIN bulletins u "
                            "ON u.id = r.bulletin AND u.approved = r.version "
                            "WHERE r.broadcast = b.id AND r.bulletin = $1)");
    query_text(query, bulletin);
    query_int(query, now_us);
    g_autoptr(GString) path = NULL;
    AiringClass class = CLASS_NORMAL;
    int step;
    while ((step = query_next(query, error)) > 0) {
        if (path)
            g_string_truncate(path, broadcast_scope_common(path->str, row_text(query, 0)));
        else
            path = g_string_new(row_text(query, 0));
        if (word_index(class_words, row_text(query, 1)) == CLASS_PRIORITY)
            class = CLASS_PRIORITY;
    }
    if (step < 0)
        return false;
    *ret_wanted =
        (ApprovalScope){.area = path ? broadcast_scope_last(path->str) : NULL, .class = class};
    return true;
}

#define MAY_SOUND BROADCAST_REACHES("")
/* A "now" waits for its approval however long. */
#define WAITS                                                                                      \
    "b.id IN (SELECT id FROM broadcasts "                                                          \
    "WHERE kind = 'now' AND planned_once = 0 AND deleted_us = 0)"
#define TO_COME                                                                                    \
    "SELECT b.id, b.bulletin, b.programme, COALESCE(b.scope, b.area) AS scope, b.class "           \
    "FROM broadcasts b WHERE (" MAY_SOUND " OR " WAITS ") AND b.deleted_us = 0 "                   \
    "AND (b.kind = 'daily' OR b.start_us >= $1 OR " WAITS " OR " BROADCAST_CHANGED_TO("$1") ")"

static char *ids_text(const GPtrArray *ids)
{
    g_autoptr(Json) array = json_new_array();
    for (unsigned i = 0; i < ids->len; i++)
        json_append_text(array, g_ptr_array_index(ids, i));
    return json_print(array, NULL);
}

GPtrArray *broadcast_store_uncovered(Database *database, const GPtrArray *areas, int64_t now_us,
                                     unsigned limit, GError **error)
{
    g_autofree char *within = ids_text(areas);
    g_autoptr(Query) query = database_query(
        database, "WITH b AS (" TO_COME ") SELECT DISTINCT u.id FROM bulletins u "
                  "JOIN (SELECT b.bulletin, b.scope, b.class, b.id FROM b "
                  "WHERE b.programme IS NULL UNION ALL SELECT i.bulletin, b.scope, b.class, b.id "
                  "FROM b JOIN programme_items i ON i.programme = b.programme "
                  "AND i.kind = 'bulletin') w ON w.bulletin = u.id JOIN areas t ON t.id = w.scope "
                  "WHERE u.approved IS NOT NULL AND NOT EXISTS (SELECT 1 FROM approved_scopes s "
                  "JOIN areas a ON a.id = s.scope WHERE s.version = u.approved "
                  "AND substr(t.path, 1, length(a.path)) = a.path "
                  "AND (s.class = 'priority' OR w.class = 'normal')) "
                  "AND NOT EXISTS (SELECT 1 FROM broadcast_refusals r WHERE r.broadcast = w.id "
                  "AND r.bulletin = u.id AND r.version = u.approved) "
                  "AND EXISTS (SELECT 1 FROM json_each($3) g JOIN areas m ON m.id = g.value "
                  "WHERE substr(t.path, 1, length(m.path)) = m.path) ORDER BY u.id LIMIT $2");
    query_int(query, now_us);
    query_int(query, limit);
    query_text(query, within);
    g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
    int step;
    while ((step = query_next(query, error)) > 0)
        g_ptr_array_add(ids, g_strdup(row_text(query, 0)));
    return step == 0 ? g_steal_pointer(&ids) : NULL;
}

bool broadcast_store_delete(Database *database, const char *id, int64_t now_us, GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "UPDATE broadcasts SET deleted_us = $2 WHERE id = $1 AND deleted_us = 0");
    query_text(query, id);
    query_int(query, now_us);
    return query_run(query, error);
}

bool broadcast_store_start_waiting(Database *database, const char *bulletin, int64_t start_us,
                                   GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "UPDATE broadcasts SET start_us = $2 WHERE (bulletin = $1 OR "
                                 "programme IN (SELECT programme FROM programme_items "
                                 "WHERE bulletin = $1)) AND kind = 'now' AND planned_once = 0 "
                                 "AND deleted_us = 0 AND start_us < $2");
    query_text(query, bulletin);
    query_int(query, start_us);
    return query_run(query, error);
}

bool broadcast_store_mark_planned(Database *database, const char *id, GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "UPDATE broadcasts SET planned_once = 1 WHERE id = $1 AND planned_once = 0");
    query_text(query, id);
    return query_run(query, error);
}
