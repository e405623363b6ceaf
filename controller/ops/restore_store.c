/* SQL of the restore: somebody who was logged out after the copy was made must not be let in by it,
 * and an order that is repeated now was never carried out here. */
#include "ops/restore_store.h"

bool restore_store_forget(Database *database, GError **error)
{
    static const char *const statements[] = {
        "DELETE FROM sessions",
        "DELETE FROM idempotency",
        "DELETE FROM station_nonces",
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(statements); i++) {
        g_autoptr(Query) query = database_query(database, statements[i]);
        if (!query_run(query, error))
            return false;
    }
    return true;
}
