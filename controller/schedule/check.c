/* The clash check. Both timelines come from the one function that also decides at the station, so
 * what is said here is what will happen. Stations of one area with the same rules count as one. */
#include "schedule/check.h"

#include <string.h>

#include "base/clock.h"
#include "schedule/check_policy.h"
#include "schedule/fate_rows.h"
#include "schedule/station_kinds.h"

#define DAY_US  (INT64_C(86400) * G_USEC_PER_SEC)
#define STEP_US TIMELINE_MINUTE_US

typedef struct Busy {
    int64_t from_us, until_us;
} Busy;

struct Check {
    Minutes *minutes; /* the order, its trial and its minutes */
    const Broadcast *draft;
    const Rundown *rundown;
    int64_t now_us, from_us, until_us;
    int64_t room_us; /* how far from the first start room is looked for */
    unsigned stations;
    int64_t airings;
    FateRows *own, *others; /* what is said of each */
    GArray *busy;           /* Busy: what others sound around the first start */
};

Check *check_new(Minutes *take_minutes, int64_t now_us)
{
    Check *self = g_new0(Check, 1);
    self->minutes = take_minutes;
    self->draft = minutes_broadcast(take_minutes, 0);
    self->rundown = minutes_rundown(take_minutes, 0);
    self->now_us = now_us;
    Series series = broadcast_series(self->draft);
    SeriesOccurrence first = {.start_us = self->draft->start_us};
    if (!series_next(&series, now_us, &first))
        first.start_us = self->draft->start_us;
    self->room_us = (broadcast_repeats(self->draft) ? 1 : CHECK_DAYS) * DAY_US;
    self->from_us = first.start_us;
    self->until_us = first.start_us + CHECK_DAYS * DAY_US;
    self->own = fate_rows_new();
    self->others = fate_rows_new();
    self->busy = g_array_new(FALSE, FALSE, sizeof(Busy));
    return self;
}

void check_free(Check *self)
{
    if (!self)
        return;
    minutes_free(self->minutes);
    fate_rows_free(self->own);
    fate_rows_free(self->others);
    g_array_unref(self->busy);
    g_free(self);
}

const Broadcast *check_draft(const Check *self)
{
    return self->draft;
}

const Losses *check_losses(const Check *self)
{
    return minutes_losses(self->minutes, 0);
}

static void set_time(Json *object, const char *key, int64_t us)
{
    g_autofree char *text = us ? clock_format_utc(us) : NULL;
    json_set_text(object, key, text);
}

static bool is_troubled(const PlanAiring *airing, const TimelineFate *fate)
{
    return fate->outcome != OUTCOME_PLAYED || fate->first_us != airing->start_us ||
           fate->last_us - fate->first_us != explain_length_us(airing);
}

static bool fates_equal(const TimelineFate *a, const TimelineFate *b)
{
    return a->outcome == b->outcome && a->first_us == b->first_us && a->last_us == b->last_us;
}

static void compare(Check *self, const Explained *before, const Explained *after, unsigned stations)
{
    g_autoptr(GHashTable) was = g_hash_table_new(g_str_hash, g_str_equal);
    for (unsigned i = 0; i < before->airings.length; i++)
        g_hash_table_insert(was, (char *)before->airings.data[i].id, GUINT_TO_POINTER(i));
    for (unsigned i = 0; i < after->airings.length; i++) {
        const PlanAiring *airing = g_ptr_array_index(after->plan->airings, i);
        const TimelineFate *fate = &after->timeline->fates[i];
        bool is_draft = g_str_equal(airing->broadcast, self->draft->id);
        self->airings += is_draft ? stations : 0;
        if (is_draft && is_troubled(airing, fate))
            fate_rows_add(self->own, after, i, NULL, stations);
        gpointer index;
        if (!is_draft && g_hash_table_lookup_extended(was, airing->id, NULL, &index) &&
            !fates_equal(fate, &before->timeline->fates[GPOINTER_TO_UINT(index)]))
            fate_rows_add(self->others, after, i, airing->broadcast, stations);
    }
}

static void note_busy(Check *self, const Explained *before)
{
    for (unsigned i = 0; i < before->timeline->n_pieces; i++) {
        const TimelinePiece *piece = &before->timeline->pieces[i];
        Busy busy = {.from_us = piece->from_us, .until_us = piece->until_us};
        if (piece->until_us > self->from_us - self->room_us &&
            piece->from_us < self->from_us + self->room_us)
            g_array_append_val(self->busy, busy);
    }
}

static void check_stations(Check *self, Agenda *agenda, const char *station, unsigned stations)
{
    g_autoptr(Plan) plain = agenda_plan(agenda, station, NULL, self->now_us);
    g_autoptr(Explained) before = agenda_explain(agenda, plain, (TimelineEvents){0}, self->now_us);
    agenda_add_draft(agenda, self->draft, self->rundown);
    g_autoptr(Plan) fuller = agenda_plan(agenda, station, NULL, self->now_us);
    g_autoptr(Explained) after = agenda_explain(agenda, fuller, (TimelineEvents){0}, self->now_us);
    compare(self, before, after, stations);
    note_busy(self, before);
    agenda_remove_draft(agenda);
}

bool check_area(Check *self, Database *database, const Area *area, const GPtrArray *stations,
                GError **error)
{
    int64_t from_us = MAX(self->now_us, self->from_us - self->room_us);
    g_autoptr(Agenda) whole = agenda_new(database, area, from_us, self->until_us, error);
    if (!whole)
        return false;
    agenda_expect(whole);
    const unsigned skip[AGENDA_SKIPS] = {minutes_replaced(self->minutes, 0, whole), AGENDA_NONE};
    g_autoptr(Agenda) agenda = agenda_cut(whole, from_us, self->until_us, skip);
    g_autoptr(GArray) kinds = station_kinds(agenda, stations, NULL);
    for (unsigned i = 0; i < kinds->len; i++) {
        const StationKind *kind = &g_array_index(kinds, StationKind, i);
        check_stations(self, agenda, kind->station, kind->stations);
    }
    self->stations += stations->len;
    return true;
}

static int by_from(gconstpointer left, gconstpointer right)
{
    const Busy *a = left, *b = right;
    return (a->from_us > b->from_us) - (a->from_us < b->from_us);
}

/* In order, those that meet made one. */
static void merge_busy(GArray *busy)
{
    g_array_sort(busy, by_from);
    unsigned kept = 0;
    for (unsigned i = 0; i < busy->len; i++) {
        Busy one = g_array_index(busy, Busy, i);
        Busy *last = kept ? &g_array_index(busy, Busy, kept - 1) : NULL;
        if (last && one.from_us <= last->until_us)
            last->until_us = MAX(last->until_us, one.until_us);
        else
            g_array_index(busy, Busy, kept++) = one;
    }
    g_array_set_size(busy, kept);
}

static bool is_busy(const GArray *busy, int64_t from_us, int64_t until_us)
{
    unsigned low = 0, high = busy->len;
    while (low < high) {
        unsigned middle = low + (high - low) / 2;
        if (g_array_index(busy, Busy, middle).until_us <= from_us)
            low = middle + 1;
        else
            high = middle;
    }
    return low < busy->len && g_array_index(busy, Busy, low).from_us < until_us;
}

static bool is_free(const Check *self, int64_t start_us)
{
    int64_t by_us = start_us - self->from_us;
    return start_us >= self->now_us &&
           !is_busy(self->busy, start_us, start_us + rundown_length_us(self->rundown)) &&
           minutes_fits(self->minutes, 0, by_us) &&
           trial_fits(minutes_trial(self->minutes, 0), by_us);
}

/* The start nearest to the one asked for, by whole minutes; 0 = none. */
static int64_t nearest_free(const Check *self)
{
    merge_busy(self->busy);
    for (int64_t away_us = 0; away_us < self->room_us; away_us += STEP_US) {
        if (is_free(self, self->from_us + away_us))
            return self->from_us + away_us;
        if (is_free(self, self->from_us - away_us))
            return self->from_us - away_us;
    }
    return 0;
}

/* Of its own starts within the trial's days those that would not play: holidays by name. */
static void set_skipped(const Check *self, Json *body)
{
    Series series = broadcast_series(self->draft);
    g_autoptr(GArray) list =
        series_expand(&series, self->from_us, self->from_us + TRIAL_DAYS * DAY_US);
    Json *skipped = json_new_array();
    unsigned total = 0;
    for (unsigned i = 0; i < list->len; i++) {
        const SeriesOccurrence *one = &g_array_index(list, SeriesOccurrence, i);
        if (one->fate == SERIES_PLAYS || total++ >= CHECK_SKIPPED_MAX)
            continue;
        g_autofree char *vi = series_reason_text(one, LANGUAGE_VI);
        g_autofree char *en = series_reason_text(one, LANGUAGE_EN);
        Json *row = json_new_object();
        set_time(row, "planned_start", one->start_us);
        json_set_text(row, "code", series_reason_word(one->fate));
        json_set_text(row, "vi", vi);
        json_set_text(row, "en", en);
        json_append_take(skipped, row);
    }
    json_set_take(body, "skipped", skipped);
    json_set_int(body, "skipped_total", total);
}

Json *check_json(const Check *self)
{
    unsigned own, others;
    Json *body = json_new_object();
    json_set_int(body, "stations", self->stations);
    json_set_int(body, "airings", self->airings);
    set_time(body, "from", self->from_us);
    set_time(body, "to", self->until_us);
    json_set_take(body, "own", fate_rows_json(self->own, &own));
    json_set_take(body, "others", fate_rows_json(self->others, &others));
    json_set_int(body, "own_total", own);
    json_set_int(body, "others_total", others);
    Json *policy = check_policy_json(self->minutes, 0);
    set_skipped(self, body);
    bool clear = own + others + json_length(policy) + losses_length(check_losses(self)) == 0;
    json_set_take(body, "policy", policy);
    json_set_bool(body, "clear", clear);
    set_time(body, "nearest_free", clear ? 0 : nearest_free(self));
    return body;
}
