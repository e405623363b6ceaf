/* Second steps in rows: secrets, recovery codes, and the ticket between the two steps of a log-in.
 */
#pragma once

#include "access/totp.h"
#include "db/database.h"

#define RECOVERY_CODES     10
#define LOGIN_TICKET_CHARS 64
#define LOGIN_TICKET_US    (5LL * 60 * G_USEC_PER_SEC)

/* `ret_has` false: none. */
bool totp_store_get(Database *database, const char *user, TotpSecret *ret_secret,
                    int64_t *ret_last_step, bool *ret_has,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool totp_store_set_pending(Database *database, const char *user, const TotpSecret *secret,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool totp_store_get_pending(Database *database, const char *user, TotpSecret *ret_secret,
                            bool *ret_has, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The pending secret was proven by the code of `step`. */
bool totp_store_confirm(Database *database, const char *user, int64_t step,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* `ret_used` false: somebody was faster with this step or a later one. */
bool totp_store_use_step(Database *database, const char *user, int64_t step, bool *ret_used,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* No second step any more; recovery codes go too. */
bool totp_store_remove(Database *database, const char *user,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Fresh codes instead of the old ones; `ret_codes` is to be shown once. */
bool recovery_store_renew(Database *database, const char *user, char ***ret_codes,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* As typed, with or without dashes. Each works once. */
bool recovery_store_use(Database *database, const char *user, const char *code, bool *ret_used,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool recovery_store_count(Database *database, const char *user, unsigned *ret_left,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

bool ticket_store_add(Database *database, const char *user, int64_t now_us, char **ret_ticket,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* NULL without error: unknown or over. g_free(). */
char *ticket_store_user(Database *database, const char *ticket, int64_t now_us, GError **error);
bool ticket_store_remove_of(Database *database, const char *user,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool ticket_store_sweep(Database *database, int64_t now_us,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
