/* Room is looked for by arithmetic, not by resolving a timeline for each minute of half a day: a
 * start that meets nothing sounds at its own time, and then the sums of its session and of its day
 * are all that can be against it. */
#include "schedule/minutes_slot.h"

typedef struct Sound {
    int64_t from_us, until_us;
} Sound;

struct MinutesSlot {
    GArray *busy;   /* Sound, ascending, none meets another */
    GArray *starts; /* int64_t, ascending */
    int64_t length_us;
    MinutesLimits limits;
    char *zone;
};

static int by_from(gconstpointer left, gconstpointer right)
{
    const Sound *a = left, *b = right;
    return (a->from_us > b->from_us) - (a->from_us < b->from_us);
}

static void add_sound(GArray *sounds, int64_t from_us, int64_t length_us)
{
    Sound one = {from_us, from_us + length_us};
    g_array_append_val(sounds, one);
}

MinutesSlot *minutes_slot_new(const MinutesSlotParts *parts)
{
    MinutesSlot *self = g_new0(MinutesSlot, 1);
    self->busy = g_array_new(FALSE, FALSE, sizeof(Sound));
    self->starts = g_array_copy((GArray *)parts->starts);
    self->length_us = parts->length_us;
    self->limits = parts->limits;
    self->zone = g_strdup(parts->zone);
    const Timeline *timeline = parts->base->timeline;
    for (unsigned i = 0; i < timeline->n_pieces; i++)
        add_sound(self->busy, timeline->pieces[i].from_us,
                  timeline->pieces[i].until_us - timeline->pieces[i].from_us);
    for (unsigned i = 0; i < parts->fixed->len; i++)
        add_sound(self->busy, g_array_index(parts->fixed, int64_t, i), parts->length_us);
    g_array_sort(self->busy, by_from);
    return self;
}

void minutes_slot_free(MinutesSlot *self)
{
    if (!self)
        return;
    g_array_unref(self->busy);
    g_array_unref(self->starts);
    g_free(self->zone);
    g_free(self);
}

static const Sound *sound_at(const GArray *sounds, unsigned i)
{
    return &g_array_index(sounds, Sound, i);
}

/* Index of the first sound that ends after an instant. */
static unsigned first_after(const GArray *sounds, int64_t at_us)
{
    unsigned low = 0, high = sounds->len;
    while (low < high) {
        unsigned middle = low + (high - low) / 2;
        if (sound_at(sounds, middle)->until_us <= at_us)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* What sounds with the order among it; NULL where it would meet something. */
static GArray *with_order(const MinutesSlot *self, int64_t by_us)
{
    for (unsigned i = 0; i < self->starts->len; i++) {
        int64_t from_us = g_array_index(self->starts, int64_t, i) + by_us;
        unsigned next = first_after(self->busy, from_us);
        if (next < self->busy->len &&
            sound_at(self->busy, next)->from_us < from_us + self->length_us)
            return NULL;
    }
    GArray *all = g_array_copy(self->busy);
    for (unsigned i = 0; i < self->starts->len; i++)
        add_sound(all, g_array_index(self->starts, int64_t, i) + by_us, self->length_us);
    g_array_sort(all, by_from);
    return all;
}

/* Of the session that holds sound `i`. */
static int64_t session_sum(const GArray *all, unsigned i)
{
    unsigned first = i, last = i;
    while (first > 0 && sound_at(all, first)->from_us - sound_at(all, first - 1)->until_us <=
                            TIMELINE_SESSION_GAP_US)
        first--;
    while (last + 1 < all->len &&
           sound_at(all, last + 1)->from_us - sound_at(all, last)->until_us <=
               TIMELINE_SESSION_GAP_US)
        last++;
    int64_t sum_us = 0;
    for (unsigned k = first; k <= last; k++)
        sum_us += sound_at(all, k)->until_us - sound_at(all, k)->from_us;
    return sum_us;
}

static int64_t day_sum(const GArray *all, unsigned i, const char *zone)
{
    int64_t day = recurrence_local_day(zone, sound_at(all, i)->from_us);
    int64_t sum_us = 0;
    for (unsigned k = 0; k < all->len; k++)
        if (recurrence_local_day(zone, sound_at(all, k)->from_us) == day)
            sum_us += sound_at(all, k)->until_us - sound_at(all, k)->from_us;
    return sum_us;
}

bool minutes_slot_fits(const MinutesSlot *self, int64_t by_us)
{
    g_autoptr(GArray) all = with_order(self, by_us);
    for (unsigned i = 0; all && i < self->starts->len; i++) {
        unsigned own = first_after(all, g_array_index(self->starts, int64_t, i) + by_us);
        if (self->limits.session_us && session_sum(all, own) > self->limits.session_us)
            return false;
        if (self->limits.day_us && day_sum(all, own, self->zone) > self->limits.day_us)
            return false;
    }
    return all != NULL;
}

int64_t minutes_slot_wanted(const Explained *after, unsigned airing, bool of_session,
                            const char *zone)
{
    g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(Sound));
    int64_t end_us = G_MININT64;
    for (unsigned i = 0; i < after->airings.length; i++) { /* by start: one after the other */
        const PlanAiring *one = g_ptr_array_index(after->plan->airings, i);
        Sound sound = {.from_us = MAX(one->start_us, end_us)};
        end_us = sound.until_us = sound.from_us + explain_length_us(one);
        g_array_append_val(all, sound);
    }
    return of_session ? session_sum(all, airing) : day_sum(all, airing, zone);
}
