/* Every airing ends in a receipt or in an entry about silence; one that has neither was left out.
 *
 * Judged is what a plan signed after its start still names: until then it may have been taken out
 * of the plan, and the plan that did so may not be kept. It must be over for 60 days, and a day
 * more for the controller to get to it, by the last that the controller signed: an export has no
 * clock. Where receipts have been pruned nobody can tell any more what they spoke of. Plays of
 * alerts stand in no plan and are not asked for. */
#include "audit_missing.h"

#include <string.h>

#include "audit_orders.h"
#include "wire/silence.h"

#define FILE_NAME "plans.jsonl"
#define GRACE_US  (INT64_C(86400) * G_USEC_PER_SEC)

static bool is_due(const Audit *self, const AuditOrder *order)
{
    return order->starts->len > 0 && order->issued_us > order->start_us &&
           order->end_us + SILENCE_AFTER_US + GRACE_US < self->latest_us;
}

static bool may_be_pruned(const Audit *self, const char *station, const AuditOrder *order)
{
    const int64_t *unknown = g_hash_table_lookup(self->unknown, station);
    return unknown && order->start_us <= *unknown;
}

static void check(Audit *self, const char *name, const AuditOrder *order)
{
    if (!is_due(self, order) || g_hash_table_contains(self->words, name) ||
        g_hash_table_contains(self->silent, name))
        return;
    const char *airing = strchr(name, ' ') + 1;
    g_autofree char *station = g_strndup(name, (size_t)(airing - name - 1));
    if (may_be_pruned(self, station, order))
        return;
    self->line = order->line;
    audit_rows_fault(self,
                     "station %s: airing %s was planned, and neither a receipt nor an entry in "
                     "unreported.jsonl speaks of it",
                     station, airing);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* How many airings of each station are called unreported. */
static GHashTable *count_silent(const Audit *self)
{
    GHashTable *counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    GHashTableIter iter;
    gpointer name;
    g_hash_table_iter_init(&iter, self->silent);
    while (g_hash_table_iter_next(&iter, &name, NULL)) {
        char *station = g_strndup(name, strcspn(name, " "));
        unsigned before = GPOINTER_TO_UINT(g_hash_table_lookup(counts, station));
        g_hash_table_replace(counts, station, GUINT_TO_POINTER(before + 1));
    }
    return counts;
}

/* The gap is a fault of its own; this is what it may hide. */
static void note_gaps(Audit *self)
{
    g_autoptr(GHashTable) counts = count_silent(self);
    GHashTableIter iter;
    gpointer station;
    g_hash_table_iter_init(&iter, self->gaps);
    while (g_hash_table_iter_next(&iter, &station, NULL)) {
        unsigned silent = GPOINTER_TO_UINT(g_hash_table_lookup(counts, station));
        if (silent)
            audit_rows_note(self,
                            "station %s: receipts are missing in its chain, and %u of its airings "
                            "are called unreported: its word on them may be among the missing",
                            (char *)station, silent);
    }
}

void audit_missing_end(Audit *self)
{
    self->file = FILE_NAME;
    unsigned length = 0;
    g_autofree gpointer *names = g_hash_table_get_keys_as_array(self->orders, &length);
    qsort(names, length, sizeof *names, by_text);
    for (unsigned i = 0; i < length; i++)
        check(self, names[i], g_hash_table_lookup(self->orders, names[i]));
    note_gaps(self);
}
