/* How long until a province has its plans?
 *
 *   bench_publisher FOLDER [--stations 5000] [--communes 200]
 *
 * A controller's database below FOLDER with that many stations; each commune has 12 daily
 * broadcasts of its own, the province 40 single ones. Then the real publisher runs in a real loop:
 *   first    every plan for the first time: all airings of 35 days are written
 *   now      one more broadcast for the whole province: seconds from the order to the last wake
 * With --fill-only the folder is that of a controller that was set up: the world goes into its
 * database and nothing is measured.
 * held_ms is the most processor time of one turn, in which nothing else could run. The last line is
 * JSON. */
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "crypto.h"
#include "fleet/fleet.h"
#include "registry/area_store.h"
#include "registry/station_store.h"
#include "schedule/broadcast_store.h"

#define A_DAY     12
#define PROVINCES 40
#define DAY_US    (INT64_C(86400) * G_USEC_PER_SEC)
#define SHA       "%064x"

typedef struct Bench {
    Database *database;
    Fleet *fleet;
    int stations, communes;
    gboolean fill_only;
    char *top; /* area */
    int64_t now_us;
    GMainLoop *loop;
    int64_t turn_began_us, held_us;
} Bench;

static Bench bench;

static void run(const char *sql)
{
    g_autoptr(GError) error = NULL;
    if (!database_script(bench.database, sql, &error))
        g_error("%s: %s", sql, error->message);
}

static void add_area(const char *id, const char *parent)
{
    Area area = {.id = (char *)id,
                 .parent = (char *)parent,
                 .name = (char *)id,
                 .kind = (char *)"commune",
                 .zone = (char *)"Asia/Ho_Chi_Minh"};
    g_assert_true(area_store_add(bench.database, &area, bench.now_us, NULL));
}

static void add_bulletin(const char *id, const char *area, unsigned number)
{
    g_autofree char *sql = g_strdup_printf(
        "INSERT INTO bulletins (id, area, newest, approved, created_us) VALUES "
        "('%s', '%s', 'v-%s', 'v-%s', 0);"
        "INSERT INTO bulletin_versions (id, bulletin, number, title, language, author, "
        "author_name, "
        "state, approver, approver_name, audio, sha256, bytes, frames, created_us, updated_us) "
        "VALUES ('v-%s', '%s', 1, 'Bản tin số %u của xã', 'vi', 'an', 'Nguyễn Văn An', 'approved', "
        "'an', 'Trần Thị Bình', 'ready', '" SHA "', 30000, 14400000, 0, 0);"
        "INSERT INTO approved_scopes (version, scope, class, at_us) "
        "VALUES ('v-%s', '%s', 'priority', 0)",
        id, area, id, id, id, id, number, number, id, area);
    run(sql);
}

static Broadcast *order(const char *id, const char *bulletin, const char *area, BroadcastKind kind,
                        int64_t start_us)
{
    Broadcast *broadcast = broadcast_new();
    broadcast->id = g_strdup(id);
    broadcast->bulletin = g_strdup(bulletin);
    broadcast->area = g_strdup(area);
    broadcast->kind = kind;
    broadcast->start_us = start_us;
    broadcast->zone = g_strdup("Asia/Ho_Chi_Minh");
    broadcast->tolerance_s = 600;
    broadcast->created_by = g_strdup("an");
    broadcast->created_by_name = g_strdup("An");
    broadcast->created_us = bench.now_us;
    broadcast_add_target(broadcast, TARGET_AREA, area, false);
    g_assert_true(broadcast_store_add(bench.database, broadcast, NULL));
    return broadcast;
}

static void add_order(const char *area, unsigned number, BroadcastKind kind, int64_t start_us)
{
    g_autofree char *bulletin = g_strdup_printf("n%u", number);
    g_autofree char *id = g_strdup_printf("%016x", number);
    add_bulletin(bulletin, area, number);
    broadcast_free(order(id, bulletin, area, kind, start_us));
}

static void add_commune(int index)
{
    g_autofree char *area = g_strdup_printf("c%d", index);
    add_area(area, bench.top);
    for (int i = 0; i < A_DAY; i++)
        add_order(area, 1000 + (unsigned)(index * A_DAY + i), BROADCAST_DAILY,
                  bench.now_us / DAY_US * DAY_US + i * DAY_US / A_DAY + index * G_USEC_PER_SEC);
}

static void add_station(int index)
{
    Key key;
    key_generate(&key);
    g_autofree char *id = g_strdup_printf("%016x", (unsigned)index + 7777777);
    g_autofree char *area = g_strdup_printf("c%d", index % bench.communes);
    Station station = {.id = id,
                       .area = area,
                       .name = id,
                       .keyid = key.id,
                       .serial = (char *)"1",
                       .model = (char *)"bench",
                       .accepted_us = 1};
    memcpy(station.public_key, key.public_key, sizeof station.public_key);
    g_assert_true(station_store_add(bench.database, &station, NULL));
}

/* A controller that was set up has its top area; else there is one now. */
static void find_top(void)
{
    g_autoptr(Query) query =
        database_query(bench.database, "SELECT id FROM areas WHERE parent IS NULL");
    if (query_next(query, NULL) == 1)
        bench.top = g_strdup(row_text(query, 0));
    if (bench.top)
        return;
    bench.top = g_strdup("province");
    add_area(bench.top, NULL);
}

static void fill(void)
{
    g_assert_true(database_begin(bench.database, NULL));
    run("INSERT INTO users (id, login, name, password_hash, created_us) "
        "VALUES ('an', 'an', 'An', '', 0)");
    find_top();
    for (int i = 0; i < bench.communes; i++)
        add_commune(i);
    for (int i = 0; i < PROVINCES; i++)
        add_order(bench.top, 100 + (unsigned)i, BROADCAST_ONCE,
                  bench.now_us + (i + 1) * DAY_US / 2);
    for (int i = 0; i < bench.stations; i++)
        add_station(i);
    g_assert_true(database_commit(bench.database, NULL));
}

/* Of this thread: what holds the loop on a machine that has nothing else to do. */
static int64_t thread_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return now.tv_sec * INT64_C(1000000) + now.tv_nsec / 1000;
}

static int watched_poll(GPollFD *fds, guint count, int timeout)
{
    if (bench.turn_began_us)
        bench.held_us = MAX(bench.held_us, thread_us() - bench.turn_began_us);
    int result = g_poll(fds, count, timeout);
    bench.turn_began_us = thread_us();
    return result;
}

static int64_t signed_plans(void)
{
    g_autoptr(Query) query = database_query(bench.database, "SELECT count(*) FROM plans");
    return query_next(query, NULL) == 1 ? row_int(query, 0) : 0;
}

static double processor_seconds(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static void publish(const char *what, int64_t plans, double *ret_seconds, double *ret_held_ms)
{
    int64_t began_us = g_get_monotonic_time();
    bench.held_us = bench.turn_began_us = 0;
    double before = processor_seconds();
    while (publisher_waiting(bench.fleet->publisher) > 0 || signed_plans() < plans)
        g_main_context_iteration(NULL, TRUE);
    *ret_seconds = (double)(g_get_monotonic_time() - began_us) / G_USEC_PER_SEC;
    *ret_held_ms = (double)bench.held_us / 1000;
    fprintf(stderr, "%s: %.2f s, cpu %.2f s, held %.1f ms\n", what, *ret_seconds,
            processor_seconds() - before, *ret_held_ms);
}

static void measure(const char *folder)
{
    double first_s, first_ms, now_s, now_ms;
    g_autoptr(GError) error = NULL;
    g_autofree char *keys = g_build_filename(folder, "keys", NULL);
    bench.fleet = fleet_new(
        &(FleetSettings){.database = bench.database, .clock = clock_system(), .keys_dir = keys},
        &error);
    if (!bench.fleet)
        g_error("%s", error->message);
    g_main_context_set_poll_func(NULL, watched_poll);
    publish("first", bench.stations, &first_s, &first_ms);
    int64_t plans = signed_plans();
    g_autofree char *urgent = g_strdup_printf("urgent-%" G_GINT64_FORMAT, plans);
    add_bulletin(urgent, bench.top, 1);
    g_autoptr(Broadcast) now = order(urgent, urgent, bench.top, BROADCAST_NOW,
                                     clock_wall_us(clock_system()) + BROADCAST_NOW_DELAY_US);
    publisher_broadcast_changed(now, bench.fleet->publisher);
    publish("now", plans + bench.stations, &now_s, &now_ms);
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("{\"stations\":%d,\"first_seconds\":%.2f,\"first_held_ms\":%.1f,\"now_seconds\":%.2f,"
           "\"now_held_ms\":%.1f,\"peak_mib\":%.1f}\n",
           bench.stations, first_s, first_ms, now_s, now_ms, (double)usage.ru_maxrss / 1024);
    fleet_free(bench.fleet);
}

int main(int argc, char **argv)
{
    bench.stations = 5000;
    bench.communes = 200;
    GOptionEntry entries[] = {
        {"stations", 0, 0, G_OPTION_ARG_INT, &bench.stations, "stations", "N"},
        {"communes", 0, 0, G_OPTION_ARG_INT, &bench.communes, "communes", "N"},
        {"fill-only", 0, 0, G_OPTION_ARG_NONE, &bench.fill_only, "no publisher", NULL},
        G_OPTION_ENTRY_NULL};
    g_autoptr(GOptionContext) options = g_option_context_new("FOLDER - publishes a province");
    g_option_context_add_main_entries(options, entries, NULL);
    g_autoptr(GError) error = NULL;
    if (!g_option_context_parse(options, &argc, &argv, &error) || argc != 2 || !crypto_init()) {
        fprintf(stderr, "%s\n", error ? error->message : "one folder for the database is needed");
        return 2;
    }
    g_autofree char *path = g_build_filename(argv[1], "loa.db", NULL);
    bench.now_us = clock_wall_us(clock_system());
    bench.database = database_open(path, &error);
    if (!bench.database)
        g_error("%s", error->message);
    fill();
    if (!bench.fill_only)
        measure(argv[1]);
    database_close(bench.database);
    g_free(bench.top);
    return 0;
}
