/* What the policy asks of administrators, and the check itself. Codes never reach a log: a recovery
 * code that was used leaves a line without it. */
#include "access/second_step.h"

#include "access/action_log_store.h"
#include "access/setting_store.h"
#include "access/totp_store.h"

#define POLICY_SETTING "totp_for_administrators"
#define ALERTS_SETTING "totp_for_alerts"

static bool note_recovery(People *people, const Request *request, const User *user, GError **error)
{
    Action action = {.user = user->id,
                     .verb = "recovery_code.use",
                     .area = access_home(user),
                     .object = user->id,
                     .remote = request_remote(request)};
    return action_log_store_add(people->database, &action, request_now_us(request), error);
}

bool second_step_check(People *people, const Request *request, const User *user, const char *code,
                       bool *ret_good, GError **error)
{
    Database *database = people->database;
    TotpSecret secret;
    int64_t last_step = 0, step = 0;
    bool has = false;
    *ret_good = false;
    if (!totp_store_get(database, user->id, &secret, &last_step, &has, error))
        return false;
    if (!has)
        return true;
    if (!totp_is_code(code))
        return recovery_store_use(database, user->id, code, ret_good, error) &&
               (!*ret_good || note_recovery(people, request, user, error));
    if (!totp_check(&secret, code, request_now_us(request), last_step, &step))
        return true;
    return totp_store_use_step(database, user->id, step, ret_good, error);
}

bool second_step_is_policy(Database *database)
{
    g_autofree char *value = setting_store_get(database, POLICY_SETTING, NULL);
    return value && *value == '1';
}

bool second_step_set_policy(Database *database, bool on, GError **error)
{
    return setting_store_set(database, POLICY_SETTING, on ? "1" : "0", error);
}

bool second_step_for_alerts(Database *database)
{
    g_autofree char *value = setting_store_get(database, ALERTS_SETTING, NULL);
    return value && *value == '1';
}

bool second_step_set_for_alerts(Database *database, bool on, GError **error)
{
    return setting_store_set(database, ALERTS_SETTING, on ? "1" : "0", error);
}

bool second_step_is_missing(Database *database, const User *user)
{
    for (unsigned i = 0; !user->has_totp && i < user->grants->len; i++) {
        if (g_array_index(user->grants, UserGrant, i).role == ROLE_ADMINISTRATOR)
            return second_step_is_policy(database);
    }
    return false;
}
