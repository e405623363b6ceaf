/* SQL of replaced keys. A key is in `stations` or here, never in both: what a key may do is one
 * look-up each. */
#include "registry/station_key_store.h"

#include <string.h>

#include "registry/search.h"

void station_key_free(StationKey *key)
{
    if (!key)
        return;
    g_free(key->keyid);
    g_free(key->station);
    g_free(key);
}

StationKey *station_key_store_get(Database *database, const char *keyid, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "SELECT keyid, station, public_key, replaced_us, cloned_us "
                                 "FROM station_keys WHERE keyid = $1");
    query_text(query, keyid);
    if (query_next(query, error) != 1)
        return NULL;
    StationKey *key = g_new0(StationKey, 1);
    size_t length = 0;
    const void *public_key = row_blob(query, 2, &length);
    key->keyid = g_strdup(row_text(query, 0));
    key->station = g_strdup(row_text(query, 1));
    memcpy(key->public_key, public_key, MIN(length, sizeof key->public_key));
    key->replaced_us = row_int(query, 3);
    key->cloned_us = row_int(query, 4);
    return key;
}

static bool keep_old(Database *database, const Station *before, int64_t now_us, GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "INSERT INTO station_keys (keyid, station, public_key, serial, model, "
                  "replaced_us, cloned_us) VALUES ($1, $2, $3, $4, $5, $6, $7)");
    query_text(query, before->keyid);
    query_text(query, before->id);
    query_blob(query, before->public_key, sizeof before->public_key);
    query_text(query, before->serial);
    query_text(query, before->model);
    query_int(query, now_us);
    query_int(query, before->cloned_us);
    return query_run(query, error);
}

bool station_key_store_replace(Database *database, const Station *before, const Station *now,
                               int64_t now_us, GError **error)
{
    g_autofree char *both = g_strconcat(before->name, " ", now->serial, NULL);
    g_autofree char *search = search_fold(both);
    if (!keep_old(database, before, now_us, error))
        return false;
    g_autoptr(Query) query = database_query(
        database, "UPDATE stations SET keyid = $1, public_key = $2, serial = $3, model = $4, "
                  "search = $5, cloned_us = 0 WHERE id = $6");
    query_text(query, now->keyid);
    query_blob(query, now->public_key, sizeof now->public_key);
    query_text(query, now->serial);
    query_text(query, now->model);
    query_text(query, search);
    query_text(query, before->id);
    return query_run(query, error);
}
