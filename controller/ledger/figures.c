/* Sums of the reports. Success is what was played as a whole among what was due: silence counts
 * against it, a cancelled airing does not count at all. */
#include "ledger/figures.h"

#include <math.h>

const char *const figure_words[] = {"played",  "partial",    "missed",   "cancelled",
                                    "unknown", "unreported", "upcoming", NULL};

static Figure figure_of(const FigureRow *row)
{
    for (unsigned i = 0; i < FIGURE_COUNT; i++)
        if (g_str_equal(figure_words[i], row->stored))
            return (Figure)i;
    return row->is_to_come ? FIGURE_UPCOMING : FIGURE_UNKNOWN;
}

void figures_add(Figures *self, const FigureRow *row)
{
    Figure figure = figure_of(row);
    self->counts[figure] += row->airings;
    if (figure != FIGURE_CANCELLED && figure != FIGURE_UPCOMING)
        self->planned_ms += row->planned_ms;
    self->played_ms += row->played_ms;
    self->late += row->late;
    self->late_ms += row->late_ms;
}

int64_t figures_due(const Figures *self)
{
    int64_t due = 0;
    for (unsigned i = 0; i < FIGURE_COUNT; i++)
        if (i != FIGURE_CANCELLED && i != FIGURE_UPCOMING)
            due += self->counts[i];
    return due;
}

double figures_success(const Figures *self)
{
    int64_t due = figures_due(self);
    return due ? (double)self->counts[FIGURE_PLAYED] / (double)due : (double)NAN;
}

GPtrArray *figures_keys(GHashTable *table)
{
    GPtrArray *keys = g_ptr_array_sized_new(g_hash_table_size(table));
    GHashTableIter iter;
    gpointer key;
    g_hash_table_iter_init(&iter, table);
    while (g_hash_table_iter_next(&iter, &key, NULL))
        g_ptr_array_add(keys, key);
    return keys;
}

void figures_write(const Figures *self, Json *object)
{
    json_set_int(object, "due", figures_due(self));
    for (unsigned i = 0; i < FIGURE_COUNT; i++)
        json_set_int(object, figure_words[i], self->counts[i]);
    json_set_real(object, "success", figures_success(self));
    json_set_int(object, "planned_ms", self->planned_ms);
    json_set_int(object, "played_ms", self->played_ms);
    json_set_int(object, "late", self->late);
    json_set_int(object, "late_ms", self->late_ms);
}
