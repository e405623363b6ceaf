/* The second step: judging what was typed, and whether one must have it. */
#pragma once

#include "access/people.h"

#define SECOND_STEP_CODE_MAX 40

/* A code of the app or a recovery code; uses it up. */
bool second_step_check(People *people, const Request *request, const User *user, const char *code,
                       bool *ret_good, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The policy wants it of this person and it is not set up. */
bool second_step_is_missing(Database *database, const User *user);
bool second_step_is_policy(Database *database);
/* Emergencies are for those only who log in with two steps. */
bool second_step_for_alerts(Database *database);
bool second_step_set_for_alerts(Database *database, bool on,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool second_step_set_policy(Database *database, bool on, GError **error) G_GNUC_WARN_UNUSED_RESULT;
