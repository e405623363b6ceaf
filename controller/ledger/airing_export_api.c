/* GET /api/airings.csv and .xlsx: the log as the filters cut it, newest first, for a spreadsheet
 * and for the auditor: each row names the key, the counter and the SHA-256 of the receipt it rests
 * on, so that it can be held against the ledger's export.
 *
 * CSV is written as the peer takes it; where the log cannot be read to its end the last line says
 * so and the connection is cut, so that neither program nor person takes it for whole. A book is
 * made page by page between other work of the loop, packed in a thread, and sent when it is whole;
 * it has a limit of rows, CSV a wider one. */
#include "ledger/ledger.h"

#include <gio/gio.h>
#include <string.h>

#include "base/log.h"
#include "ledger/airing_page.h"
#include "ledger/airing_sheet.h"
#include "ledger/sheet_xlsx.h"
#include "schedule/airing_block_store.h"
#include "schedule/scope.h"

#define PAGE_ROWS    200
#define CSV_ROWS_MAX 5000000
#define BOOKS_MAX    2 /* made at a time */

#define MORE_VI "Tệp dừng ở đây, nhật ký còn nữa. Hãy rút ngắn khoảng ngày."
#define MORE_EN "The file ends here and the log goes on. Ask for a shorter time."

#define BROKEN_VI "Tệp dừng ở đây vì không đọc được nhật ký. Hãy tải lại."
#define BROKEN_EN "The file ends here because the log could not be read. Ask for it again."

static const ProblemKind problem_book_too_long = {
    "book-too-long", 422,
    "Khoảng thời gian này có quá {max} dòng. Hãy rút ngắn khoảng ngày hoặc tải CSV.",
    "There are more than {max} rows. Ask for a shorter time, or take the CSV."};

typedef struct AiringExport {
    Ledger *ledger;
    Request *request; /* of a book: held until it is whole */
    Area *area;
    AiringPage page;
    char *station, *broadcast; /* the filter's texts, which outlive the request */
    AiringView *view;
    AiringSheet *rows;
    Sheet sheet;
    GString *waiting; /* CSV: printed, not yet taken */
    size_t taken;
    SheetXlsx *book;
    unsigned count;
    Language language;
    void (*wake)(void *connection);
    void *connection;
    unsigned pause; /* nothing fitted so far: other work comes first */
    bool is_over;
    bool is_broken; /* CSV: over before the log is */
} AiringExport;

static void export_free(AiringExport *self)
{
    airing_page_clear(&self->page);
    airing_view_free(self->view);
    airing_sheet_free(self->rows);
    area_free(self->area);
    g_free(self->station);
    g_free(self->broadcast);
    if (self->waiting)
        g_string_free(self->waiting, TRUE);
    sheet_xlsx_free(self->book);
    g_free(self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AiringExport, export_free)

static AiringExport *export_new(Ledger *ledger, Request *request, Reply **ret_refusal)
{
    g_autoptr(AiringExport) self = g_new0(AiringExport, 1);
    self->ledger = ledger;
    self->area = scope_area(ledger->database, request, ret_refusal);
    if (!self->area)
        return NULL;
    *ret_refusal = airing_page_read(ledger, request, self->area, &self->page);
    if (*ret_refusal)
        return NULL;
    self->page.limit = PAGE_ROWS;
    self->page.filter.limit = PAGE_ROWS + 1;
    self->page.filter.station = self->station = g_strdup(self->page.filter.station);
    self->page.filter.broadcast = self->broadcast = g_strdup(self->page.filter.broadcast);
    self->language = request_language(request);
    self->view = airing_view_new(ledger, self->language, request_now_us(request));
    self->rows = airing_sheet_new(ledger, self->view, self->area->zone, self->language);
    return g_steal_pointer(&self);
}

/* One page of the log into the sheet; false when the database failed. */
static bool take_page(AiringExport *self, GError **error)
{
    if (!airing_page_fill(self->ledger, self->view, &self->page, error))
        return false;
    for (unsigned i = 0; i < self->page.found->len; i++)
        if (!airing_sheet_row(self->rows, &self->sheet, self->page.found->pdata[i], error))
            return false;
    self->count += self->page.found->len;
    self->is_over = !self->page.has_more;
    return true;
}

/* --- CSV ------------------------------------------------------------------------------------- */

/* The last line where the file ends before the log does. */
static void say_end(AiringExport *self, const char *vi, const char *en)
{
    sheet_text(&self->sheet, self->language == LANGUAGE_EN ? en : vi);
    sheet_end_row(&self->sheet);
    self->is_over = true;
}

static bool refill(AiringExport *self)
{
    g_autoptr(GError) error = NULL;
    if (self->is_over)
        return false;
    g_string_truncate(self->waiting, 0);
    self->taken = 0;
    if (self->count >= CSV_ROWS_MAX) {
        say_end(self, MORE_VI, MORE_EN);
        return true;
    }
    if (take_page(self, &error))
        return self->waiting->len > 0;
    log_warning("a file of airings stops in the middle: %s", error->message);
    say_end(self, BROKEN_VI, BROKEN_EN);
    self->is_broken = true;
    return true;
}

static gboolean on_pause_over(void *user)
{
    AiringExport *self = user;
    self->pause = 0;
    self->wake(self->connection);
    return G_SOURCE_REMOVE;
}

static ssize_t csv_read(void *user, char *buffer, size_t size)
{
    AiringExport *self = user;
    bool is_empty = self->taken == self->waiting->len && !refill(self);
    if (is_empty && self->is_over)
        return self->is_broken ? REPLY_BROKEN : REPLY_END;
    if (is_empty && !self->pause)
        self->pause = g_idle_add(on_pause_over, self);
    if (is_empty)
        return 0;
    size_t length = MIN(size, self->waiting->len - self->taken);
    memcpy(buffer, self->waiting->str + self->taken, length);
    self->taken += length;
    return (ssize_t)length;
}

static void csv_attach(void *user, void (*wake)(void *connection), void *connection)
{
    AiringExport *self = user;
    self->wake = wake;
    self->connection = connection;
}

static void csv_close(void *user)
{
    AiringExport *self = user;
    g_clear_handle_id(&self->pause, g_source_remove);
    export_free(self);
}

static const ReplySource csv_source = {
    .read = csv_read, .attach = csv_attach, .close = csv_close, .has_end = true};

Reply *airing_export_api_csv(void *ledger, Request *request)
{
    Reply *refusal = NULL;
    AiringExport *self = export_new(ledger, request, &refusal);
    if (!self)
        return refusal;
    self->waiting = g_string_new(NULL);
    sheet_init_csv(&self->sheet, self->waiting);
    airing_sheet_headings(self->rows, &self->sheet);
    Reply *reply = reply_source(SHEET_TYPE_CSV, &csv_source, self);
    reply_header(reply, "Content-Disposition", "attachment; filename=\"loa-airings.csv\"");
    return reply;
}

/* --- XLSX ------------------------------------------------------------------------------------ */

static void answer(AiringExport *self, Reply *take_reply)
{
    self->ledger->books--;
    request_finish(self->request, take_reply);
    export_free(self);
}

static void on_packed(GObject *source, GAsyncResult *result, void *user)
{
    (void)source;
    AiringExport *self = user;
    g_autoptr(GError) error = NULL;
    if (!g_task_propagate_boolean(G_TASK(result), &error))
        answer(self, reply_error(error));
    else
        answer(self, sheet_xlsx_reply_take(g_steal_pointer(&self->book), "loa-airings.xlsx"));
}

static void pack(GTask *task, void *source, void *book, GCancellable *cancellable)
{
    (void)source;
    (void)cancellable;
    GError *error = NULL;
    if (sheet_xlsx_finish(book, &error))
        g_task_return_boolean(task, TRUE);
    else
        g_task_return_error(task, error);
}

static Reply *too_long(void)
{
    Problem *problem = problem_new(&problem_book_too_long);
    problem_set(problem, "max", G_STRINGIFY(SHEET_XLSX_ROWS_MAX));
    return reply_problem_take(problem);
}

/* The whole log of a long time is refused before a row is written; what a filter leaves of it is
 * known only when it has been written. */
static bool is_hopeless(const AiringExport *self)
{
    const AiringFilter *filter = &self->page.filter;
    int64_t airings = 0;
    bool is_whole = !filter->area_path && !filter->station && !filter->broadcast &&
                    !filter->class && !self->page.outcome;
    return is_whole &&
           airing_block_store_count(self->ledger->database, filter->from_us, filter->to_us,
                                    SHEET_XLSX_ROWS_MAX, &airings, NULL) &&
           airings >= SHEET_XLSX_ROWS_MAX;
}

static gboolean on_idle(void *user)
{
    AiringExport *self = user;
    g_autoptr(GError) error = NULL;
    if (!take_page(self, &error)) {
        answer(self, reply_error(error));
        return G_SOURCE_REMOVE;
    }
    if (self->count >= SHEET_XLSX_ROWS_MAX) {
        answer(self, too_long());
        return G_SOURCE_REMOVE;
    }
    if (!self->is_over)
        return G_SOURCE_CONTINUE;
    g_autoptr(GTask) task = g_task_new(NULL, NULL, on_packed, self);
    g_task_set_task_data(task, self->book, NULL);
    g_task_run_in_thread(task, pack);
    return G_SOURCE_REMOVE;
}

Reply *airing_export_api_xlsx(void *ledger, Request *request)
{
    Ledger *room = ledger;
    Reply *refusal = NULL;
    if (room->books >= BOOKS_MAX)
        return reply_problem(&problem_too_many);
    g_autoptr(AiringExport) self = export_new(room, request, &refusal);
    if (!self)
        return refusal;
    if (is_hopeless(self))
        return too_long();
    g_autoptr(GError) error = NULL;
    self->book = sheet_xlsx_new(&error);
    if (!self->book)
        return reply_error(error);
    self->sheet = *sheet_xlsx_sheet(self->book);
    sheet_page(&self->sheet,
               request_language(request) == LANGUAGE_VI ? "Nhật ký phát" : "Play log");
    airing_sheet_headings(self->rows, &self->sheet);
    self->request = request_hold(request);
    room->books++;
    g_idle_add(on_idle, g_steal_pointer(&self));
    return NULL;
}
