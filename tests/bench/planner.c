/* How long does it take to plan a province, and one commune's edit?
 *
 *   bench_planner [--stations 5000] [--communes 200] [--days 35]
 *
 * 12 daily broadcasts in each commune, 40 single ones of the province. For every station: its
 * nominal airings with their ids, and the timeline resolved from them. What the stations of a
 * commune have in common (all but the ids) is expanded and sorted once, as the publisher does it.
 * An edit is one commune's broadcast that changes: expanded, planned, printed, compressed and
 * signed for its stations. expand_ratio: processor time of an airing with libical's iterator asked
 * anew for each station, against one expansion that the stations of a commune share; over a mix of
 * the rules that communes make. One thread, processor time. The last line is JSON. */
#include <stdio.h>
#include <sys/resource.h>
#include <time.h>

#include "crypto.h"
#include "fleet/publisher_job.h"
#include "schedule/explain.h"
#include "schedule/planner.h"

#define A_DAY     12
#define PROVINCES 40
#define DAY_US    (INT64_C(86400) * G_USEC_PER_SEC)
#define FROM_US   (INT64_C(20778) * DAY_US)
#define HOUR_US   (INT64_C(3600) * G_USEC_PER_SEC)
#define SHA       "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static int stations = 5000, communes = 200, days = 35, edits = 20;

typedef struct Province {
    GPtrArray *broadcasts; /* of all, PROVINCES first */
    GPtrArray *occurrences;
    Bulletin bulletin;
    Rundown rundown;
    Signer signer;
    Key key;
} Province;

static double processor_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void add(Province *self, const char *area, BroadcastKind kind, int64_t start_us)
{
    Broadcast *broadcast = broadcast_new();
    broadcast->id = g_strdup_printf("%016x", self->broadcasts->len);
    broadcast->bulletin = g_strdup(self->bulletin.id);
    broadcast->area = g_strdup(area);
    broadcast->kind = kind;
    broadcast->start_us = start_us;
    broadcast->zone = g_strdup("Asia/Ho_Chi_Minh");
    broadcast->tolerance_s = 600;
    broadcast->created_us = 1;
    broadcast_add_target(broadcast, TARGET_AREA, area, false);
    g_ptr_array_add(self->broadcasts, broadcast);
}

static void fill(Province *self)
{
    self->bulletin = (Bulletin){.id = (char *)"bulletin",
                                .version = (char *)"version",
                                .title = (char *)"Bản tin của xã",
                                .state = BULLETIN_APPROVED,
                                .sha256 = (char *)SHA,
                                .bytes = 30000,
                                .frames = INT64_C(48000) * 300,
                                .author_name = (char *)"Nguyễn Văn An",
                                .approver_name = (char *)"Trần Thị Bình"};
    RundownItem item = {.bulletin = &self->bulletin};
    self->rundown = (Rundown){.title = self->bulletin.title,
                              .author = self->bulletin.author_name,
                              .approver = self->bulletin.approver_name,
                              .items = g_array_new(FALSE, FALSE, sizeof(RundownItem))};
    g_array_append_val(self->rundown.items, item);
    self->broadcasts = g_ptr_array_new_with_free_func((GDestroyNotify)broadcast_free);
    self->occurrences = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
    for (int i = 0; i < PROVINCES; i++)
        add(self, "province", BROADCAST_ONCE, FROM_US + i * days * DAY_US / PROVINCES);
    for (int i = 0; i < communes * A_DAY; i++) {
        g_autofree char *area = g_strdup_printf("c%d", i / A_DAY);
        /* From 05:00 local, every 80 minutes, so that each day meets the province's. */
        add(self, area, BROADCAST_DAILY, FROM_US - 2 * HOUR_US + i % A_DAY * HOUR_US * 4 / 3);
    }
}

static GArray *expand(const Broadcast *broadcast)
{
    Series series = broadcast_series(broadcast);
    return series_expand(&series, FROM_US, FROM_US + days * DAY_US);
}

static void expand_all(Province *self)
{
    g_ptr_array_set_size(self->occurrences, 0);
    for (unsigned i = 0; i < self->broadcasts->len; i++)
        g_ptr_array_add(self->occurrences, expand(g_ptr_array_index(self->broadcasts, i)));
}

static GArray *rules_of(Province *self, int commune)
{
    GArray *rules = g_array_new(FALSE, FALSE, sizeof(PlannerRule));
    for (int i = 0; i < PROVINCES + A_DAY; i++) {
        unsigned index = (unsigned)(i < PROVINCES ? i : i + commune * A_DAY);
        PlannerRule rule = {.broadcast = g_ptr_array_index(self->broadcasts, index),
                            .rundown = &self->rundown,
                            .occurrences = g_ptr_array_index(self->occurrences, index)};
        g_array_append_val(rules, rule);
    }
    return rules;
}

static Plan *plan_of(Province *self, int commune, const char *station)
{
    g_autoptr(GArray) rules = rules_of(self, commune);
    g_autofree char *area = g_strdup_printf("c%d", commune);
    g_autoptr(GPtrArray) path = g_ptr_array_new();
    g_ptr_array_add(path, (char *)"province");
    g_ptr_array_add(path, area);
    PlannerWorld world = {
        .rules = rules, .from_us = FROM_US, .until_us = FROM_US + days * DAY_US, .now_us = FROM_US};
    PlannerStation asked = {.id = station, .area_path = path, .utc_offset_s = 25200};
    return planner_plan(&world, &asked);
}

static char *station_name(int index)
{
    return g_strdup_printf("%016x", (unsigned)index + 7777777);
}

static TimelinePolicies policies(void)
{
    static const TimelineCeiling night = {{21 * 60, 6 * 60}, -6000, 0};
    static const TimelinePolicy list[] = {{.id = "province", .ceilings = &night, .n_ceilings = 1}};
    static const TimelineOffset offset = {0, 25200};
    return (TimelinePolicies){list, 1, &offset, 1};
}

static uint64_t sum; /* of what was made, so that nothing is optimised away */

/* One station: ids of its airings, and its timeline. */
static void station_of(const Plan *model, const char *station)
{
    for (unsigned i = 0; i < model->airings->len; i++) {
        const PlanAiring *airing = g_ptr_array_index(model->airings, i);
        g_autofree char *id =
            plan_airing_id(airing->broadcast, airing->recurrence_us, airing->repeat, station);
        sum += (uint8_t)id[0];
    }
    g_autoptr(Explained) explained = explain_plan(model, (TimelineEvents){0}, policies(), FROM_US);
    sum += explained->timeline->n_pieces;
}

static uint64_t plan_province(Province *self)
{
    uint64_t airings = 0;
    for (int commune = 0; commune < communes; commune++) {
        g_autofree char *first = station_name(commune);
        g_autoptr(Plan) model = plan_of(self, commune, first);
        for (int i = commune; i < stations; i += communes) {
            g_autofree char *station = station_name(i);
            station_of(model, station);
            airings += model->airings->len;
        }
    }
    return airings;
}

static PublisherItem *item_of(const char *station, PublisherSheet *sheet)
{
    PublisherItem *item = g_new0(PublisherItem, 1);
    item->station = g_strdup(station);
    item->keyid = g_strdup(SHA);
    item->sheet = publisher_sheet_ref(sheet);
    return item;
}

static void edit(Province *self, int commune)
{
    unsigned index = (unsigned)(PROVINCES + commune * A_DAY);
    Broadcast *broadcast = g_ptr_array_index(self->broadcasts, index);
    broadcast->start_us += 60 * G_USEC_PER_SEC;
    g_array_unref(self->occurrences->pdata[index]);
    self->occurrences->pdata[index] = expand(broadcast);
    g_autofree char *first = station_name(commune);
    g_autoptr(PublisherSheet) sheet = publisher_sheet_new(plan_of(self, commune, first));
    g_autoptr(PublisherJob) job = publisher_job_new(&self->signer, 1, FROM_US);
    for (int i = commune; i < stations; i += communes) {
        g_autofree char *station = station_name(i);
        g_ptr_array_add(job->items, item_of(station, sheet));
    }
    publisher_job_run(job);
    g_assert_no_error(job->error);
}

/* The rules of one commune for expand_ratio, as communes make them: every day, working days,
 * weekly, each second week, monthly; one of them with days taken out, two that keep holidays. */
typedef struct MixRule {
    const char *rrule; /* NULL = every day */
    bool exdates, holidays;
} MixRule;

static const MixRule mix[A_DAY] = {
    {NULL, false, false},
    {NULL, true, false},
    {NULL, false, true},
    {NULL, false, false},
    {"FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", false, true},
    {"FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", true, false},
    {"FREQ=WEEKLY;BYDAY=SA,SU", false, false},
    {"FREQ=WEEKLY;BYDAY=MO", false, false},
    {"FREQ=WEEKLY;INTERVAL=2;BYDAY=TH", false, false},
    {"FREQ=MONTHLY;BYMONTHDAY=1,15", false, false},
    {"FREQ=MONTHLY;BYDAY=1SU", false, false},
    {"FREQ=YEARLY;BYMONTH=11,12;BYMONTHDAY=20,22;UNTIL=20301231", false, false},
};

static HolidayCalendar *some_holidays(void)
{
    HolidayCalendar *holidays = holiday_calendar_new("vn", "Ngày lễ", "Holidays");
    for (int month = 1; month <= 12; month++)
        holiday_calendar_add(holidays, &(Holiday){.month = month,
                                                  .day = 24,
                                                  .days = 1,
                                                  .name_vi = (char *)"Nghỉ",
                                                  .name_en = (char *)"Off"});
    holiday_calendar_close(holidays);
    return holidays;
}

static Broadcast *mixed(int commune, int index)
{
    Broadcast *broadcast = broadcast_new();
    const MixRule *rule = &mix[index];
    broadcast->kind = rule->rrule ? BROADCAST_RULE : BROADCAST_DAILY;
    broadcast->rrule = g_strdup(rule->rrule);
    broadcast->zone = g_strdup("Asia/Ho_Chi_Minh");
    /* Begun in the ten weeks before, at a time of day of its own. */
    broadcast->start_us =
        FROM_US - commune % 70 * DAY_US - 2 * HOUR_US + index * HOUR_US + commune * G_USEC_PER_SEC;
    for (int i = 0; rule->exdates && i < 5; i++)
        broadcast_add_date(broadcast, true, broadcast->start_us + (70 + 7 * i) * DAY_US);
    if (rule->holidays) {
        broadcast->holidays = some_holidays();
        broadcast->holidays_mode = SERIES_HOLIDAYS_EXCEPT;
    }
    return broadcast;
}

static GPtrArray *mix_of_all(void)
{
    GPtrArray *all = g_ptr_array_new_with_free_func((GDestroyNotify)broadcast_free);
    for (int i = 0; i < communes * A_DAY; i++)
        g_ptr_array_add(all, mixed(i / A_DAY, i % A_DAY));
    return all;
}

/* Seconds per start with libical's iterator asked once for each rule, as every station would. */
static double raw_seconds(const GPtrArray *all)
{
    uint64_t starts = 0;
    double began = processor_seconds();
    for (unsigned i = 0; i < all->len; i++) {
        Recurrence rule = broadcast_rule(g_ptr_array_index(all, i));
        starts += recurrence_count_raw(&rule, FROM_US, FROM_US + days * DAY_US);
    }
    return (processor_seconds() - began) / (double)starts;
}

/* Seconds per airing when one expansion, with all that is taken out, serves the rule's stations. */
static double shared_seconds(const GPtrArray *all)
{
    uint64_t airings = 0;
    double began = processor_seconds();
    for (unsigned i = 0; i < all->len; i++) {
        g_autoptr(GArray) list = expand(g_ptr_array_index(all, i));
        for (unsigned j = 0; j < list->len; j++)
            airings += g_array_index(list, SeriesOccurrence, j).fate == SERIES_PLAYS;
    }
    return (processor_seconds() - began) / ((double)airings * stations / communes);
}

int main(int argc, char **argv)
{
    GOptionEntry entries[] = {{"stations", 0, 0, G_OPTION_ARG_INT, &stations, "stations", "N"},
                              {"communes", 0, 0, G_OPTION_ARG_INT, &communes, "communes", "N"},
                              {"days", 0, 0, G_OPTION_ARG_INT, &days, "days of the plan", "N"},
                              {"edits", 0, 0, G_OPTION_ARG_INT, &edits, "edits measured", "N"},
                              G_OPTION_ENTRY_NULL};
    g_autoptr(GOptionContext) options = g_option_context_new("- plans a province");
    g_option_context_add_main_entries(options, entries, NULL);
    g_autoptr(GError) error = NULL;
    if (!g_option_context_parse(options, &argc, &argv, &error) || communes < 1 ||
        stations < communes || days < 1 || !crypto_init()) {
        fprintf(stderr, "%s\n", error ? error->message : "at least one station in each commune");
        return 2;
    }
    Province province = {0};
    fill(&province);
    key_generate(&province.key);
    signer_init_in_process(&province.signer, &province.key);

    double began = processor_seconds();
    expand_all(&province);
    uint64_t airings = plan_province(&province);
    double full = processor_seconds() - began;

    began = processor_seconds();
    for (int i = 0; i < edits; i++)
        edit(&province, i % communes);
    double edit_ms = (processor_seconds() - began) * 1e3 / edits;
    g_autoptr(GPtrArray) all = mix_of_all();
    shared_seconds(all); /* zones are read, calendars worked out */
    double ratio = raw_seconds(all) / shared_seconds(all);

    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    fprintf(stderr, "checksum %" G_GUINT64_FORMAT "\n", sum);
    printf("{\"stations\":%d,\"days\":%d,\"airings\":%" G_GUINT64_FORMAT
           ",\"full_seconds\":%.3f,\"peak_mib\":%.1f,\"edit_ms\":%.2f,\"expand_ratio\":%.1f}\n",
           stations, days, airings, full, (double)usage.ru_maxrss / 1024, edit_ms, ratio);
    g_ptr_array_unref(province.broadcasts);
    g_ptr_array_unref(province.occurrences);
    signer_clear(&province.signer);
    return 0;
}
