/* Waiting enrolments are rows that expire a day after the station's last word. Anybody may send
 * one, so their number is bounded; who asks again keeps the place, so strangers cannot push out a
 * station that was there first.
 *
 * Wrong codes are counted for each person in a row, so that a restart or a second controller does
 * not give five more. */
#include "fleet/enrolment_store.h"

#include <string.h>

#define COLUMNS "keyid, public_key, code, model, serial, software, remote, first_us, last_us"

void enrolment_free(Enrolment *enrolment)
{
    if (!enrolment)
        return;
    g_free(enrolment->keyid);
    g_free(enrolment->code);
    g_free(enrolment->model);
    g_free(enrolment->serial);
    g_free(enrolment->software);
    g_free(enrolment->remote);
    g_free(enrolment);
}

static Enrolment *read_row(Query *query)
{
    Enrolment *self = g_new0(Enrolment, 1);
    size_t length = 0;
    const void *key = row_blob(query, 1, &length);
    self->keyid = g_strdup(row_text(query, 0));
    memcpy(self->public_key, key, MIN(length, sizeof self->public_key));
    self->code = g_strdup(row_text(query, 2));
    self->model = g_strdup(row_text(query, 3));
    self->serial = g_strdup(row_text(query, 4));
    self->software = g_strdup(row_text(query, 5));
    self->remote = g_strdup(row_text(query, 6));
    self->first_us = row_int(query, 7);
    self->last_us = row_int(query, 8);
    return self;
}

static bool drop_expired(Database *database, int64_t now_us, GError **error)
{
    g_autoptr(Query) query = database_query(database, "DELETE FROM enrolments WHERE last_us < $1");
    query_int(query, now_us - ENROLMENT_KEPT_US);
    return query_run(query, error);
}

static int64_t count_others(Database *database, const char *keyid, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "SELECT count(*) FROM enrolments WHERE keyid <> $1 "
                                 "AND NOT EXISTS (SELECT 1 FROM enrolments WHERE keyid = $1)");
    query_text(query, keyid);
    return query_next(query, error) > 0 ? row_int(query, 0) : -1;
}

static bool put(Database *database, const Enrolment *enrolment, int64_t now_us, GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "INSERT INTO enrolments (" COLUMNS ") "
                  "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8) ON CONFLICT (keyid) DO UPDATE SET "
                  "model = excluded.model, serial = excluded.serial, "
                  "software = excluded.software, remote = excluded.remote, "
                  "last_us = excluded.last_us");
    query_text(query, enrolment->keyid);
    query_blob(query, enrolment->public_key, sizeof enrolment->public_key);
    query_text(query, enrolment->code);
    query_text(query, enrolment->model);
    query_text(query, enrolment->serial);
    query_text(query, enrolment->software);
    query_text(query, enrolment->remote);
    query_int(query, now_us);
    return query_run(query, error);
}

bool enrolment_store_put(Database *database, const Enrolment *enrolment, int64_t now_us,
                         GError **error)
{
    if (!database_begin(database, error))
        return false;
    int64_t others = -1;
    if (drop_expired(database, now_us, error))
        others = count_others(database, enrolment->keyid, error);
    if (others < 0 || others >= ENROLMENT_MAX_WAITING || !put(database, enrolment, now_us, error)) {
        database_rollback(database);
        return false;
    }
    return database_commit(database, error);
}

Enrolment *enrolment_store_get(Database *database, const char *keyid, int64_t now_us,
                               GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "SELECT " COLUMNS " FROM enrolments WHERE keyid = $1 AND last_us >= $2");
    query_text(query, keyid);
    query_int(query, now_us - ENROLMENT_KEPT_US);
    return query_next(query, error) > 0 ? read_row(query) : NULL;
}

Enrolment *enrolment_store_by_code(Database *database, const char *code, int64_t now_us,
                                   GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "SELECT " COLUMNS " FROM enrolments WHERE code = $1 AND last_us >= $2 LIMIT 2");
    query_text(query, code);
    query_int(query, now_us - ENROLMENT_KEPT_US);
    if (query_next(query, error) <= 0)
        return NULL;
    g_autoptr(Enrolment) found = read_row(query);
    return query_next(query, error) == 0 ? g_steal_pointer(&found) : NULL;
}

bool enrolment_store_remove(Database *database, const char *keyid, GError **error)
{
    g_autoptr(Query) query = database_query(database, "DELETE FROM enrolments WHERE keyid = $1");
    query_text(query, keyid);
    return query_run(query, error);
}

GPtrArray *enrolment_store_list(Database *database, int64_t now_us, GError **error)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)enrolment_free);
    g_autoptr(Query) query =
        database_query(database, "SELECT " COLUMNS " FROM enrolments WHERE last_us >= $1 "
                                 "ORDER BY first_us, keyid");
    query_int(query, now_us - ENROLMENT_KEPT_US);
    int step;
    while ((step = query_next(query, error)) > 0)
        g_ptr_array_add(list, read_row(query));
    return step == 0 ? g_steal_pointer(&list) : NULL;
}

int64_t enrolment_store_locked_until(Database *database, const char *user, int64_t now_us,
                                     GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "SELECT locked_until_us FROM pairing_failures "
                                 "WHERE user_id = $1 AND locked_until_us > $2");
    query_text(query, user);
    query_int(query, now_us);
    return query_next(query, error) > 0 ? row_int(query, 0) : 0;
}

bool enrolment_store_failed(Database *database, const char *user, int64_t now_us, GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "INSERT INTO pairing_failures (user_id, failures, first_us, locked_until_us) "
                  "VALUES ($1, 1, $2, 0) ON CONFLICT (user_id) DO UPDATE SET "
                  "failures = CASE WHEN pairing_failures.first_us < $3 THEN 1 "
                  "ELSE pairing_failures.failures + 1 END, "
                  "first_us = CASE WHEN pairing_failures.first_us < $3 THEN $2 "
                  "ELSE pairing_failures.first_us END, "
                  "locked_until_us = CASE WHEN pairing_failures.first_us >= $3 "
                  "AND pairing_failures.failures + 1 >= $4 THEN $5 ELSE 0 END");
    query_text(query, user);
    query_int(query, now_us);
    query_int(query, now_us - PAIRING_LOCK_US);
    query_int(query, PAIRING_MAX_FAILURES);
    query_int(query, now_us + PAIRING_LOCK_US);
    return query_run(query, error);
}

bool enrolment_store_succeeded(Database *database, const char *user, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "DELETE FROM pairing_failures WHERE user_id = $1");
    query_text(query, user);
    return query_run(query, error);
}
