/* Closing what nobody will speak of any more.
 *
 * The entry is signed and stored in the transaction that writes the outcome, so there is never an
 * airing that says "unreported" without a paper that says so, and the auditor can tell the
 * controller's word from a station's. The paper names each airing with its station and its time; it
 * says nothing about why. */
#include "ledger/unreported.h"

#include "digest.h"
#include "ledger/unreported_store.h"
#include "schedule/airing_store.h"

static GBytes *payload_of(const GPtrArray *airings, int64_t now_us)
{
    g_autoptr(Json) list = json_new_array();
    for (unsigned i = 0; i < airings->len; i++) {
        const Airing *airing = g_ptr_array_index(airings, i);
        Json *one = json_new_object();
        json_set_text(one, "airing", airing->id);
        json_set_text(one, "station", airing->station);
        json_set_text(one, "broadcast", airing->broadcast);
        json_set_int(one, "planned_us", airing->planned_us);
        json_append_take(list, one);
    }
    g_autoptr(Json) payload = json_new_object();
    json_set_text(payload, "type", "unreported");
    json_set_int(payload, "made_us", now_us);
    json_set_take(payload, "airings", g_steal_pointer(&list));
    return json_print_bytes(payload);
}

static bool close_all(Ledger *ledger, const GPtrArray *airings, int64_t now_us, GError **error)
{
    g_autoptr(GBytes) payload = payload_of(airings, now_us);
    g_autoptr(Envelope) envelope =
        signer_sign(&ledger->fleet->signer, ENVELOPE_TYPE_UNREPORTED, payload, error);
    if (!envelope)
        return false;
    size_t length;
    const void *bytes = g_bytes_get_data(payload, &length);
    g_autofree char *sha256 = digest_hex_of(bytes, length);
    g_autofree char *text = envelope_print(envelope, NULL);
    UnreportedEntry entry = {
        .made_us = now_us, .airings = airings->len, .sha256 = sha256, .envelope = text};
    int64_t seq = unreported_store_add(ledger->database, &entry, error);
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
    g_autoptr(GPtrArray) airings = airing_store_silent(
        ledger->database, now_us - UNREPORTED_AFTER_US, UNREPORTED_BATCH_MAX, error);
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
