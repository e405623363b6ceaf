/* A boot id is drawn anew at every start and never comes back. So one that was heard before, with
 * another in between, means two machines that hold the same key: a copied memory card. Which of the
 * two is the real one nobody can tell from here, so nothing that the key signs is evidence any
 * more, until a person gives the station a device with a key of its own. It goes on getting its
 * plan: the village is not to fall silent for it.
 *
 * The boot of each key in force lies in memory, so only a new boot costs a row. */
#include "fleet/clone_watch.h"

struct CloneWatch {
    Database *database;
    GHashTable *boots;  /* keyid -> boot id last heard */
    GHashTable *cloned; /* station -> since (boxed) */
};

static void remember(const char *station, int64_t since_us, void *user)
{
    CloneWatch *self = user;
    g_hash_table_insert(self->cloned, g_strdup(station), g_memdup2(&since_us, sizeof since_us));
}

CloneWatch *clone_watch_new(Database *database, GError **error)
{
    g_autoptr(CloneWatch) self = g_new0(CloneWatch, 1);
    self->database = database;
    self->boots = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    self->cloned = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return boot_store_cloned(database, remember, self, error) ? g_steal_pointer(&self) : NULL;
}

void clone_watch_free(CloneWatch *self)
{
    if (!self)
        return;
    g_hash_table_unref(self->boots);
    g_hash_table_unref(self->cloned);
    g_free(self);
}

static bool note(CloneWatch *self, const Station *station, const char *boot_id, int64_t now_us,
                 bool *ret_returned, GError **error)
{
    if (!database_begin(self->database, error))
        return false;
    if (!boot_store_note(self->database, station->keyid, boot_id, now_us, ret_returned, error) ||
        (*ret_returned && !boot_store_set_cloned(self->database, station->id, now_us, error))) {
        database_rollback(self->database);
        return false;
    }
    return database_commit(self->database, error);
}

bool clone_watch_heard(CloneWatch *self, const Station *station, const char *boot_id,
                       int64_t now_us, GError **error)
{
    const char *before = g_hash_table_lookup(self->boots, station->keyid);
    bool returned = false;
    if ((before && g_str_equal(before, boot_id)) ||
        !note(self, station, boot_id, now_us, &returned, error))
        return false;
    g_hash_table_insert(self->boots, g_strdup(station->keyid), g_strdup(boot_id));
    bool news = returned && !clone_watch_since(self, station->id);
    if (news)
        remember(station->id, now_us, self);
    return news;
}

int64_t clone_watch_since(const CloneWatch *self, const char *station)
{
    const int64_t *since = g_hash_table_lookup(self->cloned, station);
    return since ? *since : 0;
}

void clone_watch_forget(CloneWatch *self, const char *station)
{
    g_hash_table_remove(self->cloned, station);
}
