/* Airings of one broadcast and one start that end in the same way are one row, whatever station
 * they are of: a thousand stations read as three sentences. */
#include "schedule/fate_rows.h"

#include "base/clock.h"

typedef struct Row {
    Json *json;
    int64_t start_us;
    unsigned stations;
} Row;

struct FateRows {
    GHashTable *rows; /* what is said -> Row */
};

static void row_free(gpointer data)
{
    Row *row = data;
    json_drop(row->json);
    g_free(row);
}

FateRows *fate_rows_new(void)
{
    FateRows *self = g_new0(FateRows, 1);
    self->rows = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, row_free);
    return self;
}

void fate_rows_free(FateRows *self)
{
    if (!self)
        return;
    g_hash_table_unref(self->rows);
    g_free(self);
}

static void set_time(Json *object, const char *key, int64_t us)
{
    g_autofree char *text = us ? clock_format_utc(us) : NULL;
    json_set_text(object, key, text);
}

static Row *row_new(const Explained *world, unsigned who, const char *broadcast)
{
    const PlanAiring *airing = g_ptr_array_index(world->plan->airings, who);
    const TimelineFate *fate = &world->timeline->fates[who];
    Row *row = g_new0(Row, 1);
    row->start_us = airing->start_us;
    row->json = json_new_object();
    json_set_text(row->json, "broadcast", broadcast);
    json_set_text(row->json, "title", airing->title);
    json_set_text(row->json, "class", class_words[airing->class]);
    set_time(row->json, "planned_start", airing->start_us);
    json_set_text(row->json, "outcome", outcome_words[fate->outcome]);
    set_time(row->json, "from", fate->first_us);
    set_time(row->json, "until", fate->last_us);
    json_set_int(row->json, "length_s", explain_length_us(airing) / G_USEC_PER_SEC);
    json_set_int(row->json, "moved_s",
                 fate->first_us ? (fate->first_us - airing->start_us) / G_USEC_PER_SEC : 0);
    json_set_take(row->json, "why",
                  explain_rule_json(world, fate->rule, fate->by, TIMELINE_LIMIT_NONE));
    return row;
}

void fate_rows_add(FateRows *self, const Explained *world, unsigned who, const char *broadcast,
                   unsigned stations)
{
    const PlanAiring *airing = g_ptr_array_index(world->plan->airings, who);
    const TimelineFate *fate = &world->timeline->fates[who];
    const PlanAiring *by = explained_airing(world, fate->by);
    g_autofree char *key = g_strdup_printf(
        "%s %" G_GINT64_FORMAT " %d %d %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %s",
        airing->broadcast, airing->start_us, fate->rule, fate->outcome, fate->first_us,
        fate->last_us, by ? by->broadcast : "");
    Row *row = g_hash_table_lookup(self->rows, key);
    if (!row) {
        row = row_new(world, who, broadcast);
        g_hash_table_insert(self->rows, g_steal_pointer(&key), row);
    }
    row->stations += stations;
}

static int by_start(gconstpointer left, gconstpointer right)
{
    const Row *a = *(Row *const *)left, *b = *(Row *const *)right;
    if (a->start_us != b->start_us)
        return a->start_us < b->start_us ? -1 : 1;
    if (a->stations != b->stations)
        return a->stations > b->stations ? -1 : 1;
    return g_strcmp0(json_peek_text(a->json, "title"), json_peek_text(b->json, "title"));
}

Json *fate_rows_json(const FateRows *self, unsigned *ret_total)
{
    g_autoptr(GPtrArray) rows = g_ptr_array_new();
    GHashTableIter iter;
    gpointer row;
    g_hash_table_iter_init(&iter, self->rows);
    while (g_hash_table_iter_next(&iter, NULL, &row))
        g_ptr_array_add(rows, row);
    g_ptr_array_sort(rows, by_start);
    *ret_total = rows->len;
    Json *list = json_new_array();
    for (unsigned i = 0; i < rows->len && i < FATE_ROWS_MAX; i++) {
        Row *one = g_ptr_array_index(rows, i);
        json_set_int(one->json, "stations", one->stations);
        json_append_take(list, json_hold(one->json));
    }
    return list;
}
