/* One list for each day and level that says something, looked up from the deepest level up. */
#include "schedule/precedence.h"

#include <string.h>

typedef struct Level {
    unsigned depth;
    GHashTable *days; /* "2026-11-21" or "" -> GPtrArray of char* */
} Level;

struct Precedence {
    GArray *levels; /* Level, top first */
};

static void level_clear(gpointer data)
{
    g_hash_table_unref(((Level *)data)->days);
}

Precedence *precedence_new(void)
{
    Precedence *self = g_new0(Precedence, 1);
    self->levels = g_array_new(FALSE, FALSE, sizeof(Level));
    g_array_set_clear_func(self->levels, level_clear);
    return self;
}

void precedence_free(Precedence *self)
{
    if (!self)
        return;
    g_array_unref(self->levels);
    g_free(self);
}

static Level *level_at(Precedence *self, unsigned depth)
{
    unsigned index = 0;
    while (index < self->levels->len && g_array_index(self->levels, Level, index).depth < depth)
        index++;
    if (index == self->levels->len || g_array_index(self->levels, Level, index).depth != depth) {
        Level level = {.depth = depth,
                       .days = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                                                     (GDestroyNotify)g_ptr_array_unref)};
        g_array_insert_val(self->levels, index, level);
    }
    return &g_array_index(self->levels, Level, index);
}

void precedence_add(Precedence *self, unsigned depth, const char *day, const char *broadcast)
{
    Level *level = level_at(self, depth);
    GPtrArray *list = g_hash_table_lookup(level->days, day);
    if (!list) {
        list = g_ptr_array_new_with_free_func(g_free);
        g_hash_table_insert(level->days, g_strdup(day), list);
    }
    g_ptr_array_add(list, g_strdup(broadcast));
}

static const GPtrArray *list_of(const Precedence *self, const char *day)
{
    for (unsigned i = self->levels->len; i-- > 0;) {
        GHashTable *days = g_array_index(self->levels, Level, i).days;
        const GPtrArray *list = g_hash_table_lookup(days, day);
        list = list ? list : g_hash_table_lookup(days, "");
        if (list)
            return list;
    }
    return NULL;
}

bool precedence_find(const Precedence *self, int64_t day, const char *broadcast,
                     unsigned *ret_place)
{
    *ret_place = 0;
    if (!self || self->levels->len == 0)
        return false;
    g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc(day * 86400);
    g_autofree char *text = g_date_time_format(date, "%Y-%m-%d");
    const GPtrArray *list = list_of(self, text);
    for (; list && *ret_place < list->len; (*ret_place)++)
        if (g_str_equal(g_ptr_array_index(list, *ret_place), broadcast))
            return true;
    return false;
}
