/* An order against the policies of where it is to sound, and of who issues it. */
#pragma once

#include "access/access.h"
#include "schedule/minutes.h"

/* NULL where the area that issues it lets one of the person's roles issue that class. */
Reply *check_policy_issuer(Database *database, const Broadcast *draft, const User *user);

typedef struct CheckPolicyOrder {
    TrialSettings only; /* now_us, and which occurrences; the rest is filled in */
    bool replaces;      /* a broadcast of its id that is there gives way */
} CheckPolicyOrder;

/* Puts an order on trial, beside those in `minutes` already; it leaves out what refuses it where it
 * says so. NULL, or why it cannot be asked about at all. */
Reply *check_policy_add(Minutes *minutes, Database *database, Broadcast *take_draft,
                        const User *user, const CheckPolicyOrder *how);
/* NULL where every start keeps to what holds in every place; else the 422 that names rule, numbers
 * and the nearest time that fits everywhere. */
Reply *check_policy_refusal(const Minutes *minutes, unsigned order, int64_t now_us);
/* The start nearest to the first one, by whole minutes, from which all fit: half a day away at
 * most, of a single start a week; 0 = none. */
int64_t check_policy_nearest(const Minutes *minutes, unsigned order, int64_t now_us);
/* [{"area", "area_name", "below", "code", "vi", "en", "starts", "of", "first", "limits",
 * "minutes"}] */
Json *check_policy_json(const Minutes *minutes, unsigned order);
