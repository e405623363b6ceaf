/* Closing what nobody will speak of any more.
 *
 * The entry is signed and stored in the transaction that writes the outcome, so there is never an
 * airing that says "unreported" without a paper that says so, and the auditor can tell the
 * controller's word from a station's. The paper names each airing with its station, its time and
 * its plan, and the last receipts that were held of that station; it says nothing about why. */
#include "ledger/unreported.h"

#include "digest.h"
#include "fleet/plan_store.h"
#include "ledger/unreported_store.h"
#include "schedule/airing_store.h"

/* The play of an alert stands in no plan. */
static bool is_play(const SilenceAiring *one)
{
    g_autofree char *id = plan_airing_id(one->broadcast, 0, 0, one->station);
    return g_str_equal(id, one->airing);
}

/* The plan that was in force at its start, if its body is still there to be shown; from now on it
 * stays. */
static bool name_plan(Ledger *ledger, SilenceAiring *one, GError **error)
{
    PlanTrace plan = {0};
    if (!is_play(one) &&
        !plan_store_in_force(ledger->database, one->station, one->planned_us, &plan, error))
        return false;
    if (!*plan.sha256)
        return true;
    one->plan_epoch = plan.epoch;
    one->plan_version = plan.version;
    g_strlcpy(one->plan_sha256, plan.sha256, sizeof one->plan_sha256);
    return plan_store_name(ledger->database, one->station, &plan, error);
}

static Silence *entry_of(Ledger *ledger, const GPtrArray *airings, int64_t now_us, GError **error)
{
    g_autoptr(Silence) entry = silence_new();
    g_autoptr(GHashTable) stations = g_hash_table_new(g_str_hash, g_str_equal);
    entry->made_us = now_us;
    if (!unreported_store_follow(ledger->database, entry, error))
        return NULL;
    for (unsigned i = 0; i < airings->len; i++) {
        const Airing *airing = g_ptr_array_index(airings, i);
        SilenceAiring *one =
            silence_add(entry, airing->station, airing->id, airing->broadcast, airing->planned_us);
        if (!name_plan(ledger, one, error) ||
            (g_hash_table_add(stations, airing->station) &&
             !unreported_store_heads(ledger->database, airing->station, entry, error)))
            return NULL;
    }
    return g_steal_pointer(&entry);
}

static bool close_all(Ledger *ledger, const GPtrArray *airings, int64_t now_us, GError **error)
{
    g_autoptr(Silence) entry = entry_of(ledger, airings, now_us, error);
    if (!entry)
        return false;
    g_autoptr(Json) json = silence_to_json(entry);
    g_autoptr(GBytes) payload = json_print_bytes(json);
    g_autoptr(Envelope) envelope =
        signer_sign(&ledger->fleet->signer, ENVELOPE_TYPE_UNREPORTED, payload, error);
    if (!envelope)
        return false;
    size_t length;
    const void *bytes = g_bytes_get_data(payload, &length);
    g_autofree char *sha256 = digest_hex_of(bytes, length);
    g_autofree char *text = envelope_print(envelope, NULL);
    UnreportedEntry row = {
        .made_us = now_us, .airings = airings->len, .sha256 = sha256, .envelope = text};
    int64_t seq = unreported_store_add(ledger->database, &row, error);
    if (!seq)
        return false;
    for (unsigned i = 0; i < airings->len; i++) {
        const Airing *airing = g_ptr_array_index(airings, i);
        if (!airing_store_close(ledger->database, airing->planned_us, airing->id, seq, error))
            return false;
    }
    return true;
}

int unreported_close(Ledger *ledger, int64_t now_us, GError **error)
{
    g_autoptr(GPtrArray) airings = airing_store_silent(ledger->database, now_us - SILENCE_AFTER_US,
                                                       SILENCE_MAX_AIRINGS, error);
    if (!airings)
        return -1;
    if (airings->len == 0)
        return 0;
    if (!database_begin(ledger->database, error))
        return -1;
    if (!close_all(ledger, airings, now_us, error)) {
        database_rollback(ledger->database);
        return -1;
    }
    if (!database_commit(ledger->database, error))
        return -1;
    panel_events_changed(ledger->events, "airings");
    return (int)airings->len;
}
