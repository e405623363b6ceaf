/* Brings the schema up to date: every embedded migration whose number is not in schema_versions
 * runs, lowest first, each in one transaction with the row that says so. A power cut between two
 * leaves a valid older schema. A number in the table that this program does not know means a newer
 * program was here: refuse, so that nobody loses what only that one understands. */
#include "db/migrate.h"

#include <gio/gio.h>
#include <stdlib.h>

#include "db_migrations.h"

#define MIGRATIONS "/loa/migrations"

typedef struct Migration {
    int number;
    char *name; /* "001_access.sql" */
} Migration;

static int compare_migrations(const void *a, const void *b)
{
    return ((const Migration *)a)->number - ((const Migration *)b)->number;
}

static void clear_migration(void *data)
{
    g_free(((Migration *)data)->name);
}

static GArray *known_migrations(void)
{
    GArray *known = g_array_new(FALSE, FALSE, sizeof(Migration));
    g_array_set_clear_func(known, clear_migration);
    g_auto(GStrv) names =
        g_resource_enumerate_children(db_migrations_get_resource(), MIGRATIONS, 0, NULL);
    for (unsigned i = 0; names && names[i]; i++) {
        Migration migration = {.number = atoi(names[i]), .name = g_strdup(names[i])};
        g_array_append_val(known, migration);
    }
    g_array_sort(known, compare_migrations);
    return known;
}

static bool is_known(const GArray *known, int number)
{
    for (unsigned i = 0; i < known->len; i++) {
        if (g_array_index(known, Migration, i).number == number)
            return true;
    }
    return false;
}

/* Numbers that ran already; NULL on error. */
static GHashTable *applied_numbers(Database *database, const GArray *known, int *ret_highest,
                                   GError **error)
{
    g_autoptr(GHashTable) applied = g_hash_table_new(NULL, NULL);
    g_autoptr(Query) query =
        database_query(database, "SELECT version, name FROM schema_versions ORDER BY version");
    int more;
    *ret_highest = 0;
    while ((more = query_next(query, error)) == 1) {
        int number = (int)row_int(query, 0);
        if (!is_known(known, number)) {
            g_set_error(error, DATABASE_ERROR, DATABASE_ERROR_FAILED,
                        "the database is newer than this program (it has %s); install the newer "
                        "program or restore a backup",
                        row_text(query, 1));
            return NULL;
        }
        g_hash_table_add(applied, GINT_TO_POINTER(number));
        *ret_highest = number;
    }
    return more == 0 ? g_steal_pointer(&applied) : NULL;
}

static bool write_version(Database *database, const Migration *migration, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "INSERT INTO schema_versions (version, name) VALUES ($1, $2)");
    query_int(query, migration->number);
    query_text(query, migration->name);
    return query_run(query, error);
}

static bool apply(Database *database, const Migration *migration, GError **error)
{
    g_autofree char *path = g_build_path("/", MIGRATIONS, migration->name, NULL);
    g_autoptr(GBytes) text = g_resource_lookup_data(db_migrations_get_resource(), path, 0, error);
    if (!text || !database_begin(database, error))
        return false;
    if (!database_script(database, g_bytes_get_data(text, NULL), error) ||
        !write_version(database, migration, error)) {
        database_rollback(database);
        g_prefix_error(error, "migration %s: ", migration->name);
        return false;
    }
    return database_commit(database, error);
}

bool migrate_run(Database *database, int last, int *ret_from, int *ret_to, GError **error)
{
    g_autoptr(GArray) known = known_migrations();
    int from = 0;
    if (!database_script(database,
                         "CREATE TABLE IF NOT EXISTS schema_versions "
                         "(version INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT",
                         error))
        return false;
    g_autoptr(GHashTable) applied = applied_numbers(database, known, &from, error);
    if (!applied)
        return false;
    int to = from;
    for (unsigned i = 0; i < known->len; i++) {
        const Migration *migration = &g_array_index(known, Migration, i);
        if (g_hash_table_contains(applied, GINT_TO_POINTER(migration->number)))
            continue;
        if (last != MIGRATE_ALL && migration->number > last)
            break;
        if (!apply(database, migration, error))
            return false;
        to = MAX(to, migration->number);
    }
    if (ret_from)
        *ret_from = from;
    if (ret_to)
        *ret_to = to;
    return true;
}
