/* What stations said: their keys, and the chain of receipts of each key. */
#pragma once

#include "audit_rows.h"

void audit_receipts_key_free(void *key); /* of Audit.keys */

void audit_receipts_station(Audit *self, const Json *object); /* a row of stations.jsonl */
void audit_receipts_row(Audit *self, const Json *object);     /* a row of receipts.jsonl */
