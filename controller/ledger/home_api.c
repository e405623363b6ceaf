/* GET /api/home: the one page that answers "what plays, what played, who needs me".
 *
 * Everything comes from one grouped read of the day and what lies in memory of the stations'
 * health, so the page costs the same with four stations and with four thousand. */
#include "ledger/ledger.h"

#include "fleet/station_view.h"
#include "ledger/reconcile.h"
#include "schedule/airing_store.h"
#include "schedule/recurrence.h"
#include "schedule/scope.h"

#define ATTENTION_MAX 20
#define NEXT_MAX      5
#define NOW_MAX       10
#define STRIP_MAX     96 /* blocks; more stand together */
#define QUARTER_US    (INT64_C(900) * G_USEC_PER_SEC)
#define DAY_US        (INT64_C(86400) * G_USEC_PER_SEC)

/* All outcomes of one broadcast at one time. */
typedef struct Block {
    const AiringGroup *first;
    int64_t stations;
    int64_t counts[8]; /* as reconcile_words */
    int64_t playing;   /* said by the stations themselves */
} Block;

typedef struct Home {
    Ledger *ledger;
    const Area *area;
    int64_t now_us;
    Language language;
    GPtrArray *groups;   /* AiringGroup* of today and the day after */
    GArray *blocks;      /* Block, in order of time */
    GPtrArray *stations; /* Station* */
} Home;

static void home_clear(Home *home)
{
    if (home->groups)
        g_ptr_array_unref(home->groups);
    if (home->stations)
        g_ptr_array_unref(home->stations);
    if (home->blocks)
        g_array_unref(home->blocks);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Home, home_clear)

static unsigned word_index(const char *word)
{
    unsigned index = 0;
    while (reconcile_words[index] && !g_str_equal(reconcile_words[index], word))
        index++;
    return index;
}

static const char *group_outcome(const AiringGroup *group, int64_t now_us)
{
    Airing like = {.outcome = group->outcome,
                   .planned_us = group->planned_us,
                   .duration_ms = group->duration_ms};
    return reconcile_outcome(&like, NULL, now_us);
}

static void fold(Home *home)
{
    home->blocks = g_array_new(FALSE, TRUE, sizeof(Block));
    for (unsigned i = 0; i < home->groups->len; i++) {
        const AiringGroup *group = g_ptr_array_index(home->groups, i);
        Block *last =
            home->blocks->len ? &g_array_index(home->blocks, Block, home->blocks->len - 1) : NULL;
        if (!last || last->first->planned_us != group->planned_us ||
            !g_str_equal(last->first->broadcast, group->broadcast)) {
            Block block = {.first = group};
            g_array_append_val(home->blocks, block);
            last = &g_array_index(home->blocks, Block, home->blocks->len - 1);
        }
        last->stations += group->stations;
        last->counts[word_index(group_outcome(group, home->now_us))] += group->stations;
    }
}

static bool is_now(const Home *home, const Block *block)
{
    int64_t end_us = block->first->planned_us + block->first->duration_ms * 1000;
    return home->now_us >= block->first->planned_us && home->now_us < end_us;
}

/* One station says that it plays `id`: finds the block it belongs to. */
static void note_playing(Home *home, const Station *station, const char *id)
{
    int64_t planned_us = 0;
    Database *database = home->ledger->database;
    if (!airing_store_find(database, station->id, id, home->now_us, &planned_us, NULL))
        return;
    g_autoptr(Airing) airing = airing_store_get(database, planned_us, id, NULL);
    for (unsigned i = 0; airing && !*airing->outcome && i < home->blocks->len; i++) {
        Block *block = &g_array_index(home->blocks, Block, i);
        if (block->first->planned_us == planned_us &&
            g_str_equal(block->first->broadcast, airing->broadcast))
            block->playing++;
    }
}

static void hear_stations(Home *home)
{
    for (unsigned i = 0; i < home->stations->len; i++) {
        const Station *station = g_ptr_array_index(home->stations, i);
        HealthView view;
        health_view(home->ledger->fleet->health, station->id, &view);
        const char *id = json_peek_text(view.facts, "now_playing");
        if (id && g_str_equal(view.state, "online"))
            note_playing(home, station, id);
    }
}

static void set_time(Json *object, const char *key, int64_t us)
{
    g_autofree char *text = clock_format_utc(us);
    json_set_text(object, key, text);
}

static Json *now_json(const Home *home)
{
    Json *list = json_new_array();
    for (unsigned i = 0; i < home->blocks->len && json_length(list) < NOW_MAX; i++) {
        const Block *block = &g_array_index(home->blocks, Block, i);
        if ((!is_now(home, block) && !block->playing) ||
            block->counts[word_index("cancelled")] == block->stations)
            continue;
        Json *stations = json_new_object();
        json_set_int(stations, "planned", block->stations);
        json_set_int(stations, "playing", block->playing);
        json_set_int(stations, "failed",
                     block->counts[word_index("missed")] + block->counts[word_index("partial")]);
        Json *one = json_new_object();
        json_set_text(one, "broadcast", block->first->broadcast);
        json_set_text(one, "title", block->first->title);
        set_time(one, "started_at", block->first->planned_us);
        set_time(one, "ends_at", block->first->planned_us + block->first->duration_ms * 1000);
        json_set_take(one, "stations", stations);
        json_append_take(list, one);
    }
    return list;
}

static Json *counts_json(const Block *block)
{
    Json *counts = json_new_object();
    int64_t upcoming = block->counts[word_index("upcoming")];
    int64_t playing = MIN(block->playing, upcoming);
    for (unsigned i = 0; reconcile_words[i]; i++) {
        int64_t count = block->counts[i];
        if (i == word_index("upcoming"))
            count = upcoming - playing;
        else if (i == word_index("playing"))
            count = playing;
        if (count)
            json_set_int(counts, reconcile_words[i], count);
    }
    return counts;
}

static Json *block_json(const Home *home, const Block *block, unsigned folded)
{
    bool is_one = folded == 1;
    int64_t start_us = block->first->planned_us;
    g_autofree char *title =
        g_strdup_printf(home->language == LANGUAGE_VI ? "%u lịch phát" : "%u broadcasts", folded);
    Json *one = json_new_object();
    json_set_text(one, "broadcast", is_one ? block->first->broadcast : "");
    json_set_text(one, "title", is_one ? block->first->title : title);
    json_set_text(one, "class", is_one ? block->first->class : "normal");
    set_time(one, "start", is_one ? start_us : start_us - start_us % QUARTER_US);
    json_set_int(one, "duration_ms", is_one ? block->first->duration_ms : QUARTER_US / 1000);
    json_set_int(one, "stations", block->stations);
    json_set_take(one, "counts", counts_json(block));
    return one;
}

/* How many of the blocks from `first` on begin in one quarter of an hour; their sum. */
static unsigned fold_quarter(const Home *home, unsigned first, unsigned end, Block *ret_sum)
{
    unsigned count = 0;
    int64_t quarter = g_array_index(home->blocks, Block, first).first->planned_us / QUARTER_US;
    *ret_sum = (Block){.first = g_array_index(home->blocks, Block, first).first};
    for (unsigned i = first; i < end; i++, count++) {
        const Block *block = &g_array_index(home->blocks, Block, i);
        if (block->first->planned_us / QUARTER_US != quarter)
            break;
        ret_sum->stations += block->stations;
        ret_sum->playing += block->playing;
        for (unsigned k = 0; k < G_N_ELEMENTS(block->counts); k++)
            ret_sum->counts[k] += block->counts[k];
    }
    return count;
}

/* A province has thousands of blocks a day: more than a strip can show stand together by quarters
 * of an hour, with "" for the broadcast. */
static Json *strip_json(const Home *home, int64_t until_us)
{
    Json *list = json_new_array();
    unsigned end = 0;
    while (end < home->blocks->len &&
           g_array_index(home->blocks, Block, end).first->planned_us < until_us)
        end++;
    for (unsigned i = 0; i < end;) {
        Block sum = g_array_index(home->blocks, Block, i);
        unsigned folded = end > STRIP_MAX ? fold_quarter(home, i, end, &sum) : 1;
        json_append_take(list, block_json(home, &sum, folded));
        i += folded;
    }
    return list;
}

/* Stations that are there, have the plan and miss no audio. */
static int64_t count_ready(const Home *home, const Block *block)
{
    int64_t ready = 0;
    g_autoptr(GPtrArray) stations =
        airing_store_group_stations(home->ledger->database, home->area->path,
                                    block->first->broadcast, block->first->planned_us, NULL);
    for (unsigned i = 0; stations && i < stations->len; i++) {
        HealthView view;
        health_view(home->ledger->fleet->health, g_ptr_array_index(stations, i), &view);
        const Json *media = json_peek(view.facts, "media");
        const Json *missing = json_peek(media, "missing");
        if (g_str_equal(view.state, "online") && media && json_length(missing) == 0)
            ready++;
    }
    return ready;
}

static Json *next_json(const Home *home)
{
    Json *list = json_new_array();
    for (unsigned i = 0; i < home->blocks->len && json_length(list) < NEXT_MAX; i++) {
        const Block *block = &g_array_index(home->blocks, Block, i);
        int64_t to_come = block->counts[word_index("upcoming")];
        if (block->first->planned_us <= home->now_us || !to_come)
            continue;
        Json *one = json_new_object();
        json_set_text(one, "broadcast", block->first->broadcast);
        json_set_text(one, "title", block->first->title);
        set_time(one, "start", block->first->planned_us);
        json_set_int(one, "stations", to_come);
        json_set_int(one, "ready", count_ready(home, block));
        json_append_take(list, one);
    }
    return list;
}

/* A station that somebody should look at; judged once, since the list is sorted. */
typedef struct Trouble {
    const Station *station;
    int rank;
} Trouble;

static gint by_trouble(gconstpointer left, gconstpointer right)
{
    const Trouble *a = left, *b = right;
    return a->rank != b->rank ? b->rank - a->rank : g_strcmp0(a->station->name, b->station->name);
}

static Json *attention_json(Home *home)
{
    Json *list = json_new_array();
    Fleet *fleet = home->ledger->fleet;
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(Trouble));
    for (unsigned i = 0; i < home->stations->len; i++) {
        Trouble one = {.station = g_ptr_array_index(home->stations, i)};
        one.rank = fleet_station_facts.trouble(fleet, one.station->id, home->now_us);
        if (one.rank)
            g_array_append_val(found, one);
    }
    g_array_sort(found, by_trouble);
    for (unsigned i = 0; i < found->len && i < ATTENTION_MAX; i++)
        json_append_take(list, station_view_json(fleet, g_array_index(found, Trouble, i).station,
                                                 home->now_us, home->language));
    return list;
}

static Json *count_json(const Home *home)
{
    int64_t online = 0;
    for (unsigned i = 0; i < home->stations->len; i++) {
        const Station *station = g_ptr_array_index(home->stations, i);
        if (g_str_equal(fleet_station_facts.state(home->ledger->fleet, station->id), "online"))
            online++;
    }
    Json *counts = json_new_object();
    json_set_int(counts, "stations", home->stations->len);
    json_set_int(counts, "online", online);
    return counts;
}

static bool read_home(Home *home, int64_t from_us, GError **error)
{
    home->groups = airing_store_groups(home->ledger->database, home->area->path, from_us,
                                       from_us + 2 * DAY_US, error);
    home->stations = station_store_in_area(home->ledger->database, home->area->id, error);
    return home->groups && home->stations;
}

Reply *home_api_get(void *ledger, Request *request)
{
    Reply *refusal = NULL;
    Ledger *self = ledger;
    g_autoptr(Area) area = scope_area(self->database, request, &refusal);
    if (!area)
        return refusal;
    g_auto(Home) home = {.ledger = self,
                         .area = area,
                         .now_us = request_now_us(request),
                         .language = request_language(request)};
    g_autoptr(GError) error = NULL;
    if (!read_home(&home, recurrence_day_us(area->zone, home.now_us, 0), &error))
        return reply_error(error);
    fold(&home);
    hear_stations(&home);
    Json *body = json_new_object();
    set_time(body, "server_time", home.now_us);
    json_set_text(body, "zone", area->zone);
    json_set_take(body, "now", now_json(&home));
    json_set_take(body, "strip", strip_json(&home, recurrence_day_us(area->zone, home.now_us, 1)));
    json_set_take(body, "next", next_json(&home));
    json_set_take(body, "counts", count_json(&home));
    json_set_take(body, "attention", attention_json(&home));
    return reply_json_take(200, body);
}
