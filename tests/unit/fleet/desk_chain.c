/* A station's receipts, signed one after the other: each names the digest of the one before, as the
 * journal on a pole writes them. */
#include "desk_chain.h"

#include <string.h>

#include "digest.h"

#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"

void desk_chain_init(DeskChain *chain)
{
    *chain = (DeskChain){.previous = ZEROS};
    fleet_desk_init(&chain->desk);
    for (unsigned i = 0; i < G_N_ELEMENTS(chain->airings); i++) {
        g_autofree char *id = g_strdup_printf("order%u", i);
        fleet_desk_order(&chain->desk, id, TARGET_AREA, "a", DESK_NOW + (i + 1) * DESK_HOUR);
    }
    fleet_desk_publish(&chain->desk);
    chain->plan = fleet_desk_plan(&chain->desk, &chain->desk.a1);
    for (unsigned i = 0; i < G_N_ELEMENTS(chain->airings); i++)
        chain->airings[i] = g_ptr_array_index(chain->plan->airings, i);
}

void desk_chain_clear(DeskChain *chain)
{
    plan_free(chain->plan);
    fleet_desk_clear(&chain->desk);
}

Receipt *desk_chain_receipt(const DeskChain *chain, const PlanAiring *airing, Outcome outcome)
{
    Receipt *receipt = receipt_new();
    receipt->station = g_strdup("a1");
    g_strlcpy(receipt->previous, chain->previous, sizeof receipt->previous);
    receipt->keyid = g_strdup(chain->desk.a1.key.id);
    receipt->counter = chain->counter + 1;
    receipt->boot_id = g_strnfill(32, 'b');
    receipt->airing = g_strdup(airing->id);
    receipt->broadcast = g_strdup(airing->broadcast);
    receipt->plan_epoch = receipt->plan_version = 1;
    receipt->planned_us = receipt->resolved_us = airing->start_us;
    receipt->outcome = outcome;
    receipt->reason = outcome == OUTCOME_PLAYED ? REASON_NONE : REASON_DEVICE_FAULT;
    receipt->clock_trust = 2;
    receipt->evidence_grade = outcome == OUTCOME_PLAYED ? 2 : 0;
    receipt->rms_dbfs = receipt->peak_dbfs = -20;
    receipt->amplifier = g_strdup("on");
    receipt->made_us = airing->start_us + DESK_MINUTE;
    return receipt;
}

Envelope *desk_chain_seal(const Receipt *receipt, const Key *key)
{
    g_autoptr(Json) json = receipt_to_json(receipt);
    g_autoptr(GBytes) payload = json_print_bytes(json);
    return envelope_sign(ENVELOPE_TYPE_RECEIPT, payload, key);
}

Envelope *desk_chain_next(DeskChain *chain, unsigned airing, Outcome outcome)
{
    g_autoptr(Receipt) receipt = desk_chain_receipt(chain, chain->airings[airing], outcome);
    Envelope *envelope = desk_chain_seal(receipt, &chain->desk.a1.key);
    size_t length;
    const void *bytes = g_bytes_get_data(envelope->payload, &length);
    g_autofree char *sha256 = digest_hex_of(bytes, length);
    g_strlcpy(chain->previous, sha256, sizeof chain->previous);
    chain->counter++;
    return envelope;
}

IntakeResult desk_chain_take_json(DeskChain *chain, const Json *entry)
{
    IntakeCaller caller = {
        .station = "a1", .key = &chain->desk.a1.key, .now_us = chain->desk.clock.wall};
    IntakeResult result;
    g_autoptr(GError) error = NULL;
    g_assert_true(database_begin(chain->desk.database, &error));
    bool ok = receipt_intake_take(chain->desk.database, &caller, entry, &result, &error);
    g_assert_no_error(error);
    g_assert_true(ok);
    g_assert_true(database_commit(chain->desk.database, &error));
    return result;
}

IntakeResult desk_chain_take(DeskChain *chain, const Envelope *envelope)
{
    g_autoptr(Json) entry = envelope_to_json(envelope);
    return desk_chain_take_json(chain, entry);
}
