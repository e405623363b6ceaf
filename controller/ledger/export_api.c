/* GET /api/ledger/export: the signed papers, one JSON document a line, for whoever wants to check
 * them without us: {"type": "root" | "station" | "plan" | "command" | "unreported" | "receipt",
 * ...}, and
 * {"type": "end", "papers": n} at the end. Where retention took a body away the line says so:
 * {"type", "station", "pruned": true, "sha256", "keyid" and "counter" or "epoch" and "version"}.
 *
 * The answer is written page by page as the peer takes it: a year of receipts never lies in memory.
 * A page is read by key after the last row sent, so rows that come in meanwhile do no harm. */
#include "ledger/ledger.h"

#include <string.h>

#include "access/access.h"
#include "base/log.h"
#include "fleet/plan_store.h"
#include "ledger/export_store.h"
#include "registry/area_store.h"

#define PAGE_ROWS 64

typedef struct Export {
    Database *database;
    ExportCursor cursor;
    unsigned phase;   /* index into phases */
    int64_t papers;   /* handed out so far */
    GString *waiting; /* printed, not yet taken */
    size_t taken;
    bool is_broken; /* a paper could not be read */
} Export;

static void add_line(Export *self, Json *take_line)
{
    size_t length;
    g_autofree char *text = json_print(take_line, &length);
    g_string_append_len(self->waiting, text, (gssize)length);
    g_string_append_c(self->waiting, '\n');
    json_drop(take_line);
}

static void add_envelope(Export *self, const char *type, const char *station, const void *text,
                         size_t length)
{
    Json *line = json_new_object();
    json_set_text(line, "type", type);
    if (station)
        json_set_text(line, "station", station);
    json_set_take(line, "envelope", json_parse(text, length, NULL));
    add_line(self, line);
}

/* The body has gone with its time of keeping; what others name it by has not. */
static void add_pruned(Export *self, const char *type, const ExportPaper *paper)
{
    Json *line = json_new_object();
    json_set_text(line, "type", type);
    json_set_text(line, "station", paper->station);
    json_set_bool(line, "pruned", true);
    json_set_text(line, "sha256", paper->sha256);
    if (paper->keyid) {
        json_set_text(line, "keyid", paper->keyid);
        json_set_int(line, "counter", paper->counter);
    } else {
        json_set_int(line, "epoch", paper->epoch);
        json_set_int(line, "version", paper->version);
    }
    add_line(self, line);
}

static void take_root(const ExportPaper *paper, void *user)
{
    add_envelope(user, "root", NULL, paper->bytes, paper->length);
}

static void take_station(const ExportPaper *paper, void *user)
{
    g_autofree char *public = g_base64_encode(paper->bytes, paper->length);
    Json *line = json_new_object();
    json_set_text(line, "type", "station");
    json_set_text(line, "station", paper->station);
    json_set_text(line, "keyid", paper->keyid);
    json_set_text(line, "public", public);
    add_line(user, line);
}

static void take_plan(const ExportPaper *paper, void *user)
{
    Export *self = user;
    if (paper->length == 0) {
        add_pruned(user, "plan", paper);
        return;
    }
    g_autoptr(GBytes) gzip = g_bytes_new_static(paper->bytes, paper->length);
    g_autoptr(GBytes) plain = plan_store_expand(gzip, NULL);
    if (!plain)
        self->is_broken = true;
    else
        add_envelope(user, "plan", paper->station, g_bytes_get_data(plain, NULL),
                     g_bytes_get_size(plain));
}

static void take_receipt(const ExportPaper *paper, void *user)
{
    if (paper->length == 0)
        add_pruned(user, "receipt", paper);
    else
        add_envelope(user, "receipt", paper->station, paper->bytes, paper->length);
}

static void take_command(const ExportPaper *paper, void *user)
{
    add_envelope(user, "command", NULL, paper->bytes, paper->length);
}

static void take_unreported(const ExportPaper *paper, void *user)
{
    add_envelope(user, "unreported", NULL, paper->bytes, paper->length);
}

static const struct {
    int (*page)(Database *database, ExportCursor *cursor, ExportTake take, void *user,
                GError **error);
    ExportTake take;
} phases[] = {
    {export_store_roots, take_root},
    {export_store_stations, take_station},
    {export_store_plans, take_plan},
    {export_store_commands, take_command},
    {export_store_unreported, take_unreported}, /* before the receipts that it says were held */
    {export_store_receipts, take_receipt},
};

/* An export that was cut off lacks this line. */
static int add_end(Export *self)
{
    if (self->phase > G_N_ELEMENTS(phases))
        return 0;
    self->phase++;
    Json *line = json_new_object();
    json_set_text(line, "type", "end");
    json_set_int(line, "papers", self->papers);
    add_line(self, line);
    return 1;
}

/* Prints the next page: 1, 0 at the end, -1 when a paper cannot be read. */
static int refill(Export *self)
{
    g_autoptr(GError) error = NULL;
    g_string_truncate(self->waiting, 0);
    self->taken = 0;
    while (self->phase < G_N_ELEMENTS(phases)) {
        int papers = phases[self->phase].page(self->database, &self->cursor,
                                              phases[self->phase].take, self, &error);
        self->is_broken |= papers < 0;
        if (self->is_broken)
            log_warning("the export stops in the middle: %s",
                        error ? error->message : "a paper cannot be read");
        if (self->is_broken)
            return -1;
        self->papers += papers;
        if (papers > 0)
            return 1;
        self->phase++;
        self->cursor.after = 0;
    }
    return add_end(self);
}

static ssize_t export_read(void *user, char *buffer, size_t size)
{
    Export *self = user;
    int more = self->taken < self->waiting->len ? 1 : refill(self);
    if (more <= 0)
        return more == 0 ? REPLY_END : REPLY_BROKEN;
    size_t length = MIN(size, self->waiting->len - self->taken);
    memcpy(buffer, self->waiting->str + self->taken, length);
    self->taken += length;
    return (ssize_t)length;
}

static void export_attach(void *user, void (*wake)(void *connection), void *connection)
{
    /* A page is always at hand: nobody ever has to be woken. */
    (void)user;
    (void)wake;
    (void)connection;
}

static void export_close(void *user)
{
    Export *self = user;
    g_string_free(self->waiting, TRUE);
    g_free(self->cursor.after_id);
    g_free(self);
}

static const ReplySource export_source = {
    .read = export_read, .attach = export_attach, .close = export_close, .has_end = true};

static Reply *check_right(Database *database, Request *request)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) areas = area_store_list(database, NULL, &error);
    if (!areas)
        return reply_error(error);
    if (areas->len == 0)
        return reply_problem(&problem_not_found);
    const Area *top = g_ptr_array_index(areas, 0);
    return access_check(database, request, VERB_AUDIT, top->id);
}

static bool read_time(Request *request, const char *name, int64_t fallback, int64_t *ret_us)
{
    const char *text = request_query(request, name);
    *ret_us = fallback;
    return !text || !*text || clock_parse_rfc3339(text, ret_us, NULL);
}

Reply *export_api_get(void *ledger, Request *request)
{
    Ledger *self = ledger;
    Reply *refusal = check_right(self->database, request);
    if (refusal)
        return refusal;
    int64_t from_us, to_us;
    if (!read_time(request, "from", 0, &from_us) || !read_time(request, "to", G_MAXINT64, &to_us)) {
        Problem *problem = problem_new(&problem_bad_request);
        problem_set(problem, "why", "from, to");
        return reply_problem_take(problem);
    }
    Export *export = g_new0(Export, 1);
    export->database = self->database;
    export->cursor = (ExportCursor){.from_us = from_us, .to_us = to_us, .limit = PAGE_ROWS};
    export->waiting = g_string_new(NULL);
    return reply_source("application/x-ndjson", &export_source, export);
}
