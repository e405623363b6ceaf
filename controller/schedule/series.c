/* Expanding a series. The rule gives the RECURRENCE-IDs; everything else is looked up by them: what
 * was taken out, the newest "all following" row at or before it, the row for this very one.
 *
 * A window is about when things play, the rule about when they were meant to, and the two lie at
 * most SERIES_SHIFT_MAX_S apart: so a series with moves is expanded over a window that much wider
 * and then cut. Holidays are judged by the day on which an occurrence would play, by the clock of
 * its zone. */
#include "schedule/series.h"

#include "schedule/lunar.h"
#include "schedule/schedule_mutant.h"

#define SECOND_US INT64_C(1000000)

int64_t series_shift(const char *zone_name, int64_t recurrence_us, int64_t shift_s)
{
    g_autoptr(GTimeZone) zone = recurrence_zone_open(zone_name);
    int64_t at_s = recurrence_floor_s(recurrence_us);
    int64_t wall_s = recurrence_zone_wall_s(zone, at_s) + shift_s;
    return recurrence_zone_utc_s(zone, wall_s) * SECOND_US + (recurrence_us - at_s * SECOND_US);
}

static bool is_deleted(const Series *self, int64_t recurrence_us)
{
    unsigned low = 0, high = self->exdates ? self->exdates->len : 0;
    while (low < high) {
        unsigned middle = low + (high - low) / 2;
        int64_t at_us = g_array_index(self->exdates, int64_t, middle);
        if (at_us == recurrence_us)
            return true;
        if (at_us < recurrence_us)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

SeriesPart series_part(const Series *self, int64_t recurrence_us)
{
    unsigned i = self->parts ? self->parts->len : 0;
    while (i > 0 && g_array_index(self->parts, SeriesPart, i - 1).from_us > recurrence_us)
        i--;
    if (i > 0)
        return g_array_index(self->parts, SeriesPart, i - 1);
    return (SeriesPart){.rule = self->rule, .holidays = self->holidays, .mode = self->mode};
}

static void apply(const char *zone, const SeriesOverride *override, SeriesOccurrence *occurrence)
{
    if (override->moves)
        occurrence->start_us =
            override->following ? series_shift(zone, occurrence->recurrence_us, override->shift_s)
                                : override->start_us;
    if (override->sets_gain)
        occurrence->gain_mdb = override->gain_mdb;
    if (override->sets_tolerance)
        occurrence->tolerance_s = override->tolerance_s;
    if (override->sets_repeat) {
        occurrence->manner.repeats = override->manner.repeats;
        occurrence->manner.gap_s = override->manner.gap_s;
    }
    if (override->sets_preempt)
        occurrence->manner.on_preempt = override->manner.on_preempt;
    if (override->sets_filler)
        occurrence->manner.filler = override->manner.filler;
}

/* Rows are in order of RECURRENCE-ID: each later one that applies wins over those before it, and
 * the one for this very occurrence comes last. */
static void apply_all(const Series *self, const char *zone, SeriesOccurrence *occurrence)
{
    for (unsigned i = 0; self->overrides && i < self->overrides->len; i++) {
        const SeriesOverride *override = &g_array_index(self->overrides, SeriesOverride, i);
        if (override->recurrence_us > occurrence->recurrence_us)
            return;
        if (override->following || override->recurrence_us == occurrence->recurrence_us)
            apply(zone, override, occurrence);
    }
}

static void judge_holiday(const SeriesPart *part, SeriesOccurrence *occurrence)
{
    if (!part->holidays || part->mode == SERIES_HOLIDAYS_NONE)
        return;
    int64_t day = recurrence_local_day(part->rule.zone, SCHEDULE_MUTANT(MUTANT_HOLIDAY_BY_RULE_DAY)
                                                            ? occurrence->recurrence_us
                                                            : occurrence->start_us) +
                  LUNAR_UNIX_DAY;
    occurrence->holiday = holiday_calendar_find(part->holidays, day);
    if (occurrence->fate != SERIES_PLAYS)
        return;
    if (part->mode == SERIES_HOLIDAYS_EXCEPT && occurrence->holiday)
        occurrence->fate = SERIES_HOLIDAY;
    else if (part->mode == SERIES_HOLIDAYS_ONLY && !occurrence->holiday)
        occurrence->fate = SERIES_NO_HOLIDAY;
}

static SeriesOccurrence occurrence_of(const Series *self, int64_t recurrence_us)
{
    SeriesOccurrence occurrence = {
        .recurrence_us = recurrence_us,
        .start_us = recurrence_us,
        .fate = is_deleted(self, recurrence_us) && !SCHEDULE_MUTANT(MUTANT_EXDATE_IGNORED)
                    ? SERIES_DELETED
                    : SERIES_PLAYS,
        .gain_mdb = self->gain_mdb,
        .tolerance_s = self->tolerance_s,
        .manner = self->manner,
    };
    const SeriesPart part = series_part(self, recurrence_us);
    apply_all(self, part.rule.zone, &occurrence);
    if (SCHEDULE_MUTANT(MUTANT_OVERRIDE_DETACHES))
        occurrence.recurrence_us = occurrence.start_us;
    judge_holiday(&part, &occurrence);
    return occurrence;
}

static int compare_occurrences(gconstpointer left, gconstpointer right)
{
    const SeriesOccurrence *a = left, *b = right;
    if (a->start_us != b->start_us)
        return a->start_us < b->start_us ? -1 : 1;
    return (a->recurrence_us > b->recurrence_us) - (a->recurrence_us < b->recurrence_us);
}

static bool has_moves(const Series *self)
{
    for (unsigned i = 0; self->overrides && i < self->overrides->len; i++)
        if (g_array_index(self->overrides, SeriesOverride, i).moves)
            return true;
    return false;
}

static int64_t saturated(int64_t us, int64_t by_us)
{
    int64_t sum;
    if (!__builtin_add_overflow(us, by_us, &sum))
        return sum;
    return by_us < 0 ? G_MININT64 : G_MAXINT64;
}

/* RECURRENCE-IDs in [from, to): of each rule those between its begin and the next one's. */
static GArray *ids_of(const Series *self, int64_t from_us, int64_t to_us, unsigned most)
{
    unsigned parts = self->parts ? self->parts->len : 0;
    if (parts == 0)
        return recurrence_expand_some(&self->rule, from_us, to_us, most);
    GArray *ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
    for (unsigned i = 0; i <= parts && ids->len < most; i++) {
        const SeriesPart *part = i ? &g_array_index(self->parts, SeriesPart, i - 1) : NULL;
        int64_t begin_us = part ? MAX(from_us, part->from_us) : from_us;
        int64_t end_us =
            i < parts ? MIN(to_us, g_array_index(self->parts, SeriesPart, i).from_us) : to_us;
        if (SCHEDULE_MUTANT(MUTANT_RULE_DETACHES) && part)
            begin_us = MAX(begin_us, part->rule.start_us + 1);
        if (begin_us >= end_us)
            continue;
        g_autoptr(GArray) some = recurrence_expand_some(part ? &part->rule : &self->rule, begin_us,
                                                        end_us, most - ids->len);
        g_array_append_vals(ids, some->data, some->len);
    }
    return ids;
}

static GArray *expand_some(const Series *self, int64_t from_us, int64_t to_us, unsigned most)
{
    bool moves = has_moves(self);
    /* A day more than the shift: a night in which the clock changes. */
    int64_t reach_us = moves ? (SERIES_SHIFT_MAX_S + 86400) * SECOND_US : 0;
    int64_t last_us = saturated(to_us, reach_us);
    if (self->end_us)
        last_us = MIN(last_us, self->end_us);
    g_autoptr(GArray) ids = ids_of(self, saturated(from_us, -reach_us), last_us, most);
    GArray *list = g_array_sized_new(FALSE, FALSE, sizeof(SeriesOccurrence), ids->len);
    for (unsigned i = 0; i < ids->len; i++) {
        SeriesOccurrence one = occurrence_of(self, g_array_index(ids, int64_t, i));
        if (one.start_us >= from_us && one.start_us < to_us)
            g_array_append_val(list, one);
    }
    if (moves)
        g_array_sort(list, compare_occurrences);
    return list;
}

GArray *series_expand(const Series *self, int64_t from_us, int64_t to_us)
{
    return expand_some(self, from_us, to_us, RECURRENCE_MAX);
}

/* In steps of a year: a list of a thousand broadcasts asks this for each. */
bool series_next(const Series *self, int64_t at_us, SeriesOccurrence *ret_next)
{
    static const int64_t steps_d[] = {8, 60, 366, 3660};
    for (unsigned step = 0; step < G_N_ELEMENTS(steps_d); step++) {
        int64_t base_us = MAX(at_us, self->rule.rdates ? at_us : self->rule.start_us);
        int64_t to_us = base_us + steps_d[step] * 86400 * SECOND_US;
        g_autoptr(GArray) list = expand_some(self, at_us, to_us, RECURRENCE_MAX);
        for (unsigned i = 0; i < list->len; i++) {
            const SeriesOccurrence *one = &g_array_index(list, SeriesOccurrence, i);
            if (one->fate != SERIES_PLAYS)
                continue;
            *ret_next = *one;
            return true;
        }
    }
    return false;
}

bool series_find(const Series *self, int64_t recurrence_us, SeriesOccurrence *ret_found)
{
    if (self->end_us && recurrence_us >= self->end_us)
        return false;
    g_autoptr(GArray) ids = ids_of(self, recurrence_us, recurrence_us + 1, 1);
    if (ids->len == 0)
        return false;
    *ret_found = occurrence_of(self, recurrence_us);
    return true;
}

const char *series_reason_word(SeriesFate fate)
{
    static const char *const words[] = {[SERIES_DELETED] = "deleted",
                                        [SERIES_HOLIDAY] = "holiday",
                                        [SERIES_NO_HOLIDAY] = "no_holiday"};
    return fate == SERIES_PLAYS ? NULL : words[fate];
}

char *series_reason_text(const SeriesOccurrence *occurrence, Language language)
{
    bool english = language == LANGUAGE_EN;
    switch (occurrence->fate) {
    case SERIES_DELETED:
        return g_strdup(english ? "Taken out: this one was cancelled" : "Đã bỏ riêng lần phát này");
    case SERIES_HOLIDAY:
        return english ? g_strdup_printf("Not on holidays: %s", occurrence->holiday->name_en)
                       : g_strdup_printf("Không phát ngày lễ: %s", occurrence->holiday->name_vi);
    case SERIES_NO_HOLIDAY:
        return g_strdup(english ? "Only on holidays, and this day is none"
                                : "Chỉ phát ngày lễ, ngày này không phải ngày lễ");
    case SERIES_PLAYS:
    default: return NULL;
    }
}
