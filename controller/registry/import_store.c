/* One transaction around a whole list, so that a half of it never stands; who brought it in is
 * logged with the number of its rows, in the area that the person belongs to. */
#include "registry/import_store.h"

#include "access/access.h"
#include "access/action_log_store.h"

static bool write_all(Database *database, const Request *request, const ImportRows *rows,
                      GError **error)
{
    int64_t now_us = request_now_us(request);
    if (!rows->write(rows->self, now_us, error))
        return false;
    g_autofree char *detail = g_strdup_printf("{\"rows\":%u}", rows->count);
    Action action = {.user = access_user(request)->id,
                     .verb = rows->verb,
                     .area = access_home(access_user(request)),
                     .detail = detail,
                     .remote = request_remote(request)};
    return action_log_store_add(database, &action, now_us, error);
}

bool import_store(Database *database, const Request *request, const ImportRows *rows,
                  GError **error)
{
    if (!database_begin(database, error))
        return false;
    if (write_all(database, request, rows, error))
        return database_commit(database, error);
    database_rollback(database);
    return false;
}
