/* GET /api/airings: did it play? A page of the log, newest planned start first. */
#include "ledger/ledger.h"

#include "ledger/airing_page.h"
#include "schedule/scope.h"

Reply *log_api_airings(void *ledger, Request *request)
{
    Ledger *self = ledger;
    Reply *refusal = NULL;
    g_autoptr(Area) area = scope_area(self->database, request, &refusal);
    if (!area)
        return refusal;
    g_auto(AiringPage) page = {0};
    refusal = airing_page_read(self, request, area, &page);
    if (refusal)
        return refusal;
    int64_t now_us = request_now_us(request);
    g_autoptr(AiringView) view = airing_view_new(self, request_language(request), now_us);
    g_autoptr(GError) error = NULL;
    if (!airing_page_fill(self, view, &page, &error))
        return reply_error(error);
    Json *items = json_new_array();
    for (unsigned i = 0; i < page.found->len; i++)
        json_append_take(items, airing_view_json(view, g_ptr_array_index(page.found, i)));
    g_autofree char *next =
        page.has_more
            ? g_strdup_printf("%" G_GINT64_FORMAT ".%s", page.filter.after_us, page.filter.after_id)
            : NULL;
    Json *body = json_new_object();
    json_set_take(body, "items", items);
    json_set_text(body, "next", next);
    return reply_json_take(200, body);
}
