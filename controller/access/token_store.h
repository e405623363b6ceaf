/* Tokens of programs: like sessions, only their SHA-256 is kept. */
#pragma once

#include "access/access.h"

#define TOKEN_NAME_MAX 100
#define TOKENS_MAX     50 /* for one person */
#define TOKEN_PREFIX   "loa_"
#define TOKEN_CHARS    (sizeof(TOKEN_PREFIX) - 1 + 64)

typedef struct Token {
    char *id;
    char *user;
    char *name;
    unsigned verbs; /* bit set of Verb */
    int64_t created_us;
    int64_t expires_us; /* 0 = never */
    int64_t used_us;    /* 0 = not yet; up to SESSION_TOUCH_US stale */
    char *used_remote;
    char *
        calendar; /* id of the area whose calendar it reads, and nothing else; NULL = a program's */
} Token;

void token_free(Token *token);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Token, token_free)

/* Gives it its id, once its user and calendar are known. Of the same Idempotency-Key it is the
 * same, so that the repeat after a lost answer means the same token; `key` NULL: one of its own. */
void token_set_id(Token *token, const char *key);
/* `ret_secret` is what the program sends; it cannot be asked for again. Takes the place of one of
 * the same id and user: whoever asks again has not seen its secret. */
bool token_store_add(Database *database, const Token *token, char **ret_secret,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* NULL without error: unknown or over. Notes the use. */
Token *token_store_find_calendar(Database *database, const char *secret, const char *remote,
                                 int64_t now_us, GError **error);
/* The same for those of programs. */
Token *token_store_find(Database *database, const char *secret, const char *remote, int64_t now_us,
                        GError **error);
/* Elements are Token*, newest first; those that are over are among them. `calendars`: those that
 * read one, else those of programs. */
GPtrArray *token_store_list(Database *database, const char *user, bool calendars, GError **error);
/* Of the same user and kind. */
bool token_store_count_others(Database *database, const Token *token, unsigned *ret_count,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* `ret_removed` false: this person has no such token of that kind. */
bool token_store_remove(Database *database, const Token *token, bool *ret_removed,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool token_store_remove_all(Database *database, const char *user,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
