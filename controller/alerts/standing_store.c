/* SQL of standing orders. */
#include "alerts/standing_store.h"

#include "wire/standing.h"

void standing_note_free(StandingNote *note)
{
    if (!note)
        return;
    g_free(note->reason);
    g_free(note->author);
    g_free(note->taken_outcome);
    g_free(note);
}

StandingNote *standing_store_get(Database *database, const char *station, const char *kind,
                                 GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "SELECT generation, reason, author, issued_us, taken_generation, taken_us, "
                  "taken_outcome FROM standing_orders WHERE station = $1 AND kind = $2");
    query_text(query, station);
    query_text(query, kind);
    int step = query_next(query, error);
    if (step < 0)
        return NULL;
    StandingNote *note = g_new0(StandingNote, 1);
    if (step == 0)
        return note;
    note->generation = row_int(query, 0);
    note->reason = g_strdup(row_text(query, 1));
    note->author = g_strdup(row_text(query, 2));
    note->issued_us = row_int(query, 3);
    note->taken_generation = row_int(query, 4);
    note->taken_us = row_int(query, 5);
    note->taken_outcome = g_strdup(row_text(query, 6));
    return note;
}

bool standing_store_say(Database *database, const char *station, const char *kind,
                        const StandingNote *note, GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "INSERT INTO standing_orders (station, kind, generation, reason, author, "
                  "issued_us) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (station, kind) "
                  "DO UPDATE SET generation = excluded.generation, reason = excluded.reason, "
                  "author = excluded.author, issued_us = excluded.issued_us");
    query_text(query, station);
    query_text(query, kind);
    query_int(query, note->generation);
    query_text(query, note->reason);
    query_text(query, note->author);
    query_int(query, note->issued_us);
    return query_run(query, error);
}

bool standing_store_taken(Database *database, const Receipt *receipt, GError **error)
{
    bool mute = g_str_equal(receipt->broadcast, STANDING_MUTE);
    if (!mute && !g_str_equal(receipt->broadcast, STANDING_VOLUME))
        return true; /* of a newer player */
    g_autoptr(Query) query = database_query(
        database, "INSERT INTO standing_orders (station, kind, taken_generation, taken_us, "
                  "taken_outcome) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (station, kind) "
                  "DO UPDATE SET taken_generation = excluded.taken_generation, "
                  "taken_us = excluded.taken_us, taken_outcome = excluded.taken_outcome "
                  "WHERE standing_orders.taken_generation <= excluded.taken_generation");
    query_text(query, receipt->station);
    query_text(query, mute ? STANDING_MUTE : STANDING_VOLUME);
    query_int(query, receipt->repeat);
    query_int(query, receipt->made_us);
    query_text(query, outcome_words[receipt->outcome]);
    return query_run(query, error);
}
