/* The log brought in line with a plan: what it holds of the station's time to come is read once and
 * compared, what the plan no longer names is cancelled at the end. In steps, so that the airings of
 * many stations can be written in the order of time (fleet/publisher_sheaf.c). */
#include "schedule/airing_store_sync.h"

struct AiringSync {
    Database *database;
    AiringPlan planned;
    int64_t now_us;
    char *path;
    GHashTable *rows; /* id -> Row: those that the plan has not named so far */
};

/* What the log holds of an airing that is still to come. */
typedef struct Row {
    int64_t planned_us;
    bool is_open; /* no word yet */
    char *mark;   /* all that a new plan may change */
} Row;

static void row_free(gpointer data)
{
    Row *row = data;
    g_free(row->mark);
    g_free(row);
}

static char *mark_of(const char *version, const char *title, const char *path, int64_t start_by_us,
                     int64_t duration_ms)
{
    return g_strdup_printf("%s\n%s\n%s\n%" G_GINT64_FORMAT "\n%" G_GINT64_FORMAT, version, path,
                           title, start_by_us, duration_ms);
}

/* id -> Row of a station's airings planned in [from, until). */
static GHashTable *read_rows(Database *database, const char *station, int64_t from_us,
                             int64_t until_us, GError **error)
{
    g_autoptr(GHashTable) rows = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, row_free);
    g_autoptr(Query) query = database_query(
        database, "SELECT id, planned_us, outcome, said_by, bulletin_version, title, area_path, "
                  "start_by_us, duration_ms FROM airings WHERE station = $1 AND planned_us >= $2 "
                  "AND planned_us < $3");
    query_text(query, station);
    query_int(query, from_us);
    query_int(query, until_us);
    int step;
    while ((step = query_next(query, error)) > 0) {
        Row *row = g_new0(Row, 1);
        row->planned_us = row_int(query, 1);
        row->is_open = *row_text(query, 2) == '\0';
        bool cancelled_here = g_str_equal(row_text(query, 3), "controller");
        row->mark = cancelled_here
                        ? g_strdup("")
                        : mark_of(row_text(query, 4), row_text(query, 5), row_text(query, 6),
                                  row_int(query, 7), row_int(query, 8));
        g_hash_table_insert(rows, g_strdup(row_text(query, 0)), row);
    }
    return step == 0 ? g_steal_pointer(&rows) : NULL;
}

static bool cancel_open(Database *database, GHashTable *rows, GError **error)
{
    GHashTableIter iter;
    gpointer id, value;
    g_hash_table_iter_init(&iter, rows);
    while (g_hash_table_iter_next(&iter, &id, &value)) {
        const Row *row = value;
        if (row->is_open && !airing_store_cancel(database, row->planned_us, id, error))
            return false;
    }
    return true;
}

char *airing_store_mark(const PlanAiring *airing, const char *area_path)
{
    const PlanItem *item = g_ptr_array_index(airing->items, airing->main_item);
    return mark_of(item->bulletin_version, airing->title, area_path, airing->start_by_us,
                   airing_store_duration_ms(airing));
}

/* True when the log already says of this airing what the plan does; takes it out of `rows`. */
static bool is_logged(GHashTable *rows, const char *path, const PlanAiring *airing, const char *id)
{
    const Row *row = g_hash_table_lookup(rows, id);
    if (!row || row->planned_us != airing->start_us)
        return false; /* one that moved: the row at its old time is cancelled */
    g_autofree char *mark = airing_store_mark(airing, path);
    bool same = g_str_equal(mark, row->mark);
    g_hash_table_remove(rows, id);
    return same;
}

void airing_store_sync_free(AiringSync *self)
{
    if (!self)
        return;
    g_free(self->path);
    g_clear_pointer(&self->rows, g_hash_table_unref);
    g_free(self);
}

AiringSync *airing_store_sync_new(Database *database, const AiringPlan *planned, int64_t now_us,
                                  GError **error)
{
    g_autoptr(AiringSync) self = g_new0(AiringSync, 1);
    self->database = database;
    self->planned = *planned;
    self->now_us = now_us;
    self->path = airing_store_path(planned->plan);
    self->rows = read_rows(database, planned->station, now_us, planned->plan->until_us, error);
    return self->rows ? g_steal_pointer(&self) : NULL;
}

bool airing_store_sync_put(AiringSync *self, unsigned index, GError **error)
{
    const AiringPlan *planned = &self->planned;
    const PlanAiring *airing = g_ptr_array_index(planned->plan->airings, index);
    const char *id = planned->ids[index];
    return !airing_store_wants(self->database, planned->station, airing, id, self->now_us) ||
           is_logged(self->rows, self->path, airing, id) ||
           airing_store_put(self->database, planned, index, error);
}

bool airing_store_sync_end(AiringSync *self, GError **error)
{
    return cancel_open(self->database, self->rows, error);
}

bool airing_store_sync(Database *database, const AiringPlan *planned, int64_t now_us,
                       GError **error)
{
    g_autoptr(AiringSync) sync = airing_store_sync_new(database, planned, now_us, error);
    if (!sync)
        return false;
    for (unsigned i = 0; i < planned->plan->airings->len; i++)
        if (!airing_store_sync_put(sync, i, error))
            return false;
    return airing_store_sync_end(sync, error);
}

bool airing_store_cancel_station(Database *database, const char *station, int64_t now_us,
                                 GError **error)
{
    g_autoptr(GHashTable) rows = read_rows(database, station, now_us, G_MAXINT64, error);
    return rows && cancel_open(database, rows, error);
}
