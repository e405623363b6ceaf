/* Nonces live in rows, but 300 signed requests a second must not cost 300 commits: a nonce waits in
 * a set for the next flush, a fraction of a second later, and both places are asked. What a crash
 * can lose is that fraction: a request that is sent again within it is answered twice, which
 * receipts, health and reading bear (they mean the same the second time). */
#include "fleet/nonce_store.h"

#include "base/log.h"

struct NonceStore {
    Database *database;
    GHashTable *waiting; /* "keyid nonce" -> expires_us (boxed) */
};

NonceStore *nonce_store_new(Database *database)
{
    NonceStore *self = g_new0(NonceStore, 1);
    self->database = database;
    self->waiting = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return self;
}

void nonce_store_free(NonceStore *self)
{
    if (!self)
        return;
    g_autoptr(GError) error = NULL;
    if (!nonce_store_flush(self, 0, &error))
        log_warning("nonces could not be written: %s", error->message);
    g_hash_table_unref(self->waiting);
    g_free(self);
}

static bool has_row(NonceStore *self, const char *keyid, const char *nonce, bool *ret_found,
                    GError **error)
{
    g_autoptr(Query) query = database_query(
        self->database, "SELECT 1 FROM station_nonces WHERE keyid = $1 AND nonce = $2");
    query_text(query, keyid);
    query_text(query, nonce);
    int step = query_next(query, error);
    *ret_found = step > 0;
    return step >= 0;
}

bool nonce_store_use(NonceStore *self, const char *keyid, const char *nonce, int64_t expires_us,
                     GError **error)
{
    g_autofree char *name = g_strdup_printf("%s %s", keyid, nonce);
    bool found = false;
    if (g_hash_table_contains(self->waiting, name) || !has_row(self, keyid, nonce, &found, error) ||
        found)
        return false;
    g_hash_table_insert(self->waiting, g_steal_pointer(&name),
                        g_memdup2(&expires_us, sizeof expires_us));
    return true;
}

static bool write_waiting(NonceStore *self, GError **error)
{
    GHashTableIter iter;
    gpointer name, expires;
    g_hash_table_iter_init(&iter, self->waiting);
    while (g_hash_table_iter_next(&iter, &name, &expires)) {
        g_auto(GStrv) parts = g_strsplit(name, " ", 2);
        g_autoptr(Query) query =
            database_query(self->database, "INSERT INTO station_nonces (keyid, nonce, expires_us) "
                                           "VALUES ($1, $2, $3) ON CONFLICT DO NOTHING");
        query_text(query, parts[0]);
        query_text(query, parts[1]);
        query_int(query, *(int64_t *)expires);
        if (!query_run(query, error))
            return false;
    }
    return true;
}

static bool drop_expired(NonceStore *self, int64_t now_us, GError **error)
{
    g_autoptr(Query) query =
        database_query(self->database, "DELETE FROM station_nonces WHERE expires_us < $1");
    query_int(query, now_us);
    return query_run(query, error);
}

static gboolean is_over(gpointer name, gpointer expires_us, gpointer now_us)
{
    (void)name;
    return *(int64_t *)expires_us < *(int64_t *)now_us;
}

/* While the disk is full nothing is written for hours; what is over would only pile up. */
bool nonce_store_flush(NonceStore *self, int64_t now_us, GError **error)
{
    g_hash_table_foreach_remove(self->waiting, is_over, &now_us);
    if (g_hash_table_size(self->waiting) == 0)
        return true;
    if (!database_begin(self->database, error))
        return false;
    if (!write_waiting(self, error) || !drop_expired(self, now_us, error)) {
        database_rollback(self->database);
        return false;
    }
    if (!database_commit(self->database, error))
        return false;
    g_hash_table_remove_all(self->waiting);
    return true;
}
