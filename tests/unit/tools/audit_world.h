/* An exported ledger in a folder of its own, told rightly or wrongly in one place. The tale:
 *
 * day 0: plan 1 orders A, B and C for the days 1, 2 and 3. The station speaks of A and falls
 * silent. Day 3.5: plan 2 still names them. Day 63: B is closed, day 64: C. Day 70: plan 3, empty.
 */
#pragma once

#include "digest.h"
#include "keys.h"

enum { A, B, C, AIRINGS };

typedef struct Tale {
    const char *name;
    const char *fault;    /* a part of the first one; NULL = all holds */
    unsigned more_faults; /* beside that */
    const char *note;     /* a part of one; NULL = none at all */
    int silent, answered; /* -1 = silence is not known */

    bool no_file, old_entries, no_first, no_second, swapped; /* of the entries */
    bool other_previous, second_is_old, other_key, changed_bit, wrong_time, early, invented, twice,
        no_heads, no_plan_named;
    bool also_a;        /* the first entry closes A, too */
    int held;           /* receipts that the entries say were held; 0 = 1 */
    int receipts;       /* receipts in the folder; 0 = 1, -1 = none */
    int about;          /* the airing that receipt 2 speaks of */
    bool other_receipt; /* another receipt in the place of the first */
    bool gap;           /* receipt 1 and 3 are there */
    bool pruned_receipts, pruned_plans, other_hash, no_plans;
    bool taken_out;   /* plan 2 no longer names B and C */
    bool new_keys;    /* all but root 2 was signed by keys that root 1 grants */
    bool no_roots;    /* there is no roots.jsonl */
    bool own_root;    /* root 2 is not signed by root 1 */
    bool other_roots; /* roots.jsonl leads to another root */
    bool alert;       /* B is the first play of an alert */
    bool alert_for_others;
} Tale;

typedef struct AuditWorld {
    const Tale *tale;
    Key root, online, online_2, station, stranger;
    char *ids[AIRINGS];
    char *plan_sha256[3];
    char receipt_sha256[4][DIGEST_HEX + 1];
    char *directory;
} AuditWorld;

void audit_world_init(AuditWorld *world, const Tale *tale);
void audit_world_clear(AuditWorld *world);
