/* Steps are only ever added. What they allow together stands in rows of its own, so that a stricter
 * policy of tomorrow does not silence what was rightly approved today. */
#include "content/approval_store.h"

#include <string.h>

static const char *const act_words[APPROVAL_ACTS] = {
    [APPROVAL_SUBMIT] = "submit",
    [APPROVAL_APPROVE] = "approve",
    [APPROVAL_REJECT] = "reject",
    [APPROVAL_WITHDRAW] = "withdraw",
};

void approval_scope_clear(ApprovalScope *scope)
{
    g_clear_pointer(&scope->area, g_free);
}

void approval_step_free(ApprovalStep *step)
{
    if (!step)
        return;
    g_free(step->version);
    g_free(step->scope);
    g_free(step->scope_name);
    g_free(step->by);
    g_free(step->by_name);
    g_free(step->reason);
    g_free(step);
}

const char *approval_step_word(ApprovalAct act)
{
    return act_words[act];
}

bool approval_store_add(Database *database, const char *bulletin, const ApprovalStep *step,
                        GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "INSERT INTO approvals (bulletin, version, act, scope, class, by_user, by_name, "
                  "at_us, reason) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");
    query_text(query, bulletin);
    query_text(query, step->version);
    query_text(query, act_words[step->act]);
    query_text(query, step->scope);
    query_text(query, class_words[step->class]);
    query_text(query, step->by);
    query_text(query, step->by_name);
    query_int(query, step->at_us);
    query_text(query, step->reason);
    return query_run(query, error);
}

static ApprovalStep *read_row(Query *row)
{
    ApprovalStep *step = g_new0(ApprovalStep, 1);
    step->version = g_strdup(row_text(row, 0));
    for (unsigned act = 0; act < APPROVAL_ACTS; act++)
        if (g_str_equal(act_words[act], row_text(row, 1)))
            step->act = (ApprovalAct)act;
    step->scope = g_strdup(row_text(row, 2));
    step->scope_name = g_strdup(row_text(row, 3));
    step->class = g_str_equal(row_text(row, 4), "priority") ? CLASS_PRIORITY : CLASS_NORMAL;
    step->by = g_strdup(row_text(row, 5));
    step->by_name = g_strdup(row_text(row, 6));
    step->at_us = row_int(row, 7);
    step->reason = g_strdup(row_text(row, 8));
    return step;
}

#define COLUMNS                                                                                    \
    "p.version, p.act, p.scope, a.name, p.class, p.by_user, p.by_name, p.at_us, p.reason"

static GPtrArray *read_all(Query *query, GError **error)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)approval_step_free);
    int step;
    while ((step = query_next(query, error)) > 0)
        g_ptr_array_add(list, read_row(query));
    return step == 0 ? g_steal_pointer(&list) : NULL;
}

GPtrArray *approval_store_list(Database *database, const char *bulletin, GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "SELECT " COLUMNS " FROM approvals p JOIN areas a ON a.id = p.scope "
                  "WHERE p.bulletin = $1 ORDER BY p.seq");
    query_text(query, bulletin);
    return read_all(query, error);
}

GPtrArray *approval_store_given(Database *database, const char *version, const ApprovalScope *scope,
                                GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "SELECT " COLUMNS " FROM approvals p JOIN areas a ON a.id = p.scope "
                  "JOIN areas t ON t.id = $2 AND substr(t.path, 1, length(a.path)) = a.path "
                  "WHERE p.version = $1 AND p.act = 'approve' "
                  "AND (p.class = 'priority' OR $3 = 'normal') AND NOT EXISTS (SELECT 1 "
                  "FROM approvals o JOIN areas oa ON oa.id = o.scope WHERE o.version = p.version "
                  "AND o.act = 'approve' AND o.by_user = p.by_user AND o.seq < p.seq "
                  "AND (o.class = 'priority' OR $3 = 'normal') "
                  "AND substr(t.path, 1, length(oa.path)) = oa.path) ORDER BY p.seq");
    query_text(query, version);
    query_text(query, scope->area);
    query_text(query, class_words[scope->class]);
    return read_all(query, error);
}

bool approval_store_allow(Database *database, const char *version, const ApprovalScope *scope,
                          int64_t now_us, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "INSERT INTO approved_scopes (version, scope, class, at_us) "
                                 "VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING");
    query_text(query, version);
    query_text(query, scope->area);
    query_text(query, class_words[scope->class]);
    query_int(query, now_us);
    return query_run(query, error);
}

bool approval_store_covers(Database *database, const char *version, const ApprovalScope *scope,
                           GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "SELECT 1 FROM approved_scopes s JOIN areas a ON a.id = s.scope "
                  "JOIN areas t ON t.id = $2 AND substr(t.path, 1, length(a.path)) = a.path "
                  "WHERE s.version = $1 AND (s.class = 'priority' OR $3 = 'normal') LIMIT 1");
    query_text(query, version);
    query_text(query, scope->area);
    query_text(query, class_words[scope->class]);
    return query_next(query, error) > 0;
}
