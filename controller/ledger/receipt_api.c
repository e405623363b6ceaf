/* Receipts come in, and are shown.
 *
 * A batch is one transaction and the answer goes out after COMMIT, so a station that has been told
 * "stored" may forget. If the commit fails nothing of the batch is there, and the station sends it
 * again. */
#include "ledger/ledger.h"

#include <string.h>

#include "access/access.h"
#include "ledger/receipt_intake.h"
#include "ledger/receipt_store.h"

#define LIST_MAX 200

static Json *result_json(size_t index, const IntakeResult *result)
{
    Json *one = json_new_object();
    json_set_int(one, "index", (int64_t)index);
    if (result->counter)
        json_set_int(one, "counter", result->counter);
    else
        json_set_null(one, "counter");
    json_set_text(one, "status", intake_words[result->status]);
    if (result->why)
        json_set_text(one, "why", result->why);
    return one;
}

static Json *take_all(Ledger *self, const IntakeCaller *caller, const Json *receipts,
                      GError **error)
{
    g_autoptr(Json) results = json_new_array();
    for (size_t i = 0; i < json_length(receipts); i++) {
        IntakeResult result;
        if (!receipt_intake_take(self->database, caller, json_at(receipts, i), &result, error))
            return NULL;
        json_append_take(results, result_json(i, &result));
    }
    return g_steal_pointer(&results);
}

Reply *receipt_api_post(void *ledger, Request *request)
{
    Ledger *self = ledger;
    const StationCaller *station = station_auth_caller(request);
    g_autoptr(JsonForm) form = json_form_new(request_json(request), "");
    const Json *receipts = json_form_array(form, "receipts", true, RECEIPT_BATCH_MAX);
    if (!json_form_ok(form, false))
        return reply_problem_take(problem_from_form(form));
    IntakeCaller caller = {.station = station->station->id,
                           .key = &station->key,
                           .now_us = request_now_us(request),
                           .replaced_us = station->replaced_us,
                           .cloned_us = station->cloned_us};
    g_autoptr(GError) error = NULL;
    if (!database_begin(self->database, &error))
        return reply_error(error);
    Json *results = take_all(self, &caller, receipts, &error);
    if (!results) {
        database_rollback(self->database);
        return reply_error(error);
    }
    if (!database_commit(self->database, &error)) {
        json_drop(results);
        return reply_error(error);
    }
    on_air_forget(self->on_air, caller.station);
    panel_events_changed(self->events, "airings");
    Json *body = json_new_object();
    json_set_take(body, "results", results);
    return reply_json_take(200, body);
}

static Json *row_json(const ReceiptRow *row)
{
    g_autofree char *received = clock_format_utc(row->received_us);
    Json *item = json_new_object();
    json_set_int(item, "counter", row->counter);
    json_set_text(item, "outcome", row->outcome);
    json_set_text(item, "reason", *row->reason ? row->reason : NULL);
    json_set_text(item, "airing", row->airing);
    json_set_take(item, "envelope", json_parse(row->envelope, strlen(row->envelope), NULL));
    json_set_text(item, "received_at", received);
    return item;
}

Reply *receipt_api_station(void *ledger, Request *request)
{
    Ledger *self = ledger;
    g_autoptr(GError) error = NULL;
    g_autoptr(Station) station =
        station_store_get(self->database, request_place(request, "id"), &error);
    if (!station)
        return error ? reply_error(error) : reply_problem(&problem_not_found);
    Reply *refusal = access_check(self->database, request, VERB_VIEW, station->area);
    if (refusal)
        return refusal;
    unsigned limit;
    const char *after;
    Problem *problem = NULL;
    if (!request_page(request, LIST_MAX, &limit, &after, &problem))
        return reply_problem_take(problem);
    int64_t before_seq = after ? g_ascii_strtoll(after, NULL, 10) : 0;
    g_autoptr(GPtrArray) rows =
        receipt_store_of_station(self->database, station->id, before_seq, limit + 1, &error);
    if (!rows)
        return reply_error(error);
    Json *items = json_new_array();
    for (unsigned i = 0; i < rows->len && i < limit; i++)
        json_append_take(items, row_json(g_ptr_array_index(rows, i)));
    g_autofree char *next = NULL;
    if (rows->len > limit)
        next = g_strdup_printf("%" G_GINT64_FORMAT,
                               ((ReceiptRow *)g_ptr_array_index(rows, limit - 1))->seq);
    Json *body = json_new_object();
    json_set_take(body, "items", items);
    json_set_text(body, "next", next);
    return reply_json_take(200, body);
}
