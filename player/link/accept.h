/* What this station believes. Pure: one guard after the other, each with a refusal of its own. */
#pragma once

#include "link/identity.h"
#include "wire/plan.h"

typedef enum {
    ACCEPT_OK,
    ACCEPT_TOO_LARGE,
    ACCEPT_NO_ENVELOPE, /* not an envelope at all */
    ACCEPT_WRONG_TYPE,
    ACCEPT_KEY_UNKNOWN,   /* nobody whom the pinned root gives this role */
    ACCEPT_BAD_SIGNATURE, /* too few signatures hold */
    ACCEPT_NOT_MINE,
    ACCEPT_OLD_EPOCH,
    ACCEPT_OLD_VERSION,
    ACCEPT_MALFORMED,
    ACCEPT_UNSUPPORTED, /* relies on something this version does not know */
} AcceptCode;
extern const char *const accept_words[];

typedef struct AcceptRules {
    const Identity *identity;
    int64_t epoch;      /* highest seen; 0 = none */
    int64_t version;    /* highest seen in that epoch */
    const char *sha256; /* of that plan's payload, "" = unknown: a version is used only once */
} AcceptRules;

/* The plan in the envelope `text`, or NULL with the code of its refusal. */
Plan *accept_plan(const AcceptRules *rules, const char *text, size_t length, AcceptCode *ret_code,
                  GError **error);
