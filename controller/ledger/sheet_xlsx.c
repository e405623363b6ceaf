/* XLSX by libxlsxwriter in its constant-memory mode: a row is on the disk when the next one begins,
 * so cells come strictly from left to right and from top to bottom.
 *
 * The finished file has no name any more: it is read by its descriptor and gone with it. */
#include "ledger/sheet_xlsx.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <math.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "base/log.h"

#define COLUMNS_MAX    64
#define COLUMN_WIDTH   16      /* characters */
#define PAGE_NAME_MAX  31      /* Excel's own limit */
#define EXCEL_EPOCH    25569.0 /* days from 1900 to 1970, as Excel counts them */
#define SECONDS_IN_DAY 86400.0

struct SheetXlsx {
    Sheet sheet;
    char *path; /* NULL when a reply took it */
    lxw_workbook *book;
    lxw_worksheet *page;
    lxw_format *heading, *time, *decimals[3];
    lxw_row_t row;
    lxw_col_t column;
};

/* A page's name must not hold any of these. */
static char *page_name(const char *name)
{
    char *clean = g_utf8_substring(name, 0, MIN(g_utf8_strlen(name, -1), PAGE_NAME_MAX));
    return g_strdelimit(clean, "[]:*?/\\'", ' ');
}

static void xlsx_page(void *data, const char *name)
{
    SheetXlsx *self = data;
    g_autofree char *clean = page_name(name);
    self->page = workbook_add_worksheet(self->book, clean);
    self->row = 0;
    self->column = 0;
    worksheet_set_column(self->page, 0, COLUMNS_MAX, COLUMN_WIDTH, NULL);
    worksheet_set_paper(self->page, 9); /* A4 */
    worksheet_set_landscape(self->page);
}

static void xlsx_text(void *data, const char *value, bool is_heading)
{
    SheetXlsx *self = data;
    if (value && *value)
        worksheet_write_string(self->page, self->row, self->column, value,
                               is_heading ? self->heading : NULL);
    self->column++;
}

static void xlsx_number(void *data, double value, unsigned decimals)
{
    SheetXlsx *self = data;
    if (isfinite(value))
        worksheet_write_number(self->page, self->row, self->column, value,
                               self->decimals[MIN(decimals, 2)]);
    self->column++;
}

static void xlsx_time(void *data, int64_t wall_us)
{
    SheetXlsx *self = data;
    double days = (double)(wall_us / G_USEC_PER_SEC) / SECONDS_IN_DAY + EXCEL_EPOCH;
    if (wall_us)
        worksheet_write_number(self->page, self->row, self->column, days, self->time);
    self->column++;
}

static void xlsx_end_row(void *data)
{
    SheetXlsx *self = data;
    self->row++;
    self->column = 0;
}

static const SheetOps xlsx_ops = {.page = xlsx_page,
                                  .text = xlsx_text,
                                  .number = xlsx_number,
                                  .time = xlsx_time,
                                  .end_row = xlsx_end_row};

static void add_formats(SheetXlsx *self)
{
    self->heading = workbook_add_format(self->book);
    format_set_bold(self->heading);
    format_set_text_wrap(self->heading);
    self->time = workbook_add_format(self->book);
    format_set_num_format(self->time, "dd/mm/yyyy hh:mm:ss");
    static const char *const formats[] = {"0", "0.0", "0.00"};
    for (unsigned i = 0; i < G_N_ELEMENTS(formats); i++) {
        self->decimals[i] = workbook_add_format(self->book);
        format_set_num_format(self->decimals[i], formats[i]);
    }
}

SheetXlsx *sheet_xlsx_new(GError **error)
{
    g_autoptr(SheetXlsx) self = g_new0(SheetXlsx, 1);
    int fd = g_file_open_tmp("loa-XXXXXX.xlsx", &self->path, error);
    if (fd < 0)
        return NULL;
    close(fd);
    lxw_workbook_options options = {.constant_memory = LXW_TRUE, .tmpdir = (char *)g_get_tmp_dir()};
    self->book = workbook_new_opt(self->path, &options);
    if (!self->book) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "cannot make %s", self->path);
        return NULL;
    }
    add_formats(self);
    self->sheet = (Sheet){.ops = &xlsx_ops, .self = self};
    return g_steal_pointer(&self);
}

Sheet *sheet_xlsx_sheet(SheetXlsx *self)
{
    return &self->sheet;
}

bool sheet_xlsx_finish(SheetXlsx *self, GError **error)
{
    lxw_error code = workbook_close(self->book); /* frees the book, whatever happens */
    self->book = NULL;
    if (code != LXW_NO_ERROR)
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "cannot write %s: %s", self->path,
                    lxw_strerror(code));
    return code == LXW_NO_ERROR;
}

void sheet_xlsx_free(SheetXlsx *self)
{
    if (!self)
        return;
    if (self->book)
        lxw_workbook_free(self->book);
    if (self->path)
        g_unlink(self->path);
    g_free(self->path);
    g_free(self);
}

typedef struct FileSource {
    int fd;
} FileSource;

static ssize_t file_read(void *data, char *buffer, size_t size)
{
    FileSource *self = data;
    ssize_t length = read(self->fd, buffer, size);
    if (length < 0)
        log_warning("a book stops in the middle: %s", g_strerror(errno));
    return length > 0 ? length : length == 0 ? REPLY_END : REPLY_BROKEN;
}

static void file_attach(void *data, void (*wake)(void *connection), void *connection)
{
    (void)data; /* there is always more at hand, or the end */
    (void)wake;
    (void)connection;
}

static void file_close(void *data)
{
    FileSource *self = data;
    close(self->fd);
    g_free(self);
}

static const ReplySource file_source = {
    .read = file_read, .attach = file_attach, .close = file_close, .has_end = true};

Reply *sheet_xlsx_reply_take(SheetXlsx *self, const char *name)
{
    g_autoptr(SheetXlsx) mine = self;
    int fd = g_open(mine->path, O_RDONLY | O_CLOEXEC, 0);
    if (fd < 0) {
        g_autoptr(GError) error =
            g_error_new(G_IO_ERROR, g_io_error_from_errno(errno), "cannot read %s", mine->path);
        return reply_error(error);
    }
    FileSource *source = g_new0(FileSource, 1);
    source->fd = fd;
    Reply *reply = reply_source(SHEET_TYPE_XLSX, &file_source, source);
    g_autofree char *offer = g_strdup_printf("attachment; filename=\"%s\"", name);
    reply_header(reply, "Content-Disposition", offer);
    return reply;
}
