/* The index of words is made from what stands elsewhere, so a damaged one is not restored but made
 * anew. SQLite's own check of a database does not look inside of it.
 *
 * Both checks ask which of them it knows, without its words. The quick one then lets the index walk
 * itself. The other builds a second index in memory and holds the two against each other: in how
 * many a word stands, column by column, and how many every first one or two letters lead to, for
 * which the index keeps lists of their own. */
#include "registry/shelf_check_store.h"

#include <string.h>

/* What should stand there and does not, and what stands there and should not. All stand below the
 * top, so what the index finds by its id are all. */
#define BESIDE(left, right) "(SELECT count(*) FROM (" left " EXCEPT " right "))"
#define TERMS(of)           "SELECT seq FROM " of "_terms"
#define KNOWN(of)           "SELECT id FROM " of "_words_docsize"
#define FOUND(of)                                                                                  \
    "SELECT w.rowid FROM areas t JOIN " of "_words w "                                             \
    "ON w." of "_words MATCH 'places : \"' || t.id || '\"' WHERE t.parent IS NULL"
#define STRAYS(of)                                                                                 \
    "SELECT " BESIDE("SELECT id FROM " of "s", "SELECT id FROM " of "_shelf") " + " BESIDE(        \
        TERMS(of),                                                                                 \
        KNOWN(of)) " + " BESIDE(KNOWN(of),                                                         \
                                TERMS(of)) " + " BESIDE(TERMS(of),                                 \
                                                        FOUND(of)) " + " BESIDE(FOUND(of),         \
                                                                                TERMS(of))

#define LED_TO(index)                                                                              \
    "(SELECT count(*) FROM " index " AS w WHERE w." index " MATCH '\"' || p.begin || '\" *')"

#define TEXTS(of)                                                                                  \
    {                                                                                              \
        .name = of, .strays = STRAYS(of),                                                          \
        .walk = "INSERT INTO " of "_words (" of "_words) VALUES ('integrity-check')",              \
        .shelve = "INSERT INTO " of "_shelf (id) SELECT id FROM " of "s WHERE true "               \
                  "ORDER BY created_us, id ON CONFLICT DO NOTHING",                                \
        .fill = "INSERT INTO " of "_words (rowid, words, places, marks) "                          \
                "SELECT seq, words, places, marks FROM " of "_terms ORDER BY seq",                 \
        .made = "SELECT sql FROM sqlite_schema WHERE name = '" of "_words'",                       \
        .words = "SELECT (SELECT count(*) FROM (SELECT * FROM " of "_told EXCEPT "                 \
                 "SELECT * FROM " of "_true)) + (SELECT count(*) FROM "                            \
                 "(SELECT * FROM " of "_true EXCEPT SELECT * FROM " of "_told))",                  \
        .begins = "SELECT count(*) FROM (SELECT substr(term, 1, 1) AS begin FROM " of "_true "     \
                  "UNION SELECT substr(term, 1, 2) FROM " of "_true) p "                           \
                  "WHERE " LED_TO(of "_words") " <> " LED_TO(of "_anew"),                          \
    }

static const struct {
    const char *name, *strays, *walk, *shelve, *fill, *made, *words, *begins;
} texts[] = {TEXTS("bulletin"), TEXTS("programme")};

static bool run(Database *database, const char *text, GError **error)
{
    g_autoptr(Query) query = database_query(database, text);
    return query_run(query, error);
}

/* `text` counts what is wrong. */
static bool finds_none(Database *database, const char *text, const char *name, GError **error)
{
    g_autoptr(Query) query = database_query(database, text);
    if (query_next(query, error) <= 0)
        return false;
    if (row_int(query, 0) > 0)
        g_set_error(error, DATABASE_ERROR, DATABASE_ERROR_FAILED,
                    "the search index of %ss differs from them in %" G_GINT64_FORMAT " places",
                    name, row_int(query, 0));
    return row_int(query, 0) == 0;
}

bool shelf_check_store_look(Database *database, GError **error)
{
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        if (!finds_none(database, texts[i].strays, texts[i].name, error) ||
            !run(database, texts[i].walk, error))
            return false;
    return true;
}

/* The words that made the index; NULL where there is none yet. */
static bool words_of(Database *database, size_t i, char **ret_words, GError **error)
{
    g_autoptr(Query) query = database_query(database, texts[i].made);
    const int step = query_next(query, error);
    *ret_words = step > 0 ? g_strdup(row_text(query, 0)) : NULL;
    return step >= 0;
}

static char *words_of_second(size_t i, const char *words)
{
    const char *name = texts[i].name, *options = strchr(words, '(');
    return g_strdup_printf(
        "CREATE VIRTUAL TABLE temp.%s_anew USING fts5%s;"
        "INSERT INTO temp.%s_anew (rowid, words, places, marks) "
        "SELECT seq, words, places, marks FROM main.%s_terms ORDER BY seq;"
        "CREATE VIRTUAL TABLE temp.%s_told USING fts5vocab (main, %s_words, col);"
        "CREATE VIRTUAL TABLE temp.%s_true USING fts5vocab (temp, %s_anew, col);",
        name, options, name, name, name, name, name, name);
}

static bool compare(Database *reader, size_t i, GError **error)
{
    g_autofree char *words = NULL;
    if (!words_of(reader, i, &words, error))
        return false;
    g_autofree char *second = words ? words_of_second(i, words) : NULL;
    return second == NULL || (database_script(reader, second, error) &&
                              finds_none(reader, texts[i].strays, texts[i].name, error) &&
                              finds_none(reader, texts[i].words, texts[i].name, error) &&
                              finds_none(reader, texts[i].begins, texts[i].name, error));
}

bool shelf_check_store_compare(Database *reader, GError **error)
{
    if (!database_script(reader, "PRAGMA temp_store = MEMORY; BEGIN", error))
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        if (!compare(reader, i, error))
            return false;
    return database_script(reader, "COMMIT", error);
}

/* Nothing can be asked of a badly damaged index, not even to go. So what it keeps itself in is
 * first made that of an empty one; and since what is known of it in memory may be old, it is made
 * again. */
static char *words_of_empty(size_t i, const char *words)
{
    const char *name = texts[i].name, *options = strchr(words, '(');
    return g_strdup_printf("CREATE VIRTUAL TABLE temp.%s_empty USING fts5%s;"
                           "DELETE FROM main.%s_words_data;"
                           "INSERT INTO main.%s_words_data SELECT * FROM temp.%s_empty_data;"
                           "DELETE FROM main.%s_words_config;"
                           "INSERT INTO main.%s_words_config SELECT * FROM temp.%s_empty_config;"
                           "DELETE FROM main.%s_words_idx; DELETE FROM main.%s_words_docsize;"
                           "DROP TABLE temp.%s_empty; DROP TABLE main.%s_words; %s;",
                           name, options, name, name, name, name, name, name, name, name, name,
                           name, words);
}

static bool rebuild(Database *database, size_t i, GError **error)
{
    g_autofree char *words = NULL;
    if (!words_of(database, i, &words, error))
        return false;
    if (words == NULL) {
        g_set_error(error, DATABASE_ERROR, DATABASE_ERROR_FAILED, "there is no index of %ss",
                    texts[i].name);
        return false;
    }
    g_autofree char *empty = words_of_empty(i, words);
    return database_script(database, empty, error) && run(database, texts[i].shelve, error) &&
           run(database, texts[i].fill, error);
}

bool shelf_check_store_rebuild(Database *database, GError **error)
{
    if (!database_begin(database, error))
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        if (rebuild(database, i, error))
            continue;
        database_rollback(database);
        return false;
    }
    return database_commit(database, error);
}
