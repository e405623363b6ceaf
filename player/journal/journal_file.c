/* WAL mode with synchronous=FULL: what was committed survives a power cut. The file of an older
 * version is brought up to date, one change after the other, in one transaction. */
#include "journal/journal_file.h"

static const char schema[] =
    "CREATE TABLE airing(id TEXT PRIMARY KEY, planned_us INTEGER NOT NULL,"
    " draft BLOB) STRICT, WITHOUT ROWID;" /* draft NULL: it has ended */
    "CREATE TABLE receipt(counter INTEGER PRIMARY KEY, airing TEXT NOT NULL UNIQUE,"
    " envelope BLOB NOT NULL) STRICT;"
    "CREATE TABLE chain(keyid TEXT PRIMARY KEY, counter INTEGER NOT NULL,"
    " previous TEXT NOT NULL) STRICT;"
    "CREATE TABLE alive(id INTEGER PRIMARY KEY CHECK (id = 1), at_us INTEGER NOT NULL,"
    " boot_id TEXT NOT NULL) STRICT;"
    "PRAGMA user_version = 1;";

/* Each brings a journal from the version of its place to the next one; never to be changed. */
static const char *const changes[] = {
    schema,
    "CREATE TABLE heard(airing TEXT NOT NULL REFERENCES airing(id) ON DELETE CASCADE,"
    " from_us INTEGER NOT NULL, until_us INTEGER NOT NULL,"
    " PRIMARY KEY(airing, from_us)) STRICT, WITHOUT ROWID;"
    "PRAGMA user_version = 2;",
};

G_DEFINE_QUARK(loa - journal - error - quark, journal_error)

void journal_file_statement_free(Statement *statement)
{
    sqlite3_finalize(statement);
}

bool journal_file_fail(Journal *self, const char *what, GError **error)
{
    g_set_error(error, JOURNAL_ERROR, JOURNAL_ERROR_STORE, "the journal cannot %s: %s", what,
                self->db ? sqlite3_errmsg(self->db) : "it is not open");
    return false;
}

bool journal_file_run(Journal *self, const char *sql, const char *what, GError **error)
{
    if (self->db && sqlite3_exec(self->db, sql, NULL, NULL, NULL) == SQLITE_OK)
        return true;
    return journal_file_fail(self, what, error);
}

Statement *journal_file_statement(Journal *self, const char *sql)
{
    sqlite3_stmt *made = NULL;
    if (self->db)
        sqlite3_prepare_v2(self->db, sql, -1, &made, NULL);
    return made;
}

bool journal_file_finish(Journal *self, Statement *row, const char *what, GError **error)
{
    if (row && sqlite3_step(row) == SQLITE_DONE)
        return true;
    return journal_file_fail(self, what, error);
}

bool journal_file_settle(Journal *self, bool good, const char *what, GError **error)
{
    if (good && journal_file_run(self, "COMMIT", what, error))
        return true;
    if (self->db)
        sqlite3_exec(self->db, "ROLLBACK", NULL, NULL, NULL);
    return false;
}

static int64_t read_int(Journal *self, const char *sql)
{
    g_autoptr(Statement) row = journal_file_statement(self, sql);
    return row && sqlite3_step(row) == SQLITE_ROW ? sqlite3_column_int64(row, 0) : 0;
}

static bool prepare_file(Journal *self, GError **error)
{
    static const char settings[] =
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
        "PRAGMA mmap_size = 0; PRAGMA busy_timeout = 2000;";
    if (!journal_file_run(self, settings, "be opened", error))
        return false;
    int64_t version = read_int(self, "PRAGMA user_version");
    if (version == G_N_ELEMENTS(changes))
        return true;
    if (version < 0 || version > (int64_t)G_N_ELEMENTS(changes)) {
        g_set_error(error, JOURNAL_ERROR, JOURNAL_ERROR_STORE,
                    "the journal was written by a newer version");
        return false;
    }
    if (!journal_file_run(self, "BEGIN IMMEDIATE", "be made", error))
        return false;
    bool good = true;
    for (size_t i = (size_t)version; good && i < G_N_ELEMENTS(changes); i++)
        good = journal_file_run(self, changes[i], "be made", error);
    return journal_file_settle(self, good, "be made", error);
}

bool journal_file_open(Journal *self, GError **error)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    bool good = sqlite3_open_v2(self->path, &self->db, flags, NULL) == SQLITE_OK;
    if (!good)
        journal_file_fail(self, "be opened", error);
    if (good && prepare_file(self, error)) {
        self->waiting = read_int(self, "SELECT count(*) FROM receipt");
        return true;
    }
    sqlite3_close(self->db);
    self->db = NULL;
    return false;
}
