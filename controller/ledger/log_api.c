/* GET /api/airings: did it play? By time, area, station, broadcast and outcome.
 *
 * "unknown", "upcoming" and "playing" are not stored: they are what no word yet means at this
 * moment. Asked for one of them, the log reads rows without word and keeps those that fit, a
 * bounded number of rounds for one page. */
#include "ledger/ledger.h"

#include <string.h>

#include "ledger/airing_view.h"
#include "ledger/reconcile.h"
#include "schedule/recurrence.h"
#include "schedule/scope.h"

#define LIST_MAX   200
#define ROUNDS_MAX 20
#define SHORT_US   (INT64_C(2) * 86400 * G_USEC_PER_SEC)
#define LONGEST_US (INT64_C(86400) * G_USEC_PER_SEC) /* no single airing is longer */

typedef struct Page {
    AiringFilter filter;
    const char *outcome; /* asked for; NULL = all */
    bool is_derived;     /* `outcome` is no stored word */
    char *after_id;
    unsigned limit;
    GPtrArray *found; /* Airing* */
    bool has_more;
} Page;

static void page_clear(Page *page)
{
    g_free(page->after_id);
    if (page->found)
        g_ptr_array_unref(page->found);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Page, page_clear)

static bool read_time(Request *request, const char *name, int64_t fallback, int64_t *ret_us,
                      Problem *problem)
{
    const char *text = request_query(request, name);
    *ret_us = fallback;
    if (!text || !*text || clock_parse_rfc3339(text, ret_us, NULL))
        return true;
    g_autofree char *pointer = g_strdup_printf("?%s", name);
    problem_add(problem, pointer,
                "Thời điểm không đọc được; hãy dùng dạng 2026-11-22T05:00:00+07:00.",
                "This time cannot be read; write it as 2026-11-22T05:00:00+07:00.");
    return false;
}

static bool read_outcome(Request *request, Page *page, Problem *problem)
{
    const char *word = request_query(request, "outcome");
    if (!word || !*word)
        return true;
    for (unsigned i = 0; reconcile_words[i]; i++)
        if (g_str_equal(reconcile_words[i], word))
            page->outcome = reconcile_words[i];
    if (!page->outcome) {
        problem_add(problem, "?outcome", "Không có kết quả phát này.", "There is no such outcome.");
        return false;
    }
    page->is_derived = g_str_equal(word, "upcoming") || g_str_equal(word, "playing") ||
                       g_str_equal(word, "unknown");
    page->filter.outcome = page->is_derived ? "" : page->outcome;
    return true;
}

/* "planned_us.id" */
static bool read_after(const char *after, Page *page)
{
    char *dot = NULL;
    if (!after)
        return true;
    page->filter.after_us = g_ascii_strtoll(after, &dot, 10);
    if (!dot || *dot != '.' || strlen(dot + 1) != AIRING_ID_HEX)
        return false;
    page->after_id = g_strdup(dot + 1);
    page->filter.after_id = page->after_id;
    return true;
}

static const char *text_or_null(const char *text)
{
    return text && *text ? text : NULL;
}

static Reply *read_page(Ledger *self, Request *request, const Area *area, Page *page)
{
    int64_t now_us = request_now_us(request);
    g_autoptr(Problem) problem = problem_new(&problem_invalid);
    bool ok = read_time(request, "from", recurrence_day_us(area->zone, now_us, 0),
                        &page->filter.from_us, problem);
    ok = read_time(request, "to", recurrence_day_us(area->zone, now_us, 1), &page->filter.to_us,
                   problem) &&
         ok;
    ok = read_outcome(request, page, problem) && ok;
    if (!ok)
        return reply_problem_take(g_steal_pointer(&problem));
    const char *after;
    Problem *wrong = NULL;
    if (!request_page(request, LIST_MAX, &page->limit, &after, &wrong))
        return reply_problem_take(wrong);
    if (!read_after(after, page)) {
        Problem *bad = problem_new(&problem_bad_request);
        problem_set(bad, "why", "after");
        return reply_problem_take(bad);
    }
    page->filter.area_path = area->parent ? area->path : NULL;
    page->filter.area_is_small = area->parent &&
                                 page->filter.to_us - page->filter.from_us > SHORT_US &&
                                 airing_store_area_is_small(self->database, area->path);
    page->filter.station = text_or_null(request_query(request, "station"));
    page->filter.broadcast = text_or_null(request_query(request, "broadcast"));
    page->filter.limit = page->limit + 1;
    return NULL;
}

/* No word yet, and which of the three it means: the span of time that can hold them. */
static void narrow(Page *page, int64_t now_us)
{
    if (!page->is_derived)
        return;
    if (g_str_equal(page->outcome, "unknown"))
        page->filter.to_us = MIN(page->filter.to_us, now_us - RECONCILE_SILENCE_US);
    else
        page->filter.from_us =
            MAX(page->filter.from_us, now_us - LONGEST_US - RECONCILE_SILENCE_US);
}

static void keep_fitting(AiringView *view, Page *page, GPtrArray *batch)
{
    for (unsigned i = 0; i < batch->len && !page->has_more; i++) {
        Airing *airing = g_ptr_array_index(batch, i);
        if (page->outcome && !g_str_equal(airing_view_outcome(view, airing), page->outcome))
            continue;
        page->has_more = page->found->len == page->limit;
        if (!page->has_more)
            g_ptr_array_add(page->found, g_steal_pointer(&batch->pdata[i]));
    }
}

static bool fill(Ledger *self, AiringView *view, Page *page, GError **error)
{
    page->found = g_ptr_array_new_with_free_func((GDestroyNotify)airing_free);
    for (unsigned round = 0; round < ROUNDS_MAX && !page->has_more; round++) {
        g_autoptr(GPtrArray) batch = airing_store_list(self->database, &page->filter, error);
        if (!batch)
            return false;
        if (batch->len == 0)
            break;
        bool is_full = batch->len == page->filter.limit;
        const Airing *last = g_ptr_array_index(batch, batch->len - 1);
        page->filter.after_us = last->planned_us;
        g_free(page->after_id);
        page->after_id = g_strdup(last->id);
        page->filter.after_id = page->after_id;
        keep_fitting(view, page, batch);
        if (!is_full)
            break;
    }
    return true;
}

Reply *log_api_airings(void *ledger, Request *request)
{
    Ledger *self = ledger;
    Reply *refusal = NULL;
    g_autoptr(Area) area = scope_area(self->database, request, &refusal);
    if (!area)
        return refusal;
    g_auto(Page) page = {0};
    refusal = read_page(self, request, area, &page);
    if (refusal)
        return refusal;
    int64_t now_us = request_now_us(request);
    g_autoptr(AiringView) view = airing_view_new(self, request_language(request), now_us);
    g_autoptr(GError) error = NULL;
    narrow(&page, now_us);
    if (!fill(self, view, &page, &error))
        return reply_error(error);
    Json *items = json_new_array();
    g_autofree char *next = NULL;
    for (unsigned i = 0; i < page.found->len; i++) {
        const Airing *airing = g_ptr_array_index(page.found, i);
        json_append_take(items, airing_view_json(view, airing));
        if (page.has_more && i + 1 == page.found->len)
            next = g_strdup_printf("%" G_GINT64_FORMAT ".%s", airing->planned_us, airing->id);
    }
    Json *body = json_new_object();
    json_set_take(body, "items", items);
    json_set_text(body, "next", next);
    return reply_json_take(200, body);
}
