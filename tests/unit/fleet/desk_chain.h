/* Receipts of station a1 as it would sign them: four airings of its plan, and a chain that moves on
 * with each receipt made. */
#pragma once

#include "fleet_desk.h"
#include "ledger/receipt_intake.h"
#include "wire/receipt.h"

typedef struct DeskChain {
    FleetDesk desk;
    PlanAiring *airings[4]; /* borrowed from the plan */
    Plan *plan;
    char previous[65];
    int64_t counter;
} DeskChain;

void desk_chain_init(DeskChain *chain);
void desk_chain_clear(DeskChain *chain);

/* What the station would say next of an airing; the chain stays where it is. */
Receipt *desk_chain_receipt(const DeskChain *chain, const PlanAiring *airing, Outcome outcome);
Envelope *desk_chain_seal(const Receipt *receipt, const Key *key);
/* The next receipt of the chain, which moves on. */
Envelope *desk_chain_next(DeskChain *chain, unsigned airing, Outcome outcome);
/* Handed in within a transaction of its own. */
IntakeResult desk_chain_take_json(DeskChain *chain, const Json *entry);
IntakeResult desk_chain_take(DeskChain *chain, const Envelope *envelope);
