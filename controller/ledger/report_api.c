/* GET /api/reports/monthly, .csv and .xlsx.
 *
 * The counts are read on a thread with a connection of its own, so that a province's month does not
 * hold up the loop; what stations say of themselves at this moment is added in the loop. */
#include "ledger/report_api.h"

#include <gio/gio.h>
#include <stdio.h>
#include <string.h>

#include "fleet/fault_text.h"
#include "ledger/figures.h"
#include "ledger/ledger.h"
#include "ledger/monthly.h"
#include "ledger/report_sheet.h"
#include "ledger/sheet_xlsx.h"
#include "registry/station_store.h"
#include "schedule/recurrence.h"
#include "schedule/scope.h"

#define REPORTS_MAX 4 /* made at a time */
#define YEAR_MIN    2000
#define YEAR_MAX    2199

typedef struct Job {
    Ledger *ledger;
    Request *request;
    ReportForm form;
    MonthlyAsk ask;
    char *path; /* of the database */
} Job;

static void job_free(Job *job)
{
    monthly_ask_clear(&job->ask);
    g_free(job->path);
    g_free(job);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Job, job_free)

/* --- how it goes out ------------------------------------------------------------------------- */

static Reply *csv_reply(const Json *report, ReportSheet write, const char *name, Language language)
{
    GString *text = g_string_new(NULL);
    Sheet sheet;
    sheet_init_csv(&sheet, text);
    write(&sheet, report, language);
    g_autoptr(GBytes) bytes = g_string_free_to_bytes(text);
    g_autofree char *offer = g_strdup_printf("attachment; filename=\"%s.csv\"", name);
    Reply *reply = reply_bytes(200, SHEET_TYPE_CSV, bytes);
    reply_header(reply, "Content-Disposition", offer);
    reply_header(reply, "Cache-Control", "no-store");
    return reply;
}

static Reply *xlsx_reply(const Json *report, ReportSheet write, const char *name, Language language)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SheetXlsx) book = sheet_xlsx_new(&error);
    if (!book)
        return reply_error(error);
    write(sheet_xlsx_sheet(book), report, language);
    if (!sheet_xlsx_finish(book, &error))
        return reply_error(error);
    g_autofree char *file = g_strconcat(name, ".xlsx", NULL);
    return sheet_xlsx_reply_take(g_steal_pointer(&book), file);
}

Reply *report_api_reply_take(Json *report, ReportForm form, ReportSheet write, const char *name,
                             Language language)
{
    if (form == REPORT_JSON)
        return reply_json_take(200, report);
    g_autoptr(Json) mine = report;
    return form == REPORT_CSV ? csv_reply(mine, write, name, language)
                              : xlsx_reply(mine, write, name, language);
}

/* --- faults of this moment ------------------------------------------------------------------- */

static void count_faults(const Ledger *ledger, const char *station, GHashTable *counts)
{
    HealthView health;
    health_view(ledger->fleet->health, station, &health);
    const Json *faults = json_peek(health.facts, "faults");
    for (size_t i = 0; i < json_length(faults); i++) {
        const char *code = json_peek_text(json_at(faults, i), "code");
        if (!code)
            continue;
        uintptr_t count = (uintptr_t)g_hash_table_lookup(counts, code);
        g_hash_table_insert(counts, (char *)code, (void *)(count + 1));
    }
}

static gint by_code(gconstpointer left, gconstpointer right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

static Json *faults_json(const Job *job)
{
    Json *list = json_new_array();
    g_autoptr(GHashTable) counts = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GPtrArray) stations =
        station_store_in_area(job->ledger->database, job->ask.area->id, NULL);
    for (unsigned i = 0; stations && i < stations->len; i++)
        count_faults(job->ledger, ((Station *)g_ptr_array_index(stations, i))->id, counts);
    g_autoptr(GPtrArray) codes = figures_keys(counts);
    g_ptr_array_sort(codes, by_code);
    for (unsigned i = 0; i < codes->len; i++) {
        const char *code = g_ptr_array_index(codes, i);
        const FaultText *text = fault_text_find(code);
        Json *one = json_new_object();
        json_set_text(one, "code", code);
        json_set_text(one, "text", job->ask.language == LANGUAGE_VI ? text->vi : text->en);
        json_set_int(one, "stations", (int64_t)(uintptr_t)g_hash_table_lookup(counts, code));
        json_append_take(list, one);
    }
    return list;
}

/* --- the work -------------------------------------------------------------------------------- */

static Reply *reply_with(Job *job, Json *report)
{
    json_set_take(report, "faults", faults_json(job));
    g_autofree char *name = g_strdup_printf("loa-monthly-%04d-%02d", job->ask.year, job->ask.month);
    return report_api_reply_take(report, job->form, report_sheet_monthly, name, job->ask.language);
}

static void work(GTask *task, void *source, void *data, GCancellable *cancellable)
{
    (void)source;
    (void)cancellable;
    const Job *job = data;
    GError *error = NULL;
    g_autoptr(Database) reader = database_open_reader(job->path, &error);
    Json *report = NULL;
    if (reader && database_script(reader, "BEGIN", &error)) /* one moment for all of it */
        report = monthly_make(reader, &job->ask, &error);
    if (report)
        g_task_return_pointer(task, report, (GDestroyNotify)json_drop);
    else
        g_task_return_error(task, error);
}

static void on_made(GObject *source, GAsyncResult *result, void *user)
{
    (void)source;
    g_autoptr(Job) job = user;
    g_autoptr(GError) error = NULL;
    Json *report = g_task_propagate_pointer(G_TASK(result), &error);
    job->ledger->reports--;
    request_finish(job->request, report ? reply_with(job, report) : reply_error(error));
}

/* "2026-11"; without one the month that is now on the wall of the area. */
static bool read_month(Request *request, MonthlyAsk *ask)
{
    const char *text = request_query(request, "month");
    char rest = 0;
    if (text && *text)
        return sscanf(text, "%4d-%2d%c", &ask->year, &ask->month, &rest) == 2 &&
               strlen(text) == 7 && ask->year >= YEAR_MIN && ask->year <= YEAR_MAX &&
               ask->month >= 1 && ask->month <= 12;
    int64_t day = recurrence_local_day(ask->area->zone, ask->now_us);
    g_autoptr(GDateTime) today = g_date_time_new_from_unix_utc(day * 86400);
    ask->year = g_date_time_get_year(today);
    ask->month = g_date_time_get_month(today);
    return true;
}

static Reply *bad_month(void)
{
    Problem *problem = problem_new(&problem_invalid);
    problem_add(problem, "?month", "Ghi tháng như 2026-11.", "Write the month as 2026-11.");
    return reply_problem_take(problem);
}

static Reply *monthly(Ledger *self, Request *request, ReportForm form)
{
    Reply *refusal = NULL;
    if (self->reports >= REPORTS_MAX)
        return reply_problem(&problem_too_many);
    g_autoptr(Job) job = g_new0(Job, 1);
    job->ledger = self;
    job->form = form;
    job->ask.area = scope_area(self->database, request, &refusal);
    if (!job->ask.area)
        return refusal;
    job->ask.now_us = request_now_us(request);
    job->ask.language = request_language(request);
    if (!read_month(request, &job->ask))
        return bad_month();
    g_autoptr(GError) error = NULL;
    job->path = g_strdup(database_path(self->database));
    if (!job->path) { /* in memory: nobody else can read it */
        Json *report = monthly_make(self->database, &job->ask, &error);
        return report ? reply_with(job, report) : reply_error(error);
    }
    job->request = request_hold(request);
    self->reports++;
    g_autoptr(GTask) task = g_task_new(NULL, NULL, on_made, job);
    g_task_set_task_data(task, g_steal_pointer(&job), NULL);
    g_task_run_in_thread(task, work);
    return NULL;
}

Reply *report_api_monthly(void *ledger, Request *request)
{
    return monthly(ledger, request, REPORT_JSON);
}

Reply *report_api_monthly_csv(void *ledger, Request *request)
{
    return monthly(ledger, request, REPORT_CSV);
}

Reply *report_api_monthly_xlsx(void *ledger, Request *request)
{
    return monthly(ledger, request, REPORT_XLSX);
}
