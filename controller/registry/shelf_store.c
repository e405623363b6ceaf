/* SQL of the shelves. The index is SQLite's FTS5: it keeps the numbers of each word in order, so a
 * page of what fits is read from the newest on and reading ends where the page is full. It keeps no
 * text: what is taken off must be told word for word as it was put there, which the view does as
 * long as it is asked before the row changes.
 *
 * What people typed never reaches the index as its language: only letters and digits, each word in
 * quotes. */
#include "registry/shelf_store.h"

#include "base/fold.h"

#include <string.h>

#define EVERYTHING   INT64_MAX /* beyond every number */
#define LETTERS_LAST 0x18ff    /* Latin to Khmer; of later ones the index may think otherwise */

/* Statements are kept by their text, so each kind has its own. */
#define TEXTS(of)                                                                                  \
    {                                                                                              \
        .page = "SELECT k.seq, k.id FROM " of "_words w JOIN " of "_shelf k ON k.seq = w.rowid "   \
                "WHERE " of "_words MATCH $1 AND w.rowid < $2 ORDER BY w.rowid DESC LIMIT $3",     \
        .one = "SELECT 1 FROM " of "_words WHERE " of "_words MATCH $1 AND rowid = $2",            \
        .count = "SELECT COUNT(*) FROM " of "_words WHERE " of "_words MATCH $1",                  \
        .number = "SELECT seq FROM " of "_shelf WHERE id = $1",                                    \
        .take = "INSERT INTO " of "_words (" of "_words, rowid, words, places, marks) "            \
                "SELECT 'delete', seq, words, places, marks FROM " of "_terms WHERE id = $1",      \
        .add = "INSERT INTO " of "_shelf (id) VALUES ($1) ON CONFLICT DO NOTHING",                 \
        .put = "INSERT INTO " of "_words (rowid, words, places, marks) "                           \
               "SELECT seq, words, places, marks FROM " of "_terms WHERE id = $1",                 \
    }

static const struct {
    const char *page, *one, *count, *number, *take, *add, *put;
} texts[] = {
    [SHELF_BULLETINS] = TEXTS("bulletin"),
    [SHELF_PROGRAMMES] = TEXTS("programme"),
};

void shelf_page_clear(ShelfPage *self)
{
    g_clear_pointer(&self->ids, g_ptr_array_unref);
}

/* ---- the question in the language of the index ---- */

static void add_word(GString *match, const char *word, const char *after)
{
    g_string_append_printf(match, "\"%s\"%s", word, after);
}

/* Ids and words of our own are plain; what is not, is the id of nobody. */
static void add_either(GString *match, const char *column, char **words)
{
    g_string_append_printf(match, "%s : (%s", column, words[0] == NULL ? "\"\"" : "");
    for (unsigned i = 0; words[i] != NULL; i++) {
        g_string_append(match, i > 0 ? " OR " : "");
        add_word(match, g_strcanon(words[i], G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS, 'x'), "");
    }
    g_string_append_c(match, ')');
}

static void add_mark(GString *match, const char *mark)
{
    g_auto(GStrv) words = g_strsplit(mark, ",", -1);
    g_string_append(match, " AND ");
    add_either(match, "marks", words);
}

static void add_places(GString *match, const GPtrArray *areas)
{
    g_autoptr(GStrvBuilder) ids = g_strv_builder_new();
    for (unsigned i = 0; i < areas->len; i++)
        g_strv_builder_add(ids, g_ptr_array_index(areas, i));
    g_auto(GStrv) words = g_strv_builder_end(ids);
    add_either(match, "places", words);
}

static bool is_letter(gunichar letter)
{
    return letter <= LETTERS_LAST && g_unichar_isalnum(letter);
}

static void add_typed(GString *match, const char *typed)
{
    g_autofree char *folded = fold_text(typed);
    g_autoptr(GString) word = g_string_new(NULL);
    unsigned words = 0;
    for (const char *at = folded; words < SHELF_WORDS_MAX; at = g_utf8_next_char(at)) {
        const gunichar letter = g_utf8_get_char(at);
        if (is_letter(letter)) {
            g_string_append_unichar(word, letter);
            continue;
        }
        if (word->len > 0) {
            g_string_append(match, " AND words : ");
            add_word(match, word->str, "*");
            g_string_truncate(word, 0);
            words++;
        }
        if (letter == 0)
            return;
    }
}

static char *match_of(const ShelfQuery *query)
{
    g_autoptr(GString) match = g_string_new(NULL);
    add_places(match, query->areas);
    for (size_t i = 0; i < G_N_ELEMENTS(query->marks); i++)
        if (query->marks[i] != NULL)
            add_mark(match, query->marks[i]);
    if (query->typed != NULL)
        add_typed(match, query->typed);
    return g_string_free(g_steal_pointer(&match), FALSE);
}

/* ---- a page ---- */

/* One more than the page holds says that there is another page. */
static bool take_row(ShelfPage *page, const ShelfQuery *query, int64_t *last, int64_t seq,
                     const char *id)
{
    if (page->ids->len == query->limit) {
        page->next = *last;
        return false;
    }
    g_ptr_array_add(page->ids, g_strdup(id));
    *last = seq;
    return true;
}

static bool fill(Database *database, ShelfKind kind, const ShelfQuery *query, const char *match,
                 ShelfPage *page, GError **error)
{
    g_autoptr(Query) rows = database_query(database, texts[kind].page);
    query_text(rows, match);
    query_int(rows, query->before > 0 ? query->before : EVERYTHING);
    query_int(rows, (int64_t)query->limit + 1);
    int64_t last = 0;
    int step;
    while ((step = query_next(rows, error)) == 1)
        (void)take_row(page, query, &last, row_int(rows, 0), row_text(rows, 1));
    return step == 0;
}

typedef struct Numbered {
    int64_t seq;
    const char *id;
} Numbered;

static gint newest_first(gconstpointer left, gconstpointer right)
{
    const int64_t a = ((const Numbered *)left)->seq, b = ((const Numbered *)right)->seq;
    return a < b ? 1 : a > b ? -1 : 0;
}

static GArray *numbered(Database *database, ShelfKind kind, const ShelfQuery *query, GError **error)
{
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(Numbered));
    for (unsigned i = 0; i < query->among->len; i++) {
        g_autoptr(Query) row = database_query(database, texts[kind].number);
        query_text(row, g_ptr_array_index(query->among, i));
        const int step = query_next(row, error);
        if (step < 0)
            return NULL;
        const Numbered one = {step > 0 ? row_int(row, 0) : 0, g_ptr_array_index(query->among, i)};
        if (step > 0 && (query->before == 0 || one.seq < query->before))
            g_array_append_val(found, one);
    }
    g_array_sort(found, newest_first);
    return g_steal_pointer(&found);
}

/* A few given ones: each is asked about by its number. */
static bool fill_among(Database *database, ShelfKind kind, const ShelfQuery *query,
                       const char *match, ShelfPage *page, GError **error)
{
    g_autoptr(GArray) given = numbered(database, kind, query, error);
    int64_t last = 0;
    for (unsigned i = 0; given != NULL && i < given->len; i++) {
        const Numbered *one = &g_array_index(given, Numbered, i);
        g_autoptr(Query) row = database_query(database, texts[kind].one);
        query_text(row, match);
        query_int(row, one->seq);
        const int step = query_next(row, error);
        if (step < 0)
            return false;
        if (step > 0 && !take_row(page, query, &last, one->seq, one->id))
            return true;
    }
    return given != NULL;
}

bool shelf_store_page(Database *database, ShelfKind kind, const ShelfQuery *query,
                      ShelfPage *ret_page, GError **error)
{
    g_auto(ShelfPage) page = {.ids = g_ptr_array_new_with_free_func(g_free)};
    if (query->areas->len > 0) {
        g_autofree char *match = match_of(query);
        if (query->among != NULL ? !fill_among(database, kind, query, match, &page, error)
                                 : !fill(database, kind, query, match, &page, error))
            return false;
    }
    *ret_page = (ShelfPage){g_steal_pointer(&page.ids), page.next};
    return true;
}

bool shelf_store_count(Database *database, ShelfKind kind, const ShelfQuery *query,
                       int64_t *ret_count, GError **error)
{
    *ret_count = 0;
    if (query->areas->len == 0)
        return true;
    g_autofree char *match = match_of(query);
    g_autoptr(Query) row = database_query(database, texts[kind].count);
    query_text(row, match);
    if (query_next(row, error) <= 0)
        return false;
    *ret_count = row_int(row, 0);
    return true;
}

/* ---- what stands there ---- */

static bool run(Database *database, const char *text, const char *id, GError **error)
{
    g_autoptr(Query) query = database_query(database, text);
    query_text(query, id);
    return query_run(query, error);
}

bool shelf_store_take(Database *database, ShelfKind kind, const char *id, GError **error)
{
    return run(database, texts[kind].take, id, error);
}

bool shelf_store_put(Database *database, ShelfKind kind, const char *id, GError **error)
{
    return run(database, texts[kind].add, id, error) && run(database, texts[kind].put, id, error);
}
