/* A question to the log as a request asks it, and its answer page by page: behind the list, the
 * groups and the files for spreadsheets. */
#pragma once

#include "ledger/airing_view.h"
#include "registry/area_store.h"

typedef struct AiringPage {
    AiringFilter filter; /* texts borrowed from the request and the area; once filled, where to go
                          * on */
    const char *outcome; /* asked for; NULL = all */
    bool is_derived;     /* `outcome` is no stored word */
    char *after_id;
    unsigned limit;
    GPtrArray *found; /* Airing* */
    bool has_more;    /* there are, or may be */
} AiringPage;

void airing_page_clear(AiringPage *page);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(AiringPage, airing_page_clear)

/* Reads ?from, to, station, broadcast, outcome, class, limit and after; NULL, or the refusal. */
Reply *airing_page_read(Ledger *self, Request *request, const Area *area, AiringPage *page);
/* The same, with `after` for who pages in another way. */
Reply *airing_page_read_filter(Ledger *self, Request *request, const Area *area, AiringPage *page,
                               const char **ret_after);
/* The next page, which may hold nothing and still have more behind it. */
bool airing_page_fill(Ledger *self, AiringView *view, AiringPage *page,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
