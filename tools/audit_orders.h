/* What was ordered: the signed plans and commands of an exported ledger. */
#pragma once

#include "audit_rows.h"
#include "wire/receipt.h"

typedef struct AuditOrder {
    GArray *starts;    /* int64_t: every time that a plan gives it */
    int64_t start_us;  /* by the latest of these plans */
    int64_t end_us;    /* the same */
    int64_t issued_us; /* of that plan */
    unsigned line;     /* of it */
    int64_t epoch, version;
} AuditOrder;

void audit_orders_free(void *order); /* of Audit.orders */

void audit_orders_plan(Audit *self, const Json *object);    /* a row of plans.jsonl */
void audit_orders_command(Audit *self, const Json *object); /* a row of commands.jsonl */

/* NULL = no plan and no standing order that is kept names it. */
const AuditOrder *audit_orders_find(const Audit *self, const char *station, const char *airing);
/* True for play `repeat` of a signed alert that meant this station. */
bool audit_orders_is_play(const Audit *self, const char *station, const char *airing,
                          const char *alert, unsigned repeat);
/* What a receipt answers: a key and an airing that signed plans name. Where the plan's body has
 * gone with its time nobody can tell any more. */
void audit_orders_check(Audit *self, const char *keyid, const Receipt *receipt);
