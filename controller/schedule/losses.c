/* One row for each broadcast and each way of losing; kinds of stations come one after the other,
 * and each adds its number once, however many days it loses. What confirms a list is a digest of
 * what people are shown of it, without instants that move with the clock and without ids that are
 * new each time. */
#include "schedule/losses.h"

#include <string.h>

#include "digest.h"

#define DIGEST_LETTERS 32

struct Losses {
    GHashTable *rows; /* what it is about -> Loss */
    unsigned turn, stations;
    const char *zone;
};

static void loss_free(gpointer data)
{
    Loss *loss = data;
    g_free(loss->broadcast);
    g_free(loss->title);
    g_free(loss->area);
    g_free(loss->zone);
    json_drop(loss->why);
    g_free(loss);
}

Losses *losses_new(void)
{
    Losses *self = g_new0(Losses, 1);
    self->rows = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, loss_free);
    return self;
}

void losses_free(Losses *self)
{
    if (!self)
        return;
    g_hash_table_unref(self->rows);
    g_free(self);
}

void losses_begin(Losses *self, unsigned stations, const char *zone)
{
    self->turn++;
    self->stations = stations;
    self->zone = zone;
}

static Loss *loss_of(const Explained *world, unsigned who, bool own)
{
    const PlanAiring *airing = g_ptr_array_index(world->plan->airings, who);
    const TimelineFate *fate = &world->timeline->fates[who];
    Loss *loss = g_new0(Loss, 1);
    loss->broadcast = own ? NULL : g_strdup(airing->broadcast);
    loss->title = g_strdup(airing->title);
    loss->area = g_strdup(airing->issuer);
    loss->class = airing->class;
    loss->outcome = fate->outcome;
    loss->first_us = airing->start_us;
    loss->why = explain_rule_json(world, fate->rule, fate->by, TIMELINE_LIMIT_NONE);
    return loss;
}

void losses_add(Losses *self, const Explained *world, unsigned who, bool own, unsigned days)
{
    const PlanAiring *airing = g_ptr_array_index(world->plan->airings, who);
    const TimelineFate *fate = &world->timeline->fates[who];
    const PlanAiring *by = explained_airing(world, fate->by);
    g_autofree char *key =
        g_strdup_printf("%s\n%d\n%d\n%s", own ? airing->title : airing->broadcast, fate->outcome,
                        fate->rule, by ? by->broadcast : "");
    Loss *loss = g_hash_table_lookup(self->rows, key);
    if (!loss) {
        loss = loss_of(world, who, own);
        loss->zone = g_strdup(self->zone);
        g_hash_table_insert(self->rows, g_steal_pointer(&key), loss);
    }
    if (loss->turn != self->turn) {
        loss->turn = self->turn;
        loss->turn_starts = 0;
        loss->stations += self->stations;
    }
    loss->turn_starts += days;
    loss->starts = MAX(loss->starts, loss->turn_starts);
    loss->first_us = MIN(loss->first_us, airing->start_us);
}

void losses_join(Losses *self, const Losses *other)
{
    GHashTableIter iter;
    gpointer key, value;
    g_hash_table_iter_init(&iter, other->rows);
    while (g_hash_table_iter_next(&iter, &key, &value)) {
        const Loss *one = value;
        Loss *loss = g_hash_table_lookup(self->rows, key);
        if (!loss) {
            loss = g_memdup2(one, sizeof *one);
            loss->broadcast = g_strdup(one->broadcast);
            loss->title = g_strdup(one->title);
            loss->area = g_strdup(one->area);
            loss->zone = g_strdup(one->zone);
            loss->why = json_hold(one->why);
            g_hash_table_insert(self->rows, g_strdup(key), loss);
            continue;
        }
        loss->starts += one->starts;
        loss->stations = MAX(loss->stations, one->stations);
        loss->first_us = MIN(loss->first_us, one->first_us);
    }
}

unsigned losses_length(const Losses *self)
{
    return g_hash_table_size(self->rows);
}

static int by_start(gconstpointer left, gconstpointer right)
{
    const Loss *a = *(Loss *const *)left, *b = *(Loss *const *)right;
    if (!a->broadcast != !b->broadcast)
        return a->broadcast ? 1 : -1;
    if (a->first_us != b->first_us)
        return a->first_us < b->first_us ? -1 : 1;
    int by_title = strcmp(a->title, b->title);
    return by_title ? by_title : (int)a->outcome - (int)b->outcome;
}

GPtrArray *losses_list(const Losses *self)
{
    GPtrArray *list = g_ptr_array_new();
    GHashTableIter iter;
    gpointer loss;
    g_hash_table_iter_init(&iter, self->rows);
    while (g_hash_table_iter_next(&iter, NULL, &loss))
        g_ptr_array_add(list, loss);
    g_ptr_array_sort(list, by_start);
    return list;
}

static int by_text(gconstpointer left, gconstpointer right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

char *losses_digest(const Losses *self)
{
    if (losses_length(self) == 0)
        return NULL;
    g_autoptr(GPtrArray) list = losses_list(self);
    g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
    for (unsigned i = 0; i < list->len; i++) {
        const Loss *loss = g_ptr_array_index(list, i);
        g_ptr_array_add(lines, g_strdup_printf("%s\n%d %u %u\n",
                                               loss->broadcast ? loss->broadcast : loss->title,
                                               loss->outcome, loss->starts, loss->stations));
    }
    g_ptr_array_sort(lines, by_text);
    g_autoptr(GString) text = g_string_new(NULL);
    for (unsigned i = 0; i < lines->len; i++)
        g_string_append(text, g_ptr_array_index(lines, i));
    char *hex = digest_hex_of(text->str, text->len);
    hex[DIGEST_LETTERS] = '\0';
    return hex;
}
