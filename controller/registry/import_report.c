/* A list is taken over whole or not at all, so a person first asks for the report (?dry_run=true),
 * mends the list, and sends it again. Rows are numbered as the spreadsheet shows them: the headings
 * are row 1. */
#include "registry/import_report.h"

#define FIRST_ROW  2
#define ERRORS_MAX 64

static const ProblemKind problem_no_table = {
    "not-a-table", 422,
    "Không đọc được tệp này như một bảng. Hãy lưu bảng tính dạng CSV (UTF-8), dòng đầu là tên cột.",
    "This file cannot be read as a table. Save the spreadsheet as CSV (UTF-8) with headings in the "
    "first row."};
static const ProblemKind problem_refused = {
    "import-refused", 422,
    "Có {count} dòng chưa đúng nên chưa lưu dòng nào. Hãy sửa các dòng đó rồi gửi lại.",
    "{count} rows are not right, so nothing was stored. Correct those rows and send the list "
    "again."};

typedef struct Row {
    unsigned number;
    ImportWhat what;
    char *name;
    const ImportWhy *why;
} Row;

struct ImportReport {
    Language language;
    GArray *rows; /* Row */
    unsigned counts[IMPORT_COUNT];
};

static const char *const words[IMPORT_COUNT] = {"create", "update", "same", "refused"};

static void clear_row(void *data)
{
    g_free(((Row *)data)->name);
}

ImportReport *import_report_new(Language language)
{
    ImportReport *self = g_new0(ImportReport, 1);
    self->language = language;
    self->rows = g_array_new(FALSE, FALSE, sizeof(Row));
    g_array_set_clear_func(self->rows, clear_row);
    return self;
}

void import_report_free(ImportReport *self)
{
    if (!self)
        return;
    g_array_unref(self->rows);
    g_free(self);
}

void import_report_add(ImportReport *self, unsigned row, ImportWhat what, const char *name,
                       const ImportWhy *why)
{
    Row one = {.number = row + FIRST_ROW, .what = what, .name = g_strdup(name), .why = why};
    g_array_append_val(self->rows, one);
    self->counts[what]++;
}

bool import_report_clean(const ImportReport *self)
{
    return self->counts[IMPORT_REFUSED] == 0;
}

static Reply *refuse(const ImportReport *self)
{
    Problem *problem = problem_new(&problem_refused);
    g_autofree char *count = g_strdup_printf("%u", self->counts[IMPORT_REFUSED]);
    unsigned told = 0;
    problem_set(problem, "count", count);
    for (unsigned i = 0; i < self->rows->len && told < ERRORS_MAX; i++) {
        const Row *row = &g_array_index(self->rows, Row, i);
        if (row->what != IMPORT_REFUSED)
            continue;
        g_autofree char *pointer = g_strdup_printf("/rows/%u", row->number);
        problem_add(problem, pointer, row->why->vi, row->why->en);
        told++;
    }
    return reply_problem_take(problem);
}

static Json *row_json(const ImportReport *self, const Row *row)
{
    Json *json = json_new_object();
    json_set_int(json, "row", row->number);
    json_set_text(json, "name", row->name);
    json_set_text(json, "what", words[row->what]);
    json_set_text(json, "why_not",
                  !row->why                       ? NULL
                  : self->language == LANGUAGE_EN ? row->why->en
                                                  : row->why->vi);
    return json;
}

Reply *import_report_reply(const ImportReport *self, bool dry_run)
{
    if (!dry_run && !import_report_clean(self))
        return refuse(self);
    Json *items = json_new_array(), *body = json_new_object();
    for (unsigned i = 0; i < self->rows->len; i++)
        json_append_take(items, row_json(self, &g_array_index(self->rows, Row, i)));
    json_set_take(body, "items", items);
    for (unsigned i = 0; i < IMPORT_COUNT; i++)
        json_set_int(body, words[i], self->counts[i]);
    json_set_bool(body, "stored", !dry_run);
    return reply_json_take(200, body);
}

CsvTable *import_report_table(Request *request, Reply **ret_refusal)
{
    g_autoptr(GError) error = NULL;
    CsvTable *table = csv_table_read(request_body(request), &error);
    if (table)
        return table;
    *ret_refusal = reply_problem(g_error_matches(error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE)
                                     ? &problem_too_large
                                     : &problem_no_table);
    return NULL;
}

bool import_report_is_dry(const Request *request)
{
    return g_strcmp0(request_query(request, "dry_run"), "true") == 0;
}
