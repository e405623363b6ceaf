/* Bulletins and programmes as people look for them: the newest first, by page, narrowed by words
 * without marks, by area and by marks. Tens of thousands of them cost no more than a few. */
#pragma once

#include "db/database.h"

#define SHELF_TYPED_MAX 200 /* characters of what is looked for */
#define SHELF_WORDS_MAX 20  /* what is typed beyond them narrows no further */

typedef enum ShelfKind {
    SHELF_BULLETINS, /* words: title, author and typed text of the newest version; marks: its state,
                        the ids of its author and of its very area, "sound" or "relay", and "airs"
                        where some version is approved */
    SHELF_PROGRAMMES, /* words: title and author; the mark of all is "made" */
} ShelfKind;

typedef struct ShelfQuery {
    const GPtrArray *areas; /* char*, ids: at or below one of them; empty = nothing */
    const char *typed;      /* each word begins one of theirs; NULL = all */
    const char *marks[6];   /* all that are not NULL; "draft,submitted" is either */
    const GPtrArray *among; /* char*, ids: only of these; NULL = all */
    int64_t before;         /* `seq` of the last of the page before; 0 = from the top */
    unsigned limit;
} ShelfQuery;

typedef struct ShelfPage {
    GPtrArray *ids; /* char*, newest first */
    int64_t next;   /* `before` of the next page; 0 = no more */
} ShelfPage;

void shelf_page_clear(ShelfPage *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ShelfPage, shelf_page_clear)

/* At most `query->limit` of them; the page is cleared by the caller. */
bool shelf_store_page(Database *database, ShelfKind kind, const ShelfQuery *query,
                      ShelfPage *ret_page, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* How many there are in all, whatever `before` and `limit` say. Not for `among`. */
bool shelf_store_count(Database *database, ShelfKind kind, const ShelfQuery *query,
                       int64_t *ret_count, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Inside one transaction: taken off before its row changes, as it still stands there, and put back
 * after. What is not there is taken off without a word; what is to be found no more (a deleted
 * programme) is put back in vain. */
bool shelf_store_take(Database *database, ShelfKind kind, const char *id,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool shelf_store_put(Database *database, ShelfKind kind, const char *id,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
