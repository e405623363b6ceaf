/* GET /api/ledger/export: the signed papers, one JSON document a line, for whoever wants to check
 * them without us: {"type": "root" | "station" | "plan" | "receipt", ...}.
 *
 * The answer is written page by page as the peer takes it: a year of receipts never lies in memory.
 * A page is read by key after the last row sent, so rows that come in meanwhile do no harm. */
#include "ledger/ledger.h"

#include <string.h>

#include "access/access.h"
#include "fleet/plan_store.h"
#include "registry/area_store.h"

#define PAGE_ROWS 64

typedef struct Export {
    Database *database;
    int64_t from_us, to_us;
    unsigned phase;   /* index into phases */
    int64_t after;    /* seq or version of the last row */
    char *after_id;   /* the same for stations */
    GString *waiting; /* printed, not yet taken */
    size_t taken;
} Export;

static void add_line(Export *self, Json *take_line)
{
    size_t length;
    g_autofree char *text = json_print(take_line, &length);
    g_string_append_len(self->waiting, text, (gssize)length);
    g_string_append_c(self->waiting, '\n');
    json_drop(take_line);
}

static void add_envelope(Export *self, const char *type, const char *station, const char *text,
                         size_t length)
{
    Json *envelope = json_parse(text, length, NULL);
    Json *line = json_new_object();
    json_set_text(line, "type", type);
    if (station)
        json_set_text(line, "station", station);
    json_set_take(line, "envelope", envelope);
    add_line(self, line);
}

static unsigned page_of_roots(Export *self)
{
    unsigned rows = 0;
    g_autoptr(Query) query =
        database_query(self->database, "SELECT version, envelope FROM roots WHERE version > $1 "
                                       "ORDER BY version LIMIT $2");
    query_int(query, self->after);
    query_int(query, PAGE_ROWS);
    for (; query_next(query, NULL) > 0; rows++) {
        self->after = row_int(query, 0);
        add_envelope(self, "root", NULL, row_text(query, 1), strlen(row_text(query, 1)));
    }
    return rows;
}

static unsigned page_of_stations(Export *self)
{
    unsigned rows = 0;
    g_autoptr(Query) query = database_query(
        self->database,
        "SELECT id, keyid, public_key FROM stations WHERE id > $1 ORDER BY id LIMIT $2");
    query_text(query, self->after_id ? self->after_id : "");
    query_int(query, PAGE_ROWS);
    for (; query_next(query, NULL) > 0; rows++) {
        size_t length;
        const void *key = row_blob(query, 2, &length);
        g_autofree char *public = g_base64_encode(key, length);
        Json *line = json_new_object();
        json_set_text(line, "type", "station");
        json_set_text(line, "station", row_text(query, 0));
        json_set_text(line, "keyid", row_text(query, 1));
        json_set_text(line, "public", public);
        add_line(self, line);
        g_free(self->after_id);
        self->after_id = g_strdup(row_text(query, 0));
    }
    return rows;
}

static void add_plan(Export *self, const char *station, const void *bytes, size_t length)
{
    g_autoptr(GBytes) gzip = g_bytes_new_static(bytes, length);
    g_autoptr(GBytes) plain = plan_store_expand(gzip, NULL);
    if (plain)
        add_envelope(self, "plan", station, g_bytes_get_data(plain, NULL), g_bytes_get_size(plain));
}

static unsigned page_of_plans(Export *self)
{
    unsigned rows = 0;
    g_autoptr(Query) query = database_query(
        self->database, "SELECT seq, station, envelope FROM plans WHERE seq > $1 "
                        "AND issued_us >= $2 AND issued_us < $3 ORDER BY seq LIMIT $4");
    query_int(query, self->after);
    query_int(query, self->from_us);
    query_int(query, self->to_us);
    query_int(query, PAGE_ROWS);
    for (; query_next(query, NULL) > 0; rows++) {
        size_t length;
        self->after = row_int(query, 0);
        const void *bytes = row_blob(query, 2, &length);
        add_plan(self, row_text(query, 1), bytes, length);
    }
    return rows;
}

static unsigned page_of_receipts(Export *self)
{
    unsigned rows = 0;
    g_autoptr(Query) query = database_query(
        self->database, "SELECT seq, station, envelope FROM receipts WHERE seq > $1 "
                        "AND received_us >= $2 AND received_us < $3 ORDER BY seq LIMIT $4");
    query_int(query, self->after);
    query_int(query, self->from_us);
    query_int(query, self->to_us);
    query_int(query, PAGE_ROWS);
    for (; query_next(query, NULL) > 0; rows++) {
        self->after = row_int(query, 0);
        add_envelope(self, "receipt", row_text(query, 1), row_text(query, 2),
                     strlen(row_text(query, 2)));
    }
    return rows;
}

static unsigned (*const phases[])(Export *self) = {page_of_roots, page_of_stations, page_of_plans,
                                                   page_of_receipts};

/* Prints the next page; false at the end. */
static bool refill(Export *self)
{
    g_string_truncate(self->waiting, 0);
    self->taken = 0;
    while (self->phase < G_N_ELEMENTS(phases)) {
        if (phases[self->phase](self) > 0)
            return true;
        self->phase++;
        self->after = 0;
    }
    return false;
}

static ssize_t export_read(void *user, char *buffer, size_t size)
{
    Export *self = user;
    if (self->taken == self->waiting->len && !refill(self))
        return -1;
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
    g_free(self->after_id);
    g_free(self);
}

static const ReplySource export_source = {
    .read = export_read, .attach = export_attach, .close = export_close};

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
    export->from_us = from_us;
    export->to_us = to_us;
    export->waiting = g_string_new(NULL);
    return reply_source("application/x-ndjson", &export_source, export);
}
