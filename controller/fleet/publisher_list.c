/* Two plans side by side. Airings are matched by what their id is made of, without the station. */
#include "fleet/publisher_list.h"

#include "schedule/airing_store_sync.h"

#define FNV_BASIS UINT64_C(14695981039346656037)
#define FNV_PRIME UINT64_C(1099511628211)

struct PublisherList {
    unsigned refs;
    uint64_t serial;
    GArray *listed;  /* PublisherListed, in the order of the plan */
    uint64_t before; /* serial of the list that `puts` and `drops` compare with; 0 = none yet */
    GArray *puts, *drops;
};

/* FNV-1a, 64 bits: the texts are our own. */
static uint64_t hash_text(const char *text)
{
    uint64_t hash = FNV_BASIS;
    for (; *text; text++)
        hash = (hash ^ (uint8_t)*text) * FNV_PRIME;
    return hash;
}

PublisherList *publisher_list_new(const Plan *plan)
{
    static uint64_t serial;
    PublisherList *self = g_new0(PublisherList, 1);
    self->refs = 1;
    self->serial = ++serial;
    self->listed = g_array_sized_new(FALSE, FALSE, sizeof(PublisherListed), plan->airings->len);
    g_autofree char *path = airing_store_path(plan);
    for (unsigned i = 0; i < plan->airings->len; i++) {
        const PlanAiring *airing = g_ptr_array_index(plan->airings, i);
        g_autofree char *mark = airing_store_mark(airing, path);
        PublisherListed one = {.broadcast = g_intern_string(airing->broadcast),
                               .start_us = airing->start_us,
                               .recurrence_us = airing->recurrence_us,
                               .repeat = airing->repeat,
                               .mark = hash_text(mark)};
        g_array_append_val(self->listed, one);
    }
    return self;
}

PublisherList *publisher_list_ref(PublisherList *self)
{
    self->refs++;
    return self;
}

static void forget_change(PublisherList *self)
{
    g_clear_pointer(&self->puts, g_array_unref);
    g_clear_pointer(&self->drops, g_array_unref);
}

void publisher_list_unref(PublisherList *self)
{
    if (!self || --self->refs > 0)
        return;
    forget_change(self);
    g_array_unref(self->listed);
    g_free(self);
}

static guint listed_hash(gconstpointer key)
{
    const PublisherListed *one = key;
    return g_int64_hash(&one->recurrence_us) ^ g_direct_hash(one->broadcast) ^ one->repeat;
}

static gboolean listed_equal(gconstpointer left, gconstpointer right)
{
    const PublisherListed *a = left, *b = right;
    return a->recurrence_us == b->recurrence_us && a->broadcast == b->broadcast &&
           a->repeat == b->repeat;
}

static void compare(PublisherList *self, const GArray *listed)
{
    g_autoptr(GHashTable) old = g_hash_table_new(listed_hash, listed_equal);
    for (unsigned i = 0; i < listed->len; i++)
        g_hash_table_add(old, &g_array_index(listed, PublisherListed, i));
    for (unsigned i = 0; i < self->listed->len; i++) {
        const PublisherListed *one = &g_array_index(self->listed, PublisherListed, i);
        const PublisherListed *was = g_hash_table_lookup(old, one);
        if (!was || was->start_us != one->start_us || was->mark != one->mark)
            g_array_append_val(self->puts, i);
        if (was && was->start_us == one->start_us)
            g_hash_table_remove(old, one);
    }
    GHashTableIter iter;
    gpointer gone;
    g_hash_table_iter_init(&iter, old);
    while (g_hash_table_iter_next(&iter, &gone, NULL))
        g_array_append_vals(self->drops, gone, 1);
}

PublisherChange publisher_list_change(PublisherList *self, const PublisherList *before)
{
    if (self->before != before->serial) {
        forget_change(self);
        self->before = before->serial;
        self->puts = g_array_new(FALSE, FALSE, sizeof(unsigned));
        self->drops = g_array_new(FALSE, FALSE, sizeof(PublisherListed));
        if (self != before)
            compare(self, before->listed);
    }
    return (PublisherChange){.puts = self->puts, .drops = self->drops};
}
