/* Which commands this station believes. Pure: one guard after the other, each with a refusal of its
 * own, in the order of docs/protocol.md. */
#pragma once

#include "alert/standing_orders.h"
#include "link/identity.h"
#include "wire/command.h"

typedef enum {
    COMMAND_OK,
    COMMAND_TOO_LARGE,
    COMMAND_NO_ENVELOPE, /* not an envelope at all */
    COMMAND_WRONG_TYPE,
    COMMAND_KEY_UNKNOWN,   /* nobody whom the pinned root gives this role */
    COMMAND_BAD_SIGNATURE, /* too few signatures hold */
    COMMAND_MALFORMED,
    COMMAND_UNSUPPORTED, /* a kind, or something critical, that this version does not know */
    COMMAND_NOT_MINE,
    COMMAND_OLD_EPOCH,
    COMMAND_OLD_GENERATION, /* a later order of that kind is in force */
    COMMAND_SEEN,           /* the id was here before: no offence, every connect brings it again */
    COMMAND_EXPIRED,
    COMMAND_FULL, /* as many are in force as a station keeps */
    COMMAND_CODES
} CommandCode;
extern const char *const command_code_words[]; /* NULL-terminated */

typedef struct CommandRules {
    const Identity *identity;
    const GPtrArray *area_path; /* char*, top first: as the newest plan says */
    int64_t epoch;              /* highest seen; 0 = none */
    StandingMark volume, mute;  /* in force */
    GHashTable *seen;           /* ids that have not expired: a set of char* */
    unsigned max_seen;          /* room for so many; */
    unsigned max_ends;          /* ... for one that ends another, so many */
    /* Nothing that expired before this instant is taken. A trusted clock gives now; without one it
     * is the last time that was known for sure, or 0. */
    int64_t surely_us;
} CommandRules;

/* The command in the envelope `text`, or NULL with the code of its refusal. For COMMAND_SEEN,
 * `ret_seen` is the id (free with g_free()); it may be NULL. */
Command *command_accept(const CommandRules *rules, const char *text, size_t length,
                        CommandCode *ret_code, char **ret_seen);
