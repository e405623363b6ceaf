/* Folds the month's counts once into everything the report says: the whole, by class, source,
 * language and author, by area, by day and by reason.
 *
 * The table of areas has one row for each area right below the one asked for, with all that lies
 * under it, and one for its own stations: the same page serves a province and a commune. Days
 * before today without a word are unknown, later ones are still to come. */
#include "ledger/monthly.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"

#include "ledger/monthly_store.h"
#include "ledger/outcome_text.h"
#include "schedule/recurrence.h"

#define AUTHORS_MAX 50 /* more stand together as "" */

typedef struct AreaSum {
    const Area *area; /* borrowed from the list */
    Figures figures;
    int64_t stations;
    int64_t online_us, known_us; /* of all its stations */
    int64_t drops;               /* turns to offline */
} AreaSum;

typedef struct Fold {
    const MonthlyAsk *ask;
    int64_t from_us, to_us; /* the month; `to` not after now */
    int today;              /* 20261122 */
    Figures total, before;
    GHashTable *by[4];   /* word -> Figures; as `dimensions` */
    GHashTable *reasons; /* word -> int64_t */
    GPtrArray *areas;    /* Area*, of the subtree */
    GArray *sums;        /* AreaSum; the first is the area itself */
    GHashTable *sum_of;  /* path of any area -> index + 1 */
    Figures days[32];
    /* of the station whose turns are read: */
    AreaSum *station_sum;
    int64_t since_us;
    bool is_online;
} Fold;

static const char *const dimensions[] = {"by_class", "by_source", "by_language", "by_author"};

void monthly_ask_clear(MonthlyAsk *ask)
{
    area_free(ask->area);
    ask->area = NULL;
}

static void add_to(GHashTable *table, const char *word, const FigureRow *row)
{
    Figures *figures = g_hash_table_lookup(table, word);
    if (!figures) {
        figures = g_new0(Figures, 1);
        g_hash_table_insert(table, g_strdup(word), figures);
    }
    figures_add(figures, row);
}

/* The sum that an area of that path belongs to: of the child below the area asked for. */
static AreaSum *sum_for(Fold *fold, const char *path)
{
    unsigned index = GPOINTER_TO_UINT(g_hash_table_lookup(fold->sum_of, path));
    return &g_array_index(fold->sums, AreaSum, index ? index - 1 : 0);
}

static void take_row(const MonthRow *row, void *user)
{
    Fold *fold = user;
    FigureRow figures = row->figures;
    bool is_open = !*row->outcome;
    if (is_open) /* which of them are due, the days tell */
        return;
    const char *words[] = {row->class, row->source, row->language, row->author};
    figures_add(&fold->total, &figures);
    figures_add(&sum_for(fold, row->area_path)->figures, &figures);
    for (unsigned i = 0; i < G_N_ELEMENTS(words); i++)
        add_to(fold->by[i], words[i], &figures);
    if (!*row->reason || g_str_equal(row->outcome, "played"))
        return;
    int64_t *count = g_hash_table_lookup(fold->reasons, row->reason);
    if (!count) {
        count = g_new0(int64_t, 1);
        g_hash_table_insert(fold->reasons, g_strdup(row->reason), count);
    }
    *count += row->figures.airings;
}

static void take_before(const MonthRow *row, void *user)
{
    Fold *fold = user;
    figures_add(&fold->before, &row->figures);
}

/* Airings without a word: by day, area and all else, to tell those due from those to come. */
static void take_open(const MonthRow *row, void *user)
{
    Fold *fold = user;
    const char *words[] = {row->class, row->source, row->language, row->author};
    figures_add(&fold->total, &row->figures);
    figures_add(&sum_for(fold, row->area_path)->figures, &row->figures);
    for (unsigned i = 0; i < G_N_ELEMENTS(words); i++)
        add_to(fold->by[i], words[i], &row->figures);
}

static void take_day(const DayRow *row, void *user)
{
    Fold *fold = user;
    FigureRow figures = row->figures;
    figures.is_to_come = row->day >= fold->today;
    figures_add(&fold->days[row->day % 100 % 32], &figures);
}

/* --- uptime ---------------------------------------------------------------------------------- */

static void end_span(Fold *fold, int64_t until_us)
{
    if (!fold->station_sum || until_us <= fold->since_us)
        return;
    fold->station_sum->known_us += until_us - fold->since_us;
    if (fold->is_online)
        fold->station_sum->online_us += until_us - fold->since_us;
    fold->since_us = until_us;
}

static void take_turn(const TurnRow *row, void *user)
{
    Fold *fold = user;
    if (row->at_us == G_MININT64) {
        end_span(fold, fold->to_us);
        fold->station_sum = sum_for(fold, row->area_path);
        fold->station_sum->stations++;
        fold->since_us = MAX(fold->from_us, row->accepted_us);
        fold->is_online = row->is_online;
        return;
    }
    end_span(fold, row->at_us);
    if (fold->is_online && !row->is_online)
        fold->station_sum->drops++;
    fold->is_online = row->is_online;
}

/* --- areas ----------------------------------------------------------------------------------- */

/* Which row of the table each area of the subtree counts for. */
static bool read_areas(Fold *fold, Database *database, GError **error)
{
    const Area *top = fold->ask->area;
    fold->areas = area_store_list(database, top->id, error);
    if (!fold->areas)
        return false;
    AreaSum own = {.area = top};
    g_array_append_val(fold->sums, own);
    for (unsigned i = 0; i < fold->areas->len; i++) { /* parents first */
        const Area *area = g_ptr_array_index(fold->areas, i);
        unsigned index = 1;
        if (g_strcmp0(area->parent, top->id) == 0) {
            AreaSum sum = {.area = area};
            g_array_append_val(fold->sums, sum);
            index = fold->sums->len;
        } else if (!g_str_equal(area->id, top->id)) {
            g_autofree char *above =
                g_strndup(area->path, strlen(area->path) - strlen(area->id) - 1);
            index = GPOINTER_TO_UINT(g_hash_table_lookup(fold->sum_of, above));
        }
        g_hash_table_insert(fold->sum_of, g_strdup(area->path), GUINT_TO_POINTER(index));
    }
    return true;
}

static void fold_init(Fold *fold, const MonthlyAsk *ask)
{
    g_autoptr(GTimeZone) zone = recurrence_zone_open(ask->area->zone);
    g_autoptr(GDateTime) first = g_date_time_new(zone, ask->year, ask->month, 1, 0, 0, 0);
    g_autoptr(GDateTime) after = g_date_time_add_months(first, 1);
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(ask->now_us / G_USEC_PER_SEC);
    g_autoptr(GDateTime) now = g_date_time_to_timezone(utc, zone);
    *fold = (Fold){.ask = ask};
    fold->from_us = g_date_time_to_unix(first) * (int64_t)G_USEC_PER_SEC;
    fold->to_us = MIN(g_date_time_to_unix(after) * (int64_t)G_USEC_PER_SEC, ask->now_us);
    fold->today = g_date_time_get_year(now) * 10000 + g_date_time_get_month(now) * 100 +
                  g_date_time_get_day_of_month(now);
    for (unsigned i = 0; i < G_N_ELEMENTS(fold->by); i++)
        fold->by[i] = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    fold->reasons = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    fold->sum_of = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    fold->sums = g_array_new(FALSE, TRUE, sizeof(AreaSum));
}

static void fold_clear(Fold *fold)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(fold->by); i++)
        g_hash_table_unref(fold->by[i]);
    g_hash_table_unref(fold->reasons);
    g_hash_table_unref(fold->sum_of);
    g_array_unref(fold->sums);
    if (fold->areas)
        g_ptr_array_unref(fold->areas);
}

/* --- printing -------------------------------------------------------------------------------- */

static gint by_size(gconstpointer left, gconstpointer right, gpointer user)
{
    GHashTable *table = user;
    const Figures *a = g_hash_table_lookup(table, *(char *const *)left);
    const Figures *b = g_hash_table_lookup(table, *(char *const *)right);
    int64_t more = figures_due(b) - figures_due(a);
    return more ? (more > 0 ? 1 : -1) : strcmp(*(char *const *)left, *(char *const *)right);
}

static Json *dimension_json(GHashTable *table)
{
    g_autoptr(GPtrArray) words = figures_keys(table);
    g_ptr_array_sort_with_data(words, by_size, table);
    Json *list = json_new_array();
    for (unsigned i = 0; i < words->len && i < AUTHORS_MAX; i++) {
        const char *word = g_ptr_array_index(words, i);
        Json *one = json_new_object();
        json_set_text(one, "key", word);
        figures_write(g_hash_table_lookup(table, word), one);
        json_append_take(list, one);
    }
    return list;
}

static void write_uptime(Json *object, const AreaSum *sum)
{
    json_set_int(object, "stations", sum->stations);
    json_set_real(object, "online_share",
                  sum->known_us ? (double)sum->online_us / (double)sum->known_us : (double)NAN);
    json_set_int(object, "drops", sum->drops);
}

static Json *areas_json(const Fold *fold)
{
    Json *list = json_new_array();
    for (unsigned i = 1; i <= fold->sums->len; i++) { /* the own stations last */
        const AreaSum *sum = &g_array_index(fold->sums, AreaSum, i % fold->sums->len);
        bool is_own = i == fold->sums->len;
        if (is_own && !sum->stations && !figures_due(&sum->figures) && fold->sums->len > 1)
            continue;
        Json *one = json_new_object();
        json_set_text(one, "area", sum->area->id);
        json_set_text(one, "name", sum->area->name);
        json_set_text(one, "kind", sum->area->kind);
        json_set_bool(one, "is_own", is_own);
        write_uptime(one, sum);
        figures_write(&sum->figures, one);
        json_append_take(list, one);
    }
    return list;
}

static Json *days_json(const Fold *fold)
{
    Json *list = json_new_array();
    int last = g_date_get_days_in_month((GDateMonth)fold->ask->month, (GDateYear)fold->ask->year);
    for (int day = 1; day <= last; day++) {
        g_autofree char *text =
            g_strdup_printf("%04d-%02d-%02d", fold->ask->year, fold->ask->month, day);
        Json *one = json_new_object();
        json_set_text(one, "day", text);
        figures_write(&fold->days[day], one);
        json_append_take(list, one);
    }
    return list;
}

static gint by_count(gconstpointer left, gconstpointer right, gpointer user)
{
    GHashTable *table = user;
    const int64_t *a = g_hash_table_lookup(table, *(char *const *)left);
    const int64_t *b = g_hash_table_lookup(table, *(char *const *)right);
    return *a == *b ? strcmp(*(char *const *)left, *(char *const *)right) : (*a < *b ? 1 : -1);
}

static Json *reasons_json(const Fold *fold)
{
    g_autoptr(GPtrArray) words = figures_keys(fold->reasons);
    g_ptr_array_sort_with_data(words, by_count, fold->reasons);
    Json *list = json_new_array();
    for (unsigned i = 0; i < words->len; i++) {
        const char *word = g_ptr_array_index(words, i);
        const int64_t *count = g_hash_table_lookup(fold->reasons, word);
        Json *one = json_new_object();
        json_set_text(one, "reason", word);
        json_set_text(one, "text", outcome_text_reason(word, fold->ask->language));
        json_set_int(one, "airings", *count);
        json_append_take(list, one);
    }
    return list;
}

static Json *total_json(const Fold *fold)
{
    AreaSum all = {0};
    for (unsigned i = 0; i < fold->sums->len; i++) {
        const AreaSum *sum = &g_array_index(fold->sums, AreaSum, i);
        all.stations += sum->stations;
        all.online_us += sum->online_us;
        all.known_us += sum->known_us;
        all.drops += sum->drops;
    }
    Json *total = json_new_object();
    write_uptime(total, &all);
    figures_write(&fold->total, total);
    return total;
}

static Json *print(const Fold *fold)
{
    const MonthlyAsk *ask = fold->ask;
    g_autofree char *month = g_strdup_printf("%04d-%02d", ask->year, ask->month);
    g_autofree char *made = clock_format_utc(ask->now_us);
    Json *area = json_new_object();
    json_set_text(area, "id", ask->area->id);
    json_set_text(area, "name", ask->area->name);
    json_set_text(area, "kind", ask->area->kind);
    json_set_text(area, "zone", ask->area->zone);
    Json *before = json_new_object();
    figures_write(&fold->before, before);
    Json *body = json_new_object();
    json_set_text(body, "month", month);
    json_set_text(body, "made_at", made);
    json_set_bool(body, "is_over", fold->today / 100 > ask->year * 100 + ask->month);
    json_set_take(body, "area", area);
    json_set_take(body, "total", total_json(fold));
    json_set_take(body, "before", before);
    for (unsigned i = 0; i < G_N_ELEMENTS(dimensions); i++)
        json_set_take(body, dimensions[i], dimension_json(fold->by[i]));
    json_set_take(body, "areas", areas_json(fold));
    json_set_take(body, "days", days_json(fold));
    json_set_take(body, "reasons", reasons_json(fold));
    return body;
}

static bool read_all(Fold *fold, Database *database, GError **error)
{
    const MonthlyAsk *ask = fold->ask;
    const char *path = ask->area->path;
    int month = ask->year * 100 + ask->month;
    int before = ask->month > 1 ? month - 1 : (ask->year - 1) * 100 + 12;
    bool ok = read_areas(fold, database, error) &&
              monthly_store_rows(database, month, path, take_row, fold, error) &&
              monthly_store_open(database, month, path, fold->today, take_open, fold, error) &&
              monthly_store_rows(database, before, path, take_before, fold, error) &&
              monthly_store_days(database, month, path, take_day, fold, error);
    if (!ok || fold->to_us <= fold->from_us)
        return ok;
    ok = monthly_store_turns(database, path, fold->from_us, fold->to_us, take_turn, fold, error);
    end_span(fold, fold->to_us);
    return ok;
}

Json *monthly_make(Database *database, const MonthlyAsk *ask, GError **error)
{
    Fold fold;
    fold_init(&fold, ask);
    /* One moment for all of it, whatever is committed meanwhile. */
    bool ok = read_all(&fold, database, error);
    Json *body = ok ? print(&fold) : NULL;
    fold_clear(&fold);
    return body;
}
