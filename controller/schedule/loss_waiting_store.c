/* A queue in order of insertion. loss_store_forget() takes out of it what was changed meanwhile. */
#include "schedule/loss_waiting_store.h"

void waiting_loss_free(WaitingLoss *self)
{
    if (!self)
        return;
    g_free(self->loss.broadcast);
    g_free(self->loss.area);
    json_drop(self->loss.why);
    g_free(self->displaced_by);
    g_free(self->by_user);
    g_free(self->by_name);
    g_free(self->remote);
    g_free(self);
}

bool loss_waiting_store_add(Database *database, const Loss *loss, const LossWord *word,
                            GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "INSERT INTO losses_waiting (broadcast, area, displaced_by, outcome, starts, "
                  "stations, first_us, why_vi, why_en, by_user, by_name, remote, at_us) "
                  "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)");
    query_text(query, loss->broadcast);
    query_text(query, loss->area);
    query_text(query, word->displaced_by);
    query_text(query, outcome_words[loss->outcome]);
    query_int(query, loss->starts);
    query_int(query, loss->stations);
    query_int(query, loss->first_us);
    query_text(query, json_peek_text(loss->why, "vi"));
    query_text(query, json_peek_text(loss->why, "en"));
    query_text(query, word->by_user);
    query_text(query, word->by_name);
    query_text(query, word->remote);
    query_int(query, word->at_us);
    return query_run(query, error);
}

static WaitingLoss *read_row(Query *query)
{
    WaitingLoss *row = g_new0(WaitingLoss, 1);
    row->seq = row_int(query, 0);
    row->loss.broadcast = g_strdup(row_text(query, 1));
    row->loss.area = g_strdup(row_text(query, 2));
    row->displaced_by = g_strdup(row_text(query, 3));
    row->loss.outcome = g_strcmp0(row_text(query, 4), outcome_words[OUTCOME_PARTIAL]) == 0
                            ? OUTCOME_PARTIAL
                            : OUTCOME_MISSED;
    row->loss.starts = (unsigned)row_int(query, 5);
    row->loss.stations = (unsigned)row_int(query, 6);
    row->loss.first_us = row_int(query, 7);
    row->loss.why = json_new_object();
    json_set_text(row->loss.why, "vi", row_text(query, 8));
    json_set_text(row->loss.why, "en", row_text(query, 9));
    row->by_user = g_strdup(row_text(query, 10));
    row->by_name = g_strdup(row_text(query, 11));
    row->remote = g_strdup(row_text(query, 12));
    row->word = (LossWord){.displaced_by = row->displaced_by,
                           .by_user = row->by_user,
                           .by_name = row->by_name,
                           .remote = row->remote,
                           .at_us = row_int(query, 13)};
    return row;
}

GPtrArray *loss_waiting_store_first(Database *database, unsigned limit, GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "SELECT seq, broadcast, area, displaced_by, outcome, starts, stations, first_us, "
                  "why_vi, why_en, by_user, by_name, remote, at_us FROM losses_waiting "
                  "ORDER BY seq LIMIT $1");
    query_int(query, limit);
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)waiting_loss_free);
    int step;
    while ((step = query_next(query, error)) > 0)
        g_ptr_array_add(list, read_row(query));
    return step == 0 ? g_steal_pointer(&list) : NULL;
}

bool loss_waiting_store_drop(Database *database, int64_t up_to_seq, GError **error)
{
    g_autoptr(Query) query = database_query(database, "DELETE FROM losses_waiting WHERE seq <= $1");
    query_int(query, up_to_seq);
    return query_run(query, error);
}
