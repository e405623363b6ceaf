/* The SQLite file under the journal, for the journal's own files only. */
#pragma once

#include "journal/journal.h"

#include <sqlite3.h>

struct Journal {
    char *path;
    sqlite3 *db; /* NULL: it could not be opened yet */
    const Key *key;
    int64_t waiting; /* receipts not acknowledged */
};

typedef sqlite3_stmt Statement;
void journal_file_statement_free(Statement *statement);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Statement, journal_file_statement_free)

bool journal_file_open(Journal *self, GError **error);
/* Always false; `what` as in "the journal cannot ...". */
bool journal_file_fail(Journal *self, const char *what, GError **error);
bool journal_file_run(Journal *self, const char *sql, const char *what, GError **error);
/* NULL where there is no file, or no such table. SQLite numbers $1, $2, ... in the order in which a
 * statement names them first. */
Statement *journal_file_statement(Journal *self, const char *sql);
bool journal_file_finish(Journal *self, Statement *row, const char *what, GError **error);
/* Ends a transaction: commits when all went well, else takes everything back. */
bool journal_file_settle(Journal *self, bool good, const char *what, GError **error);
