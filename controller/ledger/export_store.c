/* SQL of the export. Pages go by the order of commit, so what comes in meanwhile lies behind them.
 */
#include "ledger/export_store.h"

#include <string.h>

static ExportPaper text_paper(Query *query, int station, int text)
{
    const char *bytes = row_text(query, text);
    return (ExportPaper){.station = station >= 0 ? row_text(query, station) : NULL,
                         .bytes = bytes,
                         .length = strlen(bytes)};
}

/* Rows of (seq, envelope) and nothing else. */
static int take_envelopes(Query *query, ExportCursor *cursor, ExportTake take, void *user,
                          GError **error)
{
    int papers = 0, step;
    for (; (step = query_next(query, error)) > 0; papers++) {
        ExportPaper paper = text_paper(query, -1, 1);
        take(&paper, user);
        cursor->after = row_int(query, 0);
    }
    return step < 0 ? -1 : papers;
}

int export_store_roots(Database *database, ExportCursor *cursor, ExportTake take, void *user,
                       GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "SELECT version, envelope FROM roots WHERE version > $1 "
                                 "ORDER BY version LIMIT $2");
    query_int(query, cursor->after);
    query_int(query, cursor->limit);
    return take_envelopes(query, cursor, take, user, error);
}

int export_store_stations(Database *database, ExportCursor *cursor, ExportTake take, void *user,
                          GError **error)
{
    int papers = 0, step;
    g_autoptr(Query) query =
        database_query(database, "SELECT station, keyid, public_key FROM "
                                 "(SELECT id AS station, keyid, public_key FROM stations "
                                 "UNION ALL SELECT station, keyid, public_key FROM station_keys) "
                                 "WHERE keyid > $1 ORDER BY keyid LIMIT $2");
    query_text(query, cursor->after_id ? cursor->after_id : "");
    query_int(query, cursor->limit);
    for (; (step = query_next(query, error)) > 0; papers++) {
        ExportPaper paper = {.station = row_text(query, 0), .keyid = row_text(query, 1)};
        paper.bytes = row_blob(query, 2, &paper.length);
        take(&paper, user);
        g_free(cursor->after_id);
        cursor->after_id = g_strdup(row_text(query, 1));
    }
    return step < 0 ? -1 : papers;
}

static void bind_window(Query *query, const ExportCursor *cursor)
{
    query_int(query, cursor->after);
    query_int(query, cursor->from_us);
    query_int(query, cursor->to_us);
    query_int(query, cursor->limit);
}

int export_store_plans(Database *database, ExportCursor *cursor, ExportTake take, void *user,
                       GError **error)
{
    int papers = 0, step;
    g_autoptr(Query) query =
        database_query(database, "SELECT seq, station, envelope, sha256, epoch, version FROM plans "
                                 "WHERE seq > $1 AND issued_us >= $2 AND issued_us < $3 "
                                 "AND (length(envelope) > 0 OR fetched_us > 0 OR named = 1) "
                                 "ORDER BY seq LIMIT $4");
    bind_window(query, cursor);
    for (; (step = query_next(query, error)) > 0; papers++) {
        ExportPaper paper = {.station = row_text(query, 1),
                             .sha256 = row_text(query, 3),
                             .epoch = row_int(query, 4),
                             .version = row_int(query, 5)};
        paper.bytes = row_blob(query, 2, &paper.length);
        take(&paper, user);
        cursor->after = row_int(query, 0);
    }
    return step < 0 ? -1 : papers;
}

int export_store_commands(Database *database, ExportCursor *cursor, ExportTake take, void *user,
                          GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "SELECT seq, envelope FROM commands WHERE seq > $1 AND issued_us >= $2 "
                  "AND issued_us < $3 ORDER BY seq LIMIT $4");
    bind_window(query, cursor);
    return take_envelopes(query, cursor, take, user, error);
}

int export_store_unreported(Database *database, ExportCursor *cursor, ExportTake take, void *user,
                            GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "SELECT seq, envelope FROM unreported WHERE seq > $1 AND made_us >= $2 "
                  "AND made_us < $3 ORDER BY seq LIMIT $4");
    bind_window(query, cursor);
    return take_envelopes(query, cursor, take, user, error);
}

int export_store_receipts(Database *database, ExportCursor *cursor, ExportTake take, void *user,
                          GError **error)
{
    int papers = 0, step;
    g_autoptr(Query) query = database_query(
        database, "SELECT seq, station, envelope, keyid, counter, sha256 FROM receipts "
                  "WHERE seq > $1 AND received_us >= $2 AND received_us < $3 "
                  "ORDER BY seq LIMIT $4");
    bind_window(query, cursor);
    for (; (step = query_next(query, error)) > 0; papers++) {
        ExportPaper paper = text_paper(query, 1, 2);
        paper.keyid = row_text(query, 3);
        paper.counter = row_int(query, 4);
        paper.sha256 = row_text(query, 5);
        take(&paper, user);
        cursor->after = row_int(query, 0);
    }
    return step < 0 ? -1 : papers;
}
