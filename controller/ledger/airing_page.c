/* One question to the log of airings: by time, area, station, broadcast, outcome and class.
 *
 * "unknown", "upcoming" and "playing" are not stored: they are what no word yet means at this
 * moment. Asked for one of them, the log reads rows without word and keeps those that fit, a
 * bounded number of rounds for one page; the next goes on where it stopped, even when nothing was
 * found. */
#include "ledger/airing_page.h"

#include <string.h>

#include "ledger/reconcile.h"
#include "schedule/recurrence.h"

#define LIST_MAX   200
#define ROUNDS_MAX 20
#define EARLY_US   (INT64_C(3600) * G_USEC_PER_SEC) /* no station's clock is ahead by more */
#define SHORT_US   (INT64_C(2) * 86400 * G_USEC_PER_SEC)
#define LONGEST_US (INT64_C(86400) * G_USEC_PER_SEC) /* no single airing is longer */

void airing_page_clear(AiringPage *page)
{
    g_free(page->after_id);
    if (page->found)
        g_ptr_array_unref(page->found);
}

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

static bool read_outcome(Request *request, AiringPage *page, Problem *problem)
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

static bool read_class(Request *request, AiringPage *page, Problem *problem)
{
    const char *word = request_query(request, "class");
    for (unsigned i = 0; word && *word && class_words[i]; i++)
        if (g_str_equal(class_words[i], word))
            page->filter.class = class_words[i];
    if (!word || !*word || page->filter.class)
        return true;
    problem_add(problem, "?class", "Không có mức này.", "There is no such class.");
    return false;
}

/* "planned_us.id" */
static bool read_after(const char *after, AiringPage *page)
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

/* No word yet, and which of the three it means: the span of time that can hold them. */
static void narrow(AiringPage *page, int64_t now_us)
{
    if (!page->is_derived)
        return;
    if (g_str_equal(page->outcome, "playing"))
        page->filter.to_us = MIN(page->filter.to_us, now_us + EARLY_US);
    if (g_str_equal(page->outcome, "unknown"))
        page->filter.to_us = MIN(page->filter.to_us, now_us - RECONCILE_SILENCE_US);
    else
        page->filter.from_us =
            MAX(page->filter.from_us, now_us - LONGEST_US - RECONCILE_SILENCE_US);
}

Reply *airing_page_read_filter(Ledger *self, Request *request, const Area *area, AiringPage *page,
                               const char **ret_after)
{
    int64_t now_us = request_now_us(request);
    g_autoptr(Problem) problem = problem_new(&problem_invalid);
    bool ok = read_time(request, "from", recurrence_day_us(area->zone, now_us, 0),
                        &page->filter.from_us, problem);
    ok = read_time(request, "to", recurrence_day_us(area->zone, now_us, 1), &page->filter.to_us,
                   problem) &&
         ok;
    ok = read_outcome(request, page, problem) && read_class(request, page, problem) && ok;
    if (!ok)
        return reply_problem_take(g_steal_pointer(&problem));
    Problem *wrong = NULL;
    if (!request_page(request, LIST_MAX, &page->limit, ret_after, &wrong))
        return reply_problem_take(wrong);
    page->filter.area_path = area->parent ? area->path : NULL;
    page->filter.area_is_small = area->parent &&
                                 page->filter.to_us - page->filter.from_us > SHORT_US &&
                                 airing_store_area_is_small(self->database, area->path);
    page->filter.station = text_or_null(request_query(request, "station"));
    page->filter.broadcast = text_or_null(request_query(request, "broadcast"));
    page->filter.limit = page->limit + 1;
    narrow(page, now_us);
    return NULL;
}

Reply *airing_page_read(Ledger *self, Request *request, const Area *area, AiringPage *page)
{
    const char *after = NULL;
    Reply *refusal = airing_page_read_filter(self, request, area, page, &after);
    if (refusal)
        return refusal;
    if (read_after(after, page))
        return NULL;
    Problem *bad = problem_new(&problem_bad_request);
    problem_set(bad, "why", "after");
    return reply_problem_take(bad);
}

static void go_on_after(AiringPage *page, const Airing *last)
{
    page->filter.after_us = last->planned_us;
    g_free(page->after_id);
    page->after_id = g_strdup(last->id);
    page->filter.after_id = page->after_id;
}

static void keep_fitting(AiringView *view, AiringPage *page, GPtrArray *batch)
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

bool airing_page_fill(Ledger *self, AiringView *view, AiringPage *page, GError **error)
{
    g_clear_pointer(&page->found, g_ptr_array_unref);
    page->found = g_ptr_array_new_with_free_func((GDestroyNotify)airing_free);
    page->has_more = false;
    for (unsigned round = 1; !page->has_more; round++) {
        g_autoptr(GPtrArray) batch = airing_store_list(self->database, &page->filter, error);
        if (!batch)
            return false;
        bool is_last = batch->len < page->filter.limit;
        if (batch->len > 0)
            go_on_after(page, g_ptr_array_index(batch, batch->len - 1));
        keep_fitting(view, page, batch);
        if (page->has_more)
            go_on_after(page, g_ptr_array_index(page->found, page->found->len - 1));
        else if (is_last)
            break;
        page->has_more = page->has_more || round == ROUNDS_MAX;
    }
    return true;
}
