/* Accounts and their grants. */
#pragma once

#include "access/access.h"

#define USER_LOGIN_MAX    64 /* characters */
#define USER_NAME_MAX     100
#define USER_PHONE_MAX    30
#define USER_PASSWORD_MIN 8
#define USER_PASSWORD_MAX 200
#define USER_GRANTS_MAX   50

/* NULL without error when there is none. Disabled accounts are found by id only. */
User *user_store_get(Database *database, const char *id, GError **error);
/* `login` in any case; `ret_hash` is the password's PHC string. */
User *user_store_by_login(Database *database, const char *login, char **ret_hash, GError **error);
/* Elements are User*, by name, disabled ones last. */
GPtrArray *user_store_list(Database *database, GError **error);
/* Adds the account and its grants; `user->id` must be set. */
bool user_store_add(Database *database, const User *user, const char *password_hash, int64_t now_us,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Name, phone and language. */
bool user_store_set_person(Database *database, const User *user,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Those of `user` instead of what there was. */
bool user_store_set_grants(Database *database, const User *user,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* `since_us` 0: not disabled. */
bool user_store_set_disabled(Database *database, const char *id, int64_t since_us,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The PHC string; NULL without error when there is no such account. */
char *user_store_password(Database *database, const char *id, GError **error);
bool user_store_set_password(Database *database, const char *id, const char *hash, bool must_change,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Is there somebody, not disabled, who administers the area above all others? */
bool user_store_has_administrator(Database *database, bool *ret_has,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Puts `text` in the place of `*place`: NULL leaves it, "" clears it. */
void user_store_put_text(char **place, const char *text);
bool user_store_is_empty(Database *database, bool *ret_empty,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Ids from the top, "/a1/b2/": all that rights need to know of an area. NULL when there is none. */
char *user_store_area_path(Database *database, const char *area);

Language language_from_word(const char *word);
const char *language_word(Language language);
