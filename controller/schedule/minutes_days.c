/* What starts on each local day is written down as bytes, equal bytes are given one number, and
 * three numbers in a row are the kind of the day in the middle: what is moved or cut at night is
 * settled by the neighbours. A day is judged by its starts alone, so all that can make a start
 * sound otherwise is among the bytes: length, tolerance, the place in the area's order. */
#include "schedule/minutes_days.h"

#define SECOND_US INT64_C(1000000)
#define DAY_S     INT64_C(86400)

typedef struct Start {
    int64_t day;
    int64_t into_us; /* since the local midnight */
    int64_t frames;
    int64_t tolerance_s;
    int64_t manner; /* what becomes of it beside others */
    int64_t place;  /* in the order that the area set for the day; -1 = none */
    int64_t rule;
    int64_t is_asked; /* of the draft, not after the last one */
} Start;

typedef struct Days {
    const Agenda *agenda;
    GTimeZone *zone;
    GArray *starts;    /* Start, by day */
    GHashTable *kinds; /* GBytes -> number + 1 */
    int64_t first;
    GArray *numbers; /* unsigned: of each day from `first` on */
    GArray *drafts;  /* bool: the draft starts something then */
} Days;

/* In frames, of what sounds at that start. */
static int64_t length_at(const PlannerRule *rule, int64_t start_us)
{
    bool repeats = broadcast_repeats(rule->broadcast);
    int64_t frames = 0;
    for (unsigned i = 0; i < rule->rundown->items->len; i++)
        if (rundown_sounds_item(rule->rundown, i, start_us, repeats))
            frames += g_array_index(rule->rundown->items, RundownItem, i).bulletin->frames;
    return frames;
}

static void add_starts(Days *self, const PlannerRule *rule, int64_t index, int64_t last_us)
{
    const Precedence *precedence = agenda_precedence(self->agenda);
    bool repeats = broadcast_repeats(rule->broadcast);
    for (unsigned i = 0; i < rule->occurrences->len; i++) {
        const SeriesOccurrence *one = &g_array_index(rule->occurrences, SeriesOccurrence, i);
        if (one->fate != SERIES_PLAYS || !rundown_sounds(rule->rundown, one->start_us, repeats))
            continue;
        int64_t at_s = recurrence_floor_s(one->start_us);
        int64_t wall_s = recurrence_zone_wall_s(self->zone, at_s);
        int64_t day = wall_s / DAY_S;
        unsigned place;
        bool listed = precedence_find(precedence, day, rule->broadcast->id, &place);
        Start start = {.day = day,
                       .into_us = wall_s % DAY_S * SECOND_US + one->start_us - at_s * SECOND_US,
                       .frames = length_at(rule, one->start_us),
                       .tolerance_s = one->tolerance_s,
                       .manner = one->manner.on_preempt * 2 + one->manner.filler,
                       .place = listed ? (int64_t)place : -1,
                       .rule = index,
                       .is_asked = one->start_us <= last_us};
        g_array_append_val(self->starts, start);
    }
}

static int by_day(gconstpointer left, gconstpointer right)
{
    const Start *a = left, *b = right;
    if (a->day != b->day)
        return a->day < b->day ? -1 : 1;
    if (a->rule != b->rule)
        return a->rule < b->rule ? -1 : 1;
    return (a->into_us > b->into_us) - (a->into_us < b->into_us);
}

static unsigned number_of(GHashTable *kinds, GBytes *take_bytes)
{
    gpointer known = g_hash_table_lookup(kinds, take_bytes);
    if (known) {
        g_bytes_unref(take_bytes);
        return GPOINTER_TO_UINT(known);
    }
    unsigned number = g_hash_table_size(kinds) + 1;
    g_hash_table_insert(kinds, take_bytes, GUINT_TO_POINTER(number));
    return number;
}

/* The local midnight that begins a day. */
static int64_t begin_of(const Days *self, int64_t day)
{
    return recurrence_zone_utc_s(self->zone, day * DAY_S) * SECOND_US;
}

/* The starts of one day, from index `from` on; returns the index after them. */
static unsigned number_day(Days *self, int64_t day, unsigned from)
{
    int64_t head[] = {(day + 3) % 7, begin_of(self, day) - day * DAY_S * SECOND_US};
    GByteArray *bytes = g_byte_array_new();
    g_byte_array_append(bytes, (const guint8 *)head, sizeof head);
    bool drafted = false;
    unsigned next = from;
    for (; next < self->starts->len; next++) {
        Start start = g_array_index(self->starts, Start, next);
        if (start.day != day)
            break;
        drafted |= start.is_asked;
        start.day = 0;
        g_byte_array_append(bytes, (const guint8 *)&start, sizeof start);
    }
    unsigned number = number_of(self->kinds, g_byte_array_free_to_bytes(bytes));
    g_array_append_val(self->numbers, number);
    g_array_append_val(self->drafts, drafted);
    return next;
}

static void number_days(Days *self)
{
    if (self->starts->len == 0)
        return;
    g_array_sort(self->starts, by_day);
    self->first = g_array_index(self->starts, Start, 0).day - 1;
    int64_t last = g_array_index(self->starts, Start, self->starts->len - 1).day + 1;
    unsigned next = 0;
    for (int64_t day = self->first; day <= last; day++)
        next = number_day(self, day, next);
}

static bool is_near(const Days *self, unsigned i)
{
    return g_array_index(self->drafts, bool, i - 1) || g_array_index(self->drafts, bool, i) ||
           g_array_index(self->drafts, bool, i + 1);
}

static GArray *kinds_of(const Days *self)
{
    GArray *list = g_array_new(FALSE, FALSE, sizeof(MinutesDay));
    g_autoptr(GHashTable) seen =
        g_hash_table_new_full(g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, NULL);
    for (unsigned i = 1; i + 1 < self->numbers->len; i++) {
        if (!is_near(self, i))
            continue;
        unsigned before = list->len + 1;
        unsigned number =
            number_of(seen, g_bytes_new(&g_array_index(self->numbers, unsigned, i - 1),
                                        3 * sizeof(unsigned)));
        if (number < before) {
            g_array_index(list, MinutesDay, number - 1).alike++;
            continue;
        }
        int64_t day = self->first + i;
        MinutesDay one = {.day = day,
                          .from_us = begin_of(self, day),
                          .until_us = begin_of(self, day + 1),
                          .alike = 1};
        g_array_append_val(list, one);
    }
    return list;
}

GArray *minutes_days(const Agenda *agenda, const char *station, unsigned draft, int64_t last_us)
{
    const GArray *rules = agenda_rules(agenda);
    g_autoptr(GTimeZone) zone = recurrence_zone_open(agenda_zone(agenda));
    g_autoptr(GArray) starts = g_array_new(FALSE, FALSE, sizeof(Start));
    g_autoptr(GArray) numbers = g_array_new(FALSE, FALSE, sizeof(unsigned));
    g_autoptr(GArray) drafts = g_array_new(FALSE, FALSE, sizeof(bool));
    g_autoptr(GHashTable) kinds =
        g_hash_table_new_full(g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, NULL);
    Days self = {.agenda = agenda,
                 .zone = zone,
                 .starts = starts,
                 .kinds = kinds,
                 .numbers = numbers,
                 .drafts = drafts};
    for (unsigned i = 0; i < rules->len; i++) {
        const PlannerRule *rule = &g_array_index(rules, PlannerRule, i);
        if (broadcast_reaches(rule->broadcast, station, agenda_path(agenda)))
            add_starts(&self, rule, i, i == draft ? last_us : G_MININT64);
    }
    number_days(&self);
    return kinds_of(&self);
}
