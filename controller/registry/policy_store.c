/* Policies as rows. */
#include "registry/policy.h"

#include <string.h>

bool policy_store_put(Database *database, const char *area, const Policy *policy, int64_t now_us,
                      GError **error)
{
    g_autoptr(Json) json = policy_json(policy);
    g_autofree char *text = json_print(json, NULL);
    g_autoptr(Query) query =
        database_query(database, "INSERT INTO area_policies (area, policy, changed_us) "
                                 "VALUES ($1, $2, $3) ON CONFLICT (area) DO UPDATE SET "
                                 "policy = excluded.policy, changed_us = excluded.changed_us");
    query_text(query, area);
    query_text(query, text);
    query_int(query, now_us);
    return query_run(query, error);
}

GPtrArray *policy_store_path(Database *database, const char *area_path, GError **error)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)policy_free);
    g_autoptr(Query) query =
        database_query(database, "SELECT p.area, p.policy, a.parent IS NULL FROM area_policies p "
                                 "JOIN areas a ON a.id = p.area "
                                 "WHERE instr($1, '/' || a.id || '/') > 0 ORDER BY length(a.path)");
    query_text(query, area_path);
    int step;
    while ((step = query_next(query, error)) > 0) {
        const char *text = row_text(query, 1);
        g_autoptr(Json) json = json_parse(text, strlen(text), error);
        if (!json)
            return NULL;
        g_autoptr(JsonForm) form = json_form_new(json, "");
        Policy *policy = policy_read(form);
        policy->area = g_strdup(row_text(query, 0));
        policy->is_top = row_bool(query, 2);
        g_ptr_array_add(list, policy);
    }
    return step == 0 ? g_steal_pointer(&list) : NULL;
}

GPtrArray *policy_store_below(Database *database, const char *area, GError **error)
{
    g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(Query) query = database_query(
        database, "SELECT a.id FROM area_policies p JOIN areas a ON a.id = p.area "
                  "JOIN areas t ON t.id = $1 WHERE a.id <> t.id "
                  "AND substr(a.path, 1, length(t.path)) = t.path AND EXISTS "
                  "(SELECT 1 FROM stations s JOIN areas b ON b.id = s.area "
                  "WHERE s.retired_us = 0 AND substr(b.path, 1, length(a.path)) = a.path) "
                  "ORDER BY a.path");
    query_text(query, area);
    int step;
    while ((step = query_next(query, error)) > 0)
        g_ptr_array_add(ids, g_strdup(row_text(query, 0)));
    return step == 0 ? g_steal_pointer(&ids) : NULL;
}
