/* Coalesced refusals. The map in memory is bounded by codes x known keys: a key that nobody
 * accepted is counted under the empty name. */
#include "fleet/refusal_log.h"

#include "base/log.h"
#include "fleet/refusal_store.h"

typedef struct Counted {
    const char *code;
    char *keyid;
    char *remote;
    int64_t count, first_us, last_us;
} Counted;

struct RefusalLog {
    Database *database;
    GHashTable *waiting; /* "code keyid" -> Counted */
};

static void counted_free(gpointer data)
{
    Counted *one = data;
    g_free(one->keyid);
    g_free(one->remote);
    g_free(one);
}

RefusalLog *refusal_log_new(Database *database)
{
    RefusalLog *self = g_new0(RefusalLog, 1);
    self->database = database;
    self->waiting = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, counted_free);
    return self;
}

void refusal_log_free(RefusalLog *self)
{
    if (!self)
        return;
    g_hash_table_unref(self->waiting);
    g_free(self);
}

void refusal_log_add(RefusalLog *self, const char *code, const char *keyid, const char *remote,
                     int64_t now_us)
{
    g_autofree char *name = g_strdup_printf("%s %s", code, keyid);
    Counted *one = g_hash_table_lookup(self->waiting, name);
    if (!one) {
        one = g_new0(Counted, 1);
        one->code = code;
        one->keyid = g_strdup(keyid);
        one->first_us = now_us;
        g_hash_table_insert(self->waiting, g_steal_pointer(&name), one);
    }
    one->count++;
    one->last_us = now_us;
    g_free(one->remote);
    one->remote = g_strdup(remote ? remote : "");
}

static bool write_one(RefusalLog *self, const Counted *one, GError **error)
{
    Refusals row = {.code = one->code,
                    .keyid = one->keyid,
                    .remote = one->remote,
                    .count = one->count,
                    .first_us = one->first_us,
                    .last_us = one->last_us};
    if (!refusal_store_add(self->database, &row, error))
        return false;
    log_write(G_LOG_LEVEL_WARNING, (LogField[]){{"KEYID", one->keyid}, {NULL, NULL}},
              "refused %" G_GINT64_FORMAT " station request(s): %s, last from %s", one->count,
              one->code, one->remote);
    return true;
}

bool refusal_log_flush(RefusalLog *self, GError **error)
{
    if (g_hash_table_size(self->waiting) == 0)
        return true;
    if (!database_begin(self->database, error))
        return false;
    GHashTableIter iter;
    gpointer one;
    g_hash_table_iter_init(&iter, self->waiting);
    while (g_hash_table_iter_next(&iter, NULL, &one))
        if (!write_one(self, one, error)) {
            database_rollback(self->database);
            return false;
        }
    g_hash_table_remove_all(self->waiting);
    return database_commit(self->database, error);
}
