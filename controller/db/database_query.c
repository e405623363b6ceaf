/* Statements: prepared once, kept by their text and handed out one at a time; a second user of the
 * same text meanwhile gets one of its own. A statement never runs outside the transaction that its
 * caller believes to be in. */
#include "db/database_private.h"

#include <sqlite3.h>
#include <stdlib.h>

void database_query_free(void *data)
{
    Query *self = data;
    sqlite3_finalize(self->statement);
    g_free(self->prepare_error);
    g_free(self);
}

/* $1, $2 ... are names to SQLite, numbered by where they first stand in the text. */
static void map_parameters(Query *self, const char *sql)
{
    int count = sqlite3_bind_parameter_count(self->statement);
    for (int i = 1; i <= count; i++) {
        const char *name = sqlite3_bind_parameter_name(self->statement, i);
        int number = name && name[0] == '$' ? atoi(name + 1) : 0;
        if (number < 1 || number > DATABASE_MAX_PARAMETERS)
            g_critical("parameter %s is not $1..$%d: %s", name ? name : "?",
                       DATABASE_MAX_PARAMETERS, sql);
        else
            self->index[number] = i;
    }
}

static Query *query_prepare(Database *database, const char *sql, bool kept)
{
    Query *self = g_new0(Query, 1);
    self->database = database;
    self->kept = kept;
    unsigned flags = kept ? SQLITE_PREPARE_PERSISTENT : 0;
    int code = sqlite3_prepare_v3(database->handle, sql, -1, flags, &self->statement, NULL);
    if (code == SQLITE_OK) {
        map_parameters(self, sql);
        return self;
    }
    self->prepare_code = code;
    self->prepare_error = g_strdup(sqlite3_errmsg(database->handle));
    self->kept = false; /* try again next time */
    return self;
}

Query *database_query(Database *self, const char *sql)
{
    Query *query = g_hash_table_lookup(self->queries, sql);
    if (query && !query->in_use) {
        query->in_use = true;
        return query;
    }
    Query *fresh = query_prepare(self, sql, query == NULL);
    fresh->in_use = true;
    if (fresh->kept)
        g_hash_table_insert(self->queries, (char *)sql, fresh);
    return fresh;
}

void query_done(Query *self)
{
    if (!self)
        return;
    if (!self->kept) {
        database_query_free(self);
        return;
    }
    sqlite3_reset(self->statement);
    sqlite3_clear_bindings(self->statement);
    self->bound = 0;
    self->in_use = false;
}

/* Index of the next value; 0 when there is no such place. */
static int next_place(Query *self)
{
    if (!self->statement)
        return 0;
    self->bound++;
    int index = self->bound <= DATABASE_MAX_PARAMETERS ? self->index[self->bound] : 0;
    if (index == 0)
        g_critical("no $%u in: %s", self->bound, sqlite3_sql(self->statement));
    return index;
}

void query_text(Query *self, const char *value)
{
    int place = next_place(self);
    if (place)
        sqlite3_bind_text(self->statement, place, value, -1, SQLITE_TRANSIENT);
}

void query_int(Query *self, int64_t value)
{
    int place = next_place(self);
    if (place)
        sqlite3_bind_int64(self->statement, place, value);
}

void query_real(Query *self, double value)
{
    int place = next_place(self);
    if (place)
        sqlite3_bind_double(self->statement, place, value);
}

void query_bool(Query *self, bool value)
{
    query_int(self, value ? 1 : 0);
}

void query_blob(Query *self, const void *bytes, size_t length)
{
    int place = next_place(self);
    if (place)
        sqlite3_bind_blob64(self->statement, place, length ? bytes : "", length, SQLITE_TRANSIENT);
}

void query_null(Query *self)
{
    int place = next_place(self);
    if (place)
        sqlite3_bind_null(self->statement, place);
}

/* False when the statement must not run at all. */
static bool may_step(Query *self, GError **error)
{
    Database *database = self->database;
    if (!self->statement) {
        g_set_error(error, DATABASE_ERROR, database_code(self->prepare_code), "%s",
                    self->prepare_error);
        return false;
    }
    if (!database->broken)
        return true;
    g_set_error(error, DATABASE_ERROR, database->broken_code,
                "the transaction was rolled back already");
    return false;
}

int query_next(Query *self, GError **error)
{
    if (!may_step(self, error))
        return -1;
    int code = sqlite3_step(self->statement);
    if (code == SQLITE_ROW)
        return 1;
    if (code == SQLITE_DONE) {
        self->changes = sqlite3_changes64(self->database->handle);
        return 0;
    }
    database_set_error(self->database, code, sqlite3_sql(self->statement), error);
    sqlite3_reset(self->statement);
    return -1;
}

bool query_run(Query *self, GError **error)
{
    int more;
    do {
        more = query_next(self, error);
    } while (more == 1);
    return more == 0;
}

int64_t query_changes(Query *self)
{
    return self->changes;
}

bool query_run_one(Query *self, const char *otherwise, GError **error)
{
    if (!query_run(self, error))
        return false;
    if (query_changes(self) == 1)
        return true;
    g_set_error_literal(error, DATABASE_ERROR, DATABASE_ERROR_CONSTRAINT, otherwise);
    return false;
}

const char *row_text(Query *self, int column)
{
    return (const char *)sqlite3_column_text(self->statement, column);
}

int64_t row_int(Query *self, int column)
{
    return sqlite3_column_int64(self->statement, column);
}

double row_real(Query *self, int column)
{
    return sqlite3_column_double(self->statement, column);
}

bool row_bool(Query *self, int column)
{
    return row_int(self, column) != 0;
}

bool row_is_null(Query *self, int column)
{
    return sqlite3_column_type(self->statement, column) == SQLITE_NULL;
}

const void *row_blob(Query *self, int column, size_t *ret_length)
{
    const void *bytes = sqlite3_column_blob(self->statement, column);
    *ret_length = (size_t)sqlite3_column_bytes(self->statement, column);
    return bytes;
}
