/* What was approved for long was approved for shorter, and what was never approved can go: neither
 * needs a version of its own. Versions are changed in place here and nowhere else, but for their
 * state and sound. */
#include "content/amend_store.h"

#include "registry/shelf_store.h"

void shortening_free(Shortening *shortening)
{
    if (!shortening)
        return;
    g_free(shortening->version);
    g_free(shortening->by);
    g_free(shortening->by_name);
    g_free(shortening);
}

/* The end, the bulletin, the version that airs. */
#define LASTS_LONGER                                                                               \
    "bulletin = $2 AND number >= $3 AND state IN ('draft', 'submitted', 'approved') "              \
    "AND valid_from_us < $1 AND (valid_until_us = 0 OR valid_until_us > $1)"

static Query *ask_longer(Database *database, const char *text, const Bulletin *airs,
                         const Shortening *act)
{
    Query *query = database_query(database, text);
    query_int(query, act->until_us);
    query_text(query, airs->id);
    query_int(query, airs->number);
    return query;
}

static bool note(Database *database, const Bulletin *airs, const Shortening *act, GError **error)
{
    g_autoptr(Query) query =
        ask_longer(database,
                   "INSERT INTO shortenings (bulletin, version, until_us, by_user, by_name, at_us) "
                   "SELECT bulletin, id, $1, $4, $5, $6 FROM bulletin_versions WHERE " LASTS_LONGER,
                   airs, act);
    query_text(query, act->by);
    query_text(query, act->by_name);
    query_int(query, act->at_us);
    return query_run(query, error);
}

bool amend_store_shorten(Database *database, const Bulletin *airs, const Shortening *act,
                         GError **error)
{
    if (!note(database, airs, act, error))
        return false;
    g_autoptr(Query) query =
        ask_longer(database,
                   "UPDATE bulletin_versions SET valid_until_us = $1, updated_us = $4 "
                   "WHERE " LASTS_LONGER,
                   airs, act);
    query_int(query, act->at_us);
    return query_run(query, error);
}

GPtrArray *amend_store_shortenings(Database *database, const char *bulletin, GError **error)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)shortening_free);
    g_autoptr(Query) query =
        database_query(database, "SELECT version, by_user, by_name, until_us, at_us "
                                 "FROM shortenings WHERE bulletin = $1 ORDER BY seq");
    query_text(query, bulletin);
    int step;
    while ((step = query_next(query, error)) > 0) {
        Shortening *one = g_new0(Shortening, 1);
        *one = (Shortening){g_strdup(row_text(query, 0)), g_strdup(row_text(query, 1)),
                            g_strdup(row_text(query, 2)), row_int(query, 3), row_int(query, 4)};
        g_ptr_array_add(list, one);
    }
    return step == 0 ? g_steal_pointer(&list) : NULL;
}

#define MEANWHILE "the version that waits has changed meanwhile"

static bool drop(Database *database, const Bulletin *newest, int64_t now_us, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "UPDATE bulletin_versions SET state = 'withdrawn', "
                                 "updated_us = $1 WHERE id = $2 AND state = $3");
    query_int(query, now_us);
    query_text(query, newest->version);
    query_text(query, bulletin_state_word(newest->state));
    return query_run_one(query, MEANWHILE, error);
}

static bool point_at(Database *database, const Bulletin *newest, const Bulletin *airs,
                     GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "UPDATE bulletins SET newest = $1 "
                                 "WHERE id = $2 AND newest = $3 AND approved = $1");
    query_text(query, airs->version);
    query_text(query, airs->id);
    query_text(query, newest->version);
    return query_run_one(query, MEANWHILE, error);
}

bool amend_store_revert(Database *database, const Bulletin *newest, const Bulletin *airs,
                        int64_t now_us, GError **error)
{
    return shelf_store_take(database, SHELF_BULLETINS, airs->id, error) &&
           drop(database, newest, now_us, error) && point_at(database, newest, airs, error) &&
           shelf_store_put(database, SHELF_BULLETINS, airs->id, error);
}
