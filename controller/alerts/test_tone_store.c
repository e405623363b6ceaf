/* SQL of test tones. */
#include "alerts/test_tone_store.h"

#include <math.h>

#define COLUMNS                                                                                    \
    "id, station, author, issued_us, expires_us, gain_mdb, outcome, reason, fault, rms_dbfs, "     \
    "grade, ended_us"

void test_tone_free(TestTone *tone)
{
    if (!tone)
        return;
    char *texts[] = {tone->id,      tone->station, tone->author,
                     tone->outcome, tone->reason,  tone->fault};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    g_free(tone);
}

bool test_tone_store_add(Database *database, const TestTone *tone, GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "INSERT INTO test_tones (id, station, author, issued_us, expires_us, gain_mdb) "
                  "VALUES ($1, $2, $3, $4, $5, $6)");
    query_text(query, tone->id);
    query_text(query, tone->station);
    query_text(query, tone->author);
    query_int(query, tone->issued_us);
    query_int(query, tone->expires_us);
    query_int(query, tone->gain_mdb);
    return query_run(query, error);
}

static TestTone *read_one(Query *query, GError **error)
{
    if (query_next(query, error) <= 0)
        return NULL;
    TestTone *tone = g_new0(TestTone, 1);
    tone->id = g_strdup(row_text(query, 0));
    tone->station = g_strdup(row_text(query, 1));
    tone->author = g_strdup(row_text(query, 2));
    tone->issued_us = row_int(query, 3);
    tone->expires_us = row_int(query, 4);
    tone->gain_mdb = (int)row_int(query, 5);
    tone->outcome = g_strdup(row_text(query, 6));
    tone->reason = g_strdup(row_text(query, 7));
    tone->fault = g_strdup(row_text(query, 8));
    tone->rms_dbfs = row_is_null(query, 9) ? NAN : row_real(query, 9);
    tone->grade = (int)row_int(query, 10);
    tone->ended_us = row_int(query, 11);
    return tone;
}

TestTone *test_tone_store_get(Database *database, const char *id, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "SELECT " COLUMNS " FROM test_tones WHERE id = $1");
    query_text(query, id);
    return read_one(query, error);
}

TestTone *test_tone_store_newest(Database *database, const char *station, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "SELECT " COLUMNS " FROM test_tones WHERE station = $1 "
                                 "ORDER BY issued_us DESC, id LIMIT 1");
    query_text(query, station);
    return read_one(query, error);
}

bool test_tone_store_note(Database *database, const Receipt *receipt, GError **error)
{
    g_autoptr(Query) query = database_query(
        database,
        "INSERT INTO test_tones (id, station, issued_us, expires_us, gain_mdb, outcome, reason, "
        "fault, rms_dbfs, grade, ended_us) VALUES ($1, $2, $3, $3, $4, $5, $6, $7, $8, $9, $10) "
        "ON CONFLICT (id) DO UPDATE SET outcome = excluded.outcome, reason = excluded.reason, "
        "gain_mdb = excluded.gain_mdb, fault = excluded.fault, rms_dbfs = excluded.rms_dbfs, "
        "grade = excluded.grade, ended_us = excluded.ended_us WHERE station = excluded.station");
    query_text(query, receipt->airing);
    query_text(query, receipt->station);
    query_int(query, receipt->planned_us);
    query_int(query, receipt->gain_mdb);
    query_text(query, outcome_words[receipt->outcome]);
    query_text(query, reason_words[receipt->reason]);
    query_text(query, receipt->fault);
    if (isfinite(receipt->rms_dbfs))
        query_real(query, receipt->rms_dbfs);
    else
        query_null(query);
    query_int(query, receipt->evidence_grade);
    query_int(query, receipt->made_us);
    return query_run(query, error);
}
