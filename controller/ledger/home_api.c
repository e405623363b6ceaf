/* GET /api/home: the one page that answers "what plays, what played, who needs me".
 *
 * The day comes from the counts that the database keeps in the transactions that write, the
 * stations from a walk over what lies in memory (home_day.h, home_stations.h). Nothing is kept from
 * one answer to the next, so nothing here can be older than the question. */
#include "ledger/ledger.h"

#include "ledger/home_stations.h"
#include "schedule/recurrence.h"
#include "schedule/scope.h"

#define ATTENTION_MAX 20
#define NEXT_MAX      5
#define NOW_MAX       10
#define STRIP_MAX     96 /* blocks; more stand together */
#define SMALL_PART    8  /* of all stations: fewer than one in so many are looked up by area */
#define QUARTER_US    (INT64_C(900) * G_USEC_PER_SEC)

typedef struct Home {
    Ledger *ledger;
    const Area *area;
    int64_t now_us;
    int64_t today_us; /* midnight */
    Language language;
    AiringBlockFilter where;
    HomeDay day;  /* of yesterday and today: what began before midnight may still sound */
    HomeDay next; /* to come */
    HomeStations stations;
} Home;

static void home_clear(Home *home)
{
    home_day_clear(&home->day);
    home_day_clear(&home->next);
    home_stations_clear(&home->stations);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Home, home_clear)

static const HomeBlock *block_at(const HomeDay *day, unsigned index)
{
    return &g_array_index(day->blocks, HomeBlock, index);
}

static bool is_now(const Home *home, const HomeBlock *block)
{
    int64_t end_us = block->of->planned_us + block->of->duration_ms * 1000;
    return home->now_us >= block->of->planned_us && home->now_us < end_us;
}

static void set_time(Json *object, const char *key, int64_t us)
{
    g_autofree char *text = clock_format_utc(us);
    json_set_text(object, key, text);
}

/* `ret_left_out`: how many more there are than are named. */
static Json *now_json(const Home *home, int64_t *ret_left_out)
{
    Json *list = json_new_array();
    *ret_left_out = 0;
    for (unsigned i = 0; i < home->day.blocks->len; i++) {
        const HomeBlock *block = block_at(&home->day, i);
        if ((!is_now(home, block) && !block->playing) ||
            block->counts[home_day_word("cancelled")] == block->stations)
            continue;
        if (json_length(list) == NOW_MAX) {
            ++*ret_left_out;
            continue;
        }
        Json *stations = json_new_object();
        json_set_int(stations, "planned", block->stations);
        json_set_int(stations, "playing", block->playing);
        json_set_int(stations, "failed",
                     block->counts[home_day_word("missed")] +
                         block->counts[home_day_word("partial")]);
        Json *one = json_new_object();
        json_set_text(one, "broadcast", block->of->broadcast);
        json_set_text(one, "title", block->of->title);
        set_time(one, "started_at", block->of->planned_us);
        set_time(one, "ends_at", block->of->planned_us + block->of->duration_ms * 1000);
        json_set_take(one, "stations", stations);
        json_append_take(list, one);
    }
    return list;
}

static Json *counts_json(const HomeBlock *block)
{
    Json *counts = json_new_object();
    int64_t upcoming = block->counts[home_day_word("upcoming")];
    int64_t playing = MIN(block->playing, upcoming);
    for (unsigned i = 0; reconcile_words[i]; i++) {
        int64_t count = block->counts[i];
        if (i == home_day_word("upcoming"))
            count = upcoming - playing;
        else if (i == home_day_word("playing"))
            count = playing;
        if (count)
            json_set_int(counts, reconcile_words[i], count);
    }
    return counts;
}

static Json *block_json(const Home *home, const HomeBlock *block, unsigned folded)
{
    bool is_one = folded == 1;
    int64_t start_us = block->of->planned_us;
    g_autofree char *title =
        g_strdup_printf(home->language == LANGUAGE_VI ? "%u lịch phát" : "%u broadcasts", folded);
    Json *one = json_new_object();
    json_set_text(one, "broadcast", is_one ? block->of->broadcast : "");
    json_set_text(one, "title", is_one ? block->of->title : title);
    json_set_text(one, "class", is_one ? block->of->class : "normal");
    set_time(one, "start", is_one ? start_us : start_us - start_us % QUARTER_US);
    json_set_int(one, "duration_ms", is_one ? block->of->duration_ms : QUARTER_US / 1000);
    json_set_int(one, "stations", block->stations);
    json_set_take(one, "counts", counts_json(block));
    return one;
}

/* How many of the blocks from `first` on begin in one quarter of an hour; their sum. */
static unsigned fold_quarter(const Home *home, unsigned first, HomeBlock *ret_sum)
{
    unsigned count = 0;
    int64_t quarter = block_at(&home->day, first)->of->planned_us / QUARTER_US;
    *ret_sum = (HomeBlock){.of = block_at(&home->day, first)->of};
    for (unsigned i = first; i < home->day.blocks->len; i++, count++) {
        const HomeBlock *block = block_at(&home->day, i);
        if (block->of->planned_us / QUARTER_US != quarter)
            break;
        ret_sum->stations += block->stations;
        ret_sum->playing += block->playing;
        for (unsigned k = 0; k < RECONCILE_WORDS; k++)
            ret_sum->counts[k] += block->counts[k];
    }
    return count;
}

/* A province has thousands of blocks a day: more than a strip can show stand together by quarters
 * of an hour, with "" for the broadcast. */
static Json *strip_json(const Home *home)
{
    Json *list = json_new_array();
    unsigned first = 0, end = home->day.blocks->len;
    while (first < end && block_at(&home->day, first)->of->planned_us < home->today_us)
        first++;
    bool is_folded = end - first > STRIP_MAX;
    while (first < end) {
        HomeBlock sum = *block_at(&home->day, first);
        unsigned folded = is_folded ? fold_quarter(home, first, &sum) : 1;
        json_append_take(list, block_json(home, &sum, folded));
        first += folded;
    }
    return list;
}

static Json *next_json(const Home *home, GError **error)
{
    g_autoptr(Json) list = json_new_array();
    for (unsigned i = 0; i < home->next.blocks->len; i++) {
        const HomeBlock *block = block_at(&home->next, i);
        int64_t ready = home_stations_ready(&home->stations, block->of, home->area->path, error);
        if (ready < 0)
            return NULL;
        Json *one = json_new_object();
        json_set_text(one, "broadcast", block->of->broadcast);
        json_set_text(one, "title", block->of->title);
        set_time(one, "start", block->of->planned_us);
        json_set_int(one, "stations", block->stations);
        json_set_int(one, "ready", ready);
        json_append_take(list, one);
    }
    return g_steal_pointer(&list);
}

static Json *count_json(const Home *home)
{
    Json *counts = json_new_object();
    json_set_int(counts, "stations", home->stations.count);
    json_set_int(counts, "online", home->stations.online);
    json_set_int(counts, "fine", home->stations.fine);
    return counts;
}

static bool read_home(Home *home, GError **error)
{
    Ledger *ledger = home->ledger;
    unsigned here = 0;
    roster_below(ledger->fleet->roster, home->area->path, &here, NULL);
    int64_t tomorrow_us = recurrence_day_us(home->area->zone, home->now_us, 1);
    home->today_us = recurrence_day_us(home->area->zone, home->now_us, 0);
    home->where = (AiringBlockFilter){
        .from_us = home->now_us - HOME_DAY_US,
        .to_us = tomorrow_us,
        .area_path = home->area->parent ? home->area->path : NULL,
        .area_is_small = here * SMALL_PART < roster_size(ledger->fleet->roster),
    };
    home->where.from_us = MIN(home->where.from_us, home->today_us);
    if (!home_day_read(&home->day, ledger->database, &home->where, home->now_us, error))
        return false;
    home->where.to_us = home->today_us + 2 * HOME_DAY_US;
    return home_day_read_next(&home->next, ledger->database, &home->where, NEXT_MAX, home->now_us,
                              error) &&
           home_stations_read(&home->stations, ledger, home->area->path, home->now_us, &home->day,
                              error);
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
    if (!read_home(&home, &error))
        return reply_error(error);
    Json *next = next_json(&home, &error);
    if (!next)
        return reply_error(error);
    int64_t left_out = 0;
    Json *body = json_new_object();
    set_time(body, "server_time", home.now_us);
    json_set_text(body, "zone", area->zone);
    json_set_take(body, "now", now_json(&home, &left_out));
    json_set_int(body, "now_left_out", left_out);
    json_set_take(body, "strip", strip_json(&home));
    json_set_take(body, "next", next);
    json_set_take(body, "counts", count_json(&home));
    json_set_take(body, "attention",
                  home_stations_attention(&home.stations, ATTENTION_MAX, home.language));
    return reply_json_take(200, body);
}
