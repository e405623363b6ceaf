/* One receipt on its way into the ledger: verified, put in its place in the chain, and believed or
 * set aside. */
#pragma once

#include "db/database.h"
#include "envelope.h"

typedef enum { INTAKE_STORED, INTAKE_DUPLICATE, INTAKE_QUARANTINED } IntakeStatus;
extern const char *const intake_words[];

typedef struct IntakeResult {
    IntakeStatus status;
    const char *why; /* NULL unless quarantined: signature, malformed, not-yours, gap, chain,
                      * conflict, unknown-airing, after-replacement, cloned-key */
    int64_t counter; /* 0 where it could not be read */
} IntakeResult;

/* Who sends: the station behind the request's signature. */
typedef struct IntakeCaller {
    const char *station;
    const Key *key;
    int64_t now_us;
    int64_t replaced_us; /* what the key ended later is set aside; 0 = it is in force */
    int64_t cloned_us;   /* all of it is set aside; 0 = the key exists once */
} IntakeCaller;

/* Inside the caller's transaction. False only when the database fails. */
bool receipt_intake_take(Database *database, const IntakeCaller *caller, const Json *entry,
                         IntakeResult *ret_result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
