/* /healthz asks the database a question, so that "ok" means that requests can be answered. */
#include "machine_api.h"

#include "access/user_store.h"
#include "controller_documents.h"
#include "digest.h"
#include "ops/ops.h"

Reply *machine_api_health(void *room, Request *request)
{
    const Ops *ops = room;
    bool empty = false;
    bool good = user_store_is_empty(ops->database, &empty, NULL);
    int64_t backup_us = ops_last_backup_us(ops);
    Json *answer = json_new_object();
    json_set_text(answer, "status", good ? "ok" : "failing");
    json_set_text(answer, "database", good ? "ok" : "failing");
    if (backup_us > 0)
        json_set_int(answer, "backup_age_s",
                     (request_now_us(request) - backup_us) / G_USEC_PER_SEC);
    else
        json_set_null(answer, "backup_age_s");
    return reply_json_take(good ? 200 : 503, answer);
}

GBytes *machine_api_document(void)
{
    return g_resource_lookup_data(controller_documents_get_resource(), "/loa/openapi.json", 0,
                                  NULL);
}

Reply *machine_api_openapi(void *room, Request *request)
{
    (void)room, (void)request;
    g_autoptr(GBytes) document = machine_api_document();
    size_t length = 0;
    const void *text = g_bytes_get_data(document, &length);
    g_autofree char *etag = digest_hex_of(text, length);
    etag[16] = '\0';
    return reply_cached("application/json", etag, document, NULL);
}
