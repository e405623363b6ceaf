/* What the controller says of airings that no station spoke of: entries of type `unreported`. */
#pragma once

#include "audit_rows.h"
#include "wire/receipt.h"

#define AUDIT_SILENCE_FILE "unreported.jsonl"

void audit_silence_entry_free(void *entry); /* of Audit.entries */

void audit_silence_row(Audit *self, const Json *object); /* a row of unreported.jsonl */
/* A receipt of the folder, its body pruned or not: one that an entry says was held. */
void audit_silence_held(Audit *self, const char *keyid, int64_t counter, const char *sha256);
/* A receipt of the folder that speaks of an airing. */
void audit_silence_receipt(Audit *self, const Receipt *receipt);
void audit_silence_head_free(void *head); /* of Audit.heads */
/* After the last row: receipts that had come and are not there. */
void audit_silence_end(Audit *self);
