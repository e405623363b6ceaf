/* An order against the policies of where it is to sound, and of who issues it. */
#pragma once

#include "access/access.h"
#include "schedule/broadcast.h"
#include "schedule/trial.h"

/* NULL where the area that issues it lets one of the person's roles issue that class. */
Reply *check_policy_issuer(Database *database, const Broadcast *draft, const User *user);

/* NULL where every start that the trial looks at keeps to what holds in every place; else the 422
 * that names rule, numbers and the nearest time that fits everywhere. */
Reply *check_policy_refusal(const Trial *trial, const Broadcast *draft);

/* Adds the areas below the targets that would refuse the order to those it leaves out; false where
 * that is not enough, because a target itself refuses it or the targets are too many. */
bool check_policy_leave_out(const Trial *trial, Broadcast *draft);

/* All that the order alone shows; leaves out what refuses it where the order says so. Where the
 * trial counts minutes, what else sounds there decides, too: `ret_trial` is what is left to check.
 */
Reply *check_policy_order(Database *database, Broadcast *draft, const User *user, int64_t now_us,
                          Trial **ret_trial);
/* The 422 for what check_minutes() found. */
Reply *check_policy_minutes(const Json *row);
/* A trial of all that is to come, or of the occurrences named in `only` (its RECURRENCE-IDs). */
Trial *check_policy_trial(Database *database, const Broadcast *draft, const TrialSettings *only,
                          int64_t now_us, GError **error);
/* [{"area", "area_name", "below", "code", "vi", "en", "starts", "of", "first", "limits"}] */
Json *check_policy_json(const Trial *trial);
