/* GET /api/airing-groups: the log as people think of it, one line for each broadcast at each time
 * with what became of it at how many stations. The stations of a line are asked of /api/airings.
 *
 * Groups that hold nothing of the outcome asked for are passed over, a bounded number of rounds for
 * one answer; then `next` goes on where it stopped, even when nothing was found. */
#include "ledger/ledger.h"

#include <string.h>

#include "ledger/airing_page.h"
#include "ledger/reconcile.h"
#include "schedule/airing_block_store.h"
#include "schedule/scope.h"

#define GROUPS_IN_ROUND 51
#define ROUNDS_MAX      6

typedef struct Groups {
    AiringBlockFilter filter;
    const char *outcome; /* NULL = all */
    unsigned limit;
    int64_t now_us;
    Json *items;
    int64_t last_us; /* of the last one looked at */
    char *last;
    bool has_more;
} Groups;

static const char *said_of(const AiringBlock *block, const char *stored, int64_t now_us)
{
    Airing like = {.outcome = (char *)stored,
                   .planned_us = block->planned_us,
                   .duration_ms = block->duration_ms};
    return reconcile_outcome(&like, NULL, now_us);
}

static Json *group_json(const AiringBlock *block, int64_t now_us)
{
    g_autofree char *start = clock_format_utc(block->planned_us);
    Json *counts = json_new_object();
    for (unsigned i = 0; i < block->n_counts; i++)
        json_set_int(counts, said_of(block, block->counts[i].outcome, now_us),
                     block->counts[i].stations);
    Json *one = json_new_object();
    json_set_text(one, "broadcast", block->broadcast);
    json_set_text(one, "title", block->title);
    json_set_text(one, "class", block->class);
    json_set_text(one, "planned_start", start);
    json_set_int(one, "duration_ms", block->duration_ms);
    json_set_int(one, "stations", block->stations);
    json_set_take(one, "counts", counts);
    return one;
}

static bool fits(const Groups *groups, const AiringBlock *block)
{
    for (unsigned i = 0; i < block->n_counts && groups->outcome; i++)
        if (g_str_equal(said_of(block, block->counts[i].outcome, groups->now_us), groups->outcome))
            return true;
    return !groups->outcome;
}

static void keep(Groups *groups, const GPtrArray *batch)
{
    for (unsigned i = 0; i < batch->len && !groups->has_more; i++) {
        const AiringBlock *block = g_ptr_array_index(batch, i);
        bool is_wanted = fits(groups, block);
        groups->has_more = is_wanted && json_length(groups->items) == groups->limit;
        if (groups->has_more)
            return;
        if (is_wanted)
            json_append_take(groups->items, group_json(block, groups->now_us));
        groups->last_us = block->planned_us;
        g_free(groups->last);
        groups->last = g_strdup(block->broadcast);
    }
}

static bool fill(Database *database, Groups *groups, GError **error)
{
    for (unsigned round = 0; round < ROUNDS_MAX && !groups->has_more; round++) {
        g_autoptr(GPtrArray) batch = airing_block_store_list(database, &groups->filter, error);
        if (!batch)
            return false;
        keep(groups, batch);
        if (batch->len < groups->filter.limit)
            return true;
        groups->filter.after_us = groups->last_us;
        groups->filter.after_broadcast = groups->last;
        groups->has_more = groups->has_more || round + 1 == ROUNDS_MAX;
    }
    return true;
}

/* "planned_us.broadcast" */
static bool read_after(Groups *groups, const char *after)
{
    char *dot = NULL;
    if (!after)
        return true;
    groups->filter.after_us = g_ascii_strtoll(after, &dot, 10);
    if (!dot || *dot != '.' || !dot[1] || strlen(dot + 1) > AIRING_ID_HEX * 2)
        return false;
    groups->filter.after_broadcast = groups->last = g_strdup(dot + 1);
    return true;
}

static Reply *bad_after(void)
{
    Problem *problem = problem_new(&problem_bad_request);
    problem_set(problem, "why", "after");
    return reply_problem_take(problem);
}

static Reply *answer(Groups *groups)
{
    g_autofree char *next =
        groups->has_more ? g_strdup_printf("%" G_GINT64_FORMAT ".%s", groups->last_us, groups->last)
                         : NULL;
    Json *body = json_new_object();
    json_set_take(body, "items", groups->items);
    json_set_text(body, "next", next);
    return reply_json_take(200, body);
}

Reply *airing_group_api_list(void *ledger, Request *request)
{
    Ledger *self = ledger;
    Reply *refusal = NULL;
    g_autoptr(Area) area = scope_area(self->database, request, &refusal);
    if (!area)
        return refusal;
    g_auto(AiringPage) asked = {0};
    const char *after;
    refusal = airing_page_read_filter(self, request, area, &asked, &after);
    if (refusal)
        return refusal;
    Groups groups = {.filter = {.from_us = asked.filter.from_us,
                                .to_us = asked.filter.to_us,
                                .area_path = asked.filter.area_path,
                                .area_is_small = area->parent && airing_store_area_is_small(
                                                                     self->database, area->path),
                                .broadcast = asked.filter.broadcast,
                                .class = asked.filter.class,
                                .outcome = asked.filter.outcome,
                                .limit = GROUPS_IN_ROUND},
                     .outcome = asked.outcome,
                     .limit = asked.limit,
                     .now_us = request_now_us(request)};
    if (!read_after(&groups, after))
        return bad_after();
    g_autoptr(GError) error = NULL;
    groups.items = json_new_array();
    bool ok = fill(self->database, &groups, &error);
    Reply *reply = ok ? answer(&groups) : reply_error(error);
    if (!ok)
        json_drop(groups.items);
    g_free(groups.last);
    return reply;
}
