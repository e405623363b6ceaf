/* Rules, dates and changes in the database. They are read with every broadcast, so those without
 * any cost three indexed look-ups and no memory; a calendar is read once for a whole list. */
#include "schedule/series_store.h"

#include "schedule/holiday_store.h"

static const char *const mode_words[] = {"none", "except", "only", NULL};

GHashTable *series_store_calendars(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                                 (GDestroyNotify)holiday_calendar_unref);
}

static bool take_calendar(Database *database, Broadcast *broadcast, GHashTable *calendars,
                          GError **error)
{
    if (!broadcast->calendar)
        return true;
    HolidayCalendar *calendar = g_hash_table_lookup(calendars, broadcast->calendar);
    if (!calendar) {
        g_autoptr(GError) failed = NULL;
        calendar = holiday_store_get(database, broadcast->calendar, &failed);
        if (failed) {
            g_propagate_error(error, g_steal_pointer(&failed));
            return false;
        }
        if (calendar)
            g_hash_table_insert(calendars, g_strdup(broadcast->calendar), calendar);
    }
    broadcast->holidays = calendar ? holiday_calendar_ref(calendar) : NULL;
    return true;
}

/* 0 where no word is meant. */
static unsigned index_of(const char *const *words, const char *word)
{
    for (unsigned i = 0; word && words[i]; i++)
        if (g_str_equal(words[i], word))
            return i;
    return 0;
}

static SeriesHolidays mode_of(const char *word)
{
    return (SeriesHolidays)index_of(mode_words, word);
}

static bool read_rule(Database *database, Broadcast *broadcast, GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "SELECT rrule, lunar_days, lunar_months, lunar_skip_leap, holidays, "
                  "holidays_mode, end_us FROM broadcast_rules WHERE broadcast = $1");
    query_text(query, broadcast->id);
    int step = query_next(query, error);
    if (step <= 0)
        return step == 0;
    broadcast->rrule = g_strdup(row_text(query, 0));
    broadcast->lunar = (RecurrenceLunar){.days = (uint32_t)row_int(query, 1),
                                         .months = (uint32_t)row_int(query, 2),
                                         .skip_leap = row_bool(query, 3)};
    broadcast->calendar = g_strdup(row_text(query, 4));
    broadcast->holidays_mode = mode_of(row_text(query, 5));
    broadcast->end_us = row_int(query, 6);
    if (broadcast->rrule || broadcast->lunar.days)
        broadcast->kind = BROADCAST_RULE;
    return true;
}

static bool read_dates(Database *database, Broadcast *broadcast, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "SELECT kind, at_us FROM broadcast_dates WHERE broadcast = $1 "
                                 "ORDER BY kind, at_us");
    query_text(query, broadcast->id);
    int step;
    while ((step = query_next(query, error)) > 0)
        broadcast_add_date(broadcast, g_str_equal(row_text(query, 0), "except"), row_int(query, 1));
    return step == 0;
}

static bool read_overrides(Database *database, Broadcast *broadcast, GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "SELECT recurrence_us, scope, start_us, shift_s, gain_mdb, tolerance_s, "
                  "repeat_count, repeat_gap_s, on_preempt, filler FROM broadcast_overrides WHERE "
                  "broadcast = $1 ORDER BY recurrence_us, scope");
    query_text(query, broadcast->id);
    int step;
    while ((step = query_next(query, error)) > 0) {
        bool following = g_str_equal(row_text(query, 1), "following");
        SeriesOverride one = {.recurrence_us = row_int(query, 0),
                              .following = following,
                              .moves = !row_is_null(query, following ? 3 : 2),
                              .start_us = row_int(query, 2),
                              .shift_s = row_int(query, 3),
                              .sets_gain = !row_is_null(query, 4),
                              .gain_mdb = (int)row_int(query, 4),
                              .sets_tolerance = !row_is_null(query, 5),
                              .tolerance_s = row_int(query, 5),
                              .sets_repeat = !row_is_null(query, 6),
                              .sets_preempt = !row_is_null(query, 8),
                              .sets_filler = !row_is_null(query, 9),
                              .manner = {.repeats = (unsigned)row_int(query, 6),
                                         .gap_s = row_int(query, 7),
                                         .filler = row_bool(query, 9)}};
        one.manner.on_preempt = (OnPreempt)index_of(on_preempt_words, row_text(query, 8));
        broadcast_add_override(broadcast, &one);
    }
    return step == 0;
}

/* Parts of before 028 say nothing of zone and holidays: those of the broadcast. */
static bool add_part(Database *database, Broadcast *broadcast, Query *row, GHashTable *calendars,
                     GError **error)
{
    bool own = !row_is_null(row, 9);
    const char *zone = row_text(row, 7), *calendar = own ? row_text(row, 8) : broadcast->calendar;
    Broadcast rule = {
        .start_us = row_int(row, 1),
        .until = (char *)row_text(row, 2),
        .rrule = (char *)row_text(row, 3),
        .lunar = {.days = (uint32_t)row_int(row, 4),
                  .months = (uint32_t)row_int(row, 5),
                  .skip_leap = row_bool(row, 6)},
        .zone = zone ? (char *)zone : broadcast->zone,
        .calendar = (char *)calendar,
        .holidays_mode = own ? mode_of(row_text(row, 9)) : broadcast->holidays_mode,
    };
    bool ok = take_calendar(database, &rule, calendars, error);
    if (ok)
        broadcast_add_part(broadcast, row_int(row, 0), &rule);
    holiday_calendar_unref(rule.holidays);
    return ok;
}

static bool read_parts(Database *database, Broadcast *broadcast, GHashTable *calendars,
                       GError **error)
{
    g_autoptr(Query) query = database_query(
        database,
        "SELECT from_us, start_us, until_day, rrule, lunar_days, lunar_months, lunar_skip_leap, "
        "zone, holidays, holidays_mode FROM broadcast_parts WHERE broadcast = $1 ORDER BY from_us");
    query_text(query, broadcast->id);
    int step;
    while ((step = query_next(query, error)) > 0)
        if (!add_part(database, broadcast, query, calendars, error))
            return false;
    return step == 0;
}

bool series_store_read(Database *database, Broadcast *broadcast, GHashTable *calendars,
                       GError **error)
{
    return read_rule(database, broadcast, error) &&
           take_calendar(database, broadcast, calendars, error) &&
           read_dates(database, broadcast, error) &&
           read_parts(database, broadcast, calendars, error) &&
           read_overrides(database, broadcast, error);
}

static bool add_date(Database *database, const char *broadcast, const char *kind, int64_t at_us,
                     GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "INSERT INTO broadcast_dates (broadcast, kind, at_us) "
                                 "VALUES ($1, $2, $3) ON CONFLICT DO NOTHING");
    query_text(query, broadcast);
    query_text(query, kind);
    query_int(query, at_us);
    return query_run(query, error);
}

static bool add_dates(Database *database, const char *broadcast, const char *kind,
                      const GArray *dates, GError **error)
{
    for (unsigned i = 0; dates && i < dates->len; i++)
        if (!add_date(database, broadcast, kind, g_array_index(dates, int64_t, i), error))
            return false;
    return true;
}

bool series_store_add(Database *database, const Broadcast *broadcast, GError **error)
{
    bool ok = add_dates(database, broadcast->id, "except", broadcast->exdates, error) &&
              add_dates(database, broadcast->id, "also", broadcast->rdates, error);
    if (!ok || broadcast->kind != BROADCAST_RULE)
        return ok;
    g_autoptr(Query) query = database_query(
        database, "INSERT INTO broadcast_rules (broadcast, rrule, lunar_days, lunar_months, "
                  "lunar_skip_leap, holidays, holidays_mode) VALUES ($1, $2, $3, $4, $5, $6, $7)");
    query_text(query, broadcast->id);
    query_text(query, broadcast->rrule);
    query_int(query, broadcast->lunar.days);
    query_int(query, broadcast->lunar.months);
    query_bool(query, broadcast->lunar.skip_leap);
    query_text(query, broadcast->calendar);
    query_text(query, mode_words[broadcast->holidays_mode]);
    return query_run(query, error);
}

bool series_store_except(Database *database, const char *broadcast, int64_t recurrence_us,
                         GError **error)
{
    return add_date(database, broadcast, "except", recurrence_us, error);
}

bool series_store_restore(Database *database, const char *broadcast, int64_t recurrence_us,
                          GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "DELETE FROM broadcast_dates WHERE broadcast = $1 "
                                 "AND kind = 'except' AND at_us = $2");
    query_text(query, broadcast);
    query_int(query, recurrence_us);
    return query_run(query, error);
}

bool series_store_part(Database *database, const char *broadcast, int64_t from_us,
                       const Broadcast *rule, GError **error)
{
    g_autoptr(Query) later = database_query(
        database, "DELETE FROM broadcast_parts WHERE broadcast = $1 AND from_us >= $2");
    query_text(later, broadcast);
    query_int(later, from_us);
    g_autoptr(Query) query = database_query(
        database, "INSERT INTO broadcast_parts (broadcast, from_us, start_us, until_day, rrule, "
                  "lunar_days, lunar_months, lunar_skip_leap, zone, holidays, holidays_mode) "
                  "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)");
    query_text(query, broadcast);
    query_int(query, from_us);
    query_int(query, rule->start_us);
    query_text(query, rule->until);
    query_text(query, rule->rrule);
    query_int(query, rule->lunar.days);
    query_int(query, rule->lunar.months);
    query_bool(query, rule->lunar.skip_leap);
    query_text(query, rule->zone);
    query_text(query, rule->calendar);
    query_text(query, mode_words[rule->holidays_mode]);
    return query_run(later, error) && query_run(query, error);
}

bool series_store_dates(Database *database, const char *broadcast, bool except, int64_t from_us,
                        const GArray *dates, GError **error)
{
    const char *kind = except ? "except" : "also";
    g_autoptr(Query) query = database_query(
        database, "DELETE FROM broadcast_dates WHERE broadcast = $1 AND kind = $2 AND at_us >= $3");
    query_text(query, broadcast);
    query_text(query, kind);
    query_int(query, from_us);
    bool ok = query_run(query, error);
    for (unsigned i = 0; ok && dates && i < dates->len; i++)
        if (g_array_index(dates, int64_t, i) >= from_us)
            ok = add_date(database, broadcast, kind, g_array_index(dates, int64_t, i), error);
    return ok;
}

bool series_store_end(Database *database, const char *broadcast, int64_t end_us, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "INSERT INTO broadcast_rules (broadcast, end_us) VALUES ($1, $2) "
                                 "ON CONFLICT (broadcast) DO UPDATE SET end_us = $2");
    query_text(query, broadcast);
    query_int(query, end_us);
    return query_run(query, error);
}

static void bind_or_null(Query *query, bool sets, int64_t value)
{
    if (sets)
        query_int(query, value);
    else
        query_null(query);
}

/* Later "following" rows no longer say what this one says. */
static bool clear_later(Database *database, const char *broadcast, const SeriesOverride *override,
                        GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "UPDATE broadcast_overrides SET "
                  "shift_s = CASE WHEN $3 = 1 THEN NULL ELSE shift_s END, "
                  "gain_mdb = CASE WHEN $4 = 1 THEN NULL ELSE gain_mdb END, "
                  "tolerance_s = CASE WHEN $5 = 1 THEN NULL ELSE tolerance_s END, "
                  "repeat_count = CASE WHEN $6 = 1 THEN NULL ELSE repeat_count END, "
                  "repeat_gap_s = CASE WHEN $6 = 1 THEN NULL ELSE repeat_gap_s END, "
                  "on_preempt = CASE WHEN $7 = 1 THEN NULL ELSE on_preempt END, "
                  "filler = CASE WHEN $8 = 1 THEN NULL ELSE filler END "
                  "WHERE broadcast = $1 AND recurrence_us > $2 AND scope = 'following'");
    query_text(query, broadcast);
    query_int(query, override->recurrence_us);
    query_bool(query, override->moves);
    query_bool(query, override->sets_gain);
    query_bool(query, override->sets_tolerance);
    query_bool(query, override->sets_repeat);
    query_bool(query, override->sets_preempt);
    query_bool(query, override->sets_filler);
    return query_run(query, error);
}

bool series_store_override(Database *database, const char *broadcast,
                           const SeriesOverride *override, const char *user, int64_t now_us,
                           GError **error)
{
    if (override->following && !clear_later(database, broadcast, override, error))
        return false;
    g_autoptr(Query) query = database_query(
        database,
        "INSERT INTO broadcast_overrides (broadcast, recurrence_us, scope, start_us, shift_s, "
        "gain_mdb, tolerance_s, changed_by, changed_us, repeat_count, repeat_gap_s, on_preempt, "
        "filler) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) "
        "ON CONFLICT (broadcast, recurrence_us, scope) DO UPDATE SET "
        "start_us = coalesce($4, start_us), shift_s = coalesce($5, shift_s), "
        "gain_mdb = coalesce($6, gain_mdb), tolerance_s = coalesce($7, tolerance_s), "
        "repeat_count = coalesce($10, repeat_count), repeat_gap_s = coalesce($11, repeat_gap_s), "
        "on_preempt = coalesce($12, on_preempt), filler = coalesce($13, filler), "
        "changed_by = $8, changed_us = $9");
    query_text(query, broadcast);
    query_int(query, override->recurrence_us);
    query_text(query, override->following ? "following" : "this");
    bind_or_null(query, override->moves && !override->following, override->start_us);
    bind_or_null(query, override->moves && override->following, override->shift_s);
    bind_or_null(query, override->sets_gain, override->gain_mdb);
    bind_or_null(query, override->sets_tolerance, override->tolerance_s);
    query_text(query, user);
    query_int(query, now_us);
    bind_or_null(query, override->sets_repeat, override->manner.repeats);
    bind_or_null(query, override->sets_repeat, override->manner.gap_s);
    query_text(query,
               override->sets_preempt ? on_preempt_words[override->manner.on_preempt] : NULL);
    bind_or_null(query, override->sets_filler, override->manner.filler);
    return query_run(query, error);
}

GPtrArray *series_store_of_calendar(Database *database, const char *calendar, GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "SELECT b.id FROM broadcasts b WHERE b.deleted_us = 0 AND b.id IN "
                  "(SELECT broadcast FROM broadcast_rules WHERE holidays = $1 "
                  "UNION SELECT broadcast FROM broadcast_parts WHERE holidays = $1)");
    query_text(query, calendar);
    g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
    int step;
    while ((step = query_next(query, error)) > 0)
        g_ptr_array_add(ids, g_strdup(row_text(query, 0)));
    return step == 0 ? g_steal_pointer(&ids) : NULL;
}
