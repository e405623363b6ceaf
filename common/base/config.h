/* Configuration from a key file, where a key that nobody reads is an error.
 *
 * Each part takes the keys it knows; config_finish() then names every key that is left, with its
 * line and the nearest known key, so that a slip of the pen never passes silently. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct Config Config;

Config *config_load(const char *path, GError **error);
/* From text, for tests and command lines; `name` is what errors call it. */
Config *config_parse(const char *text, const char *name, GError **error);
void config_free(Config *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Config, config_free)

/* Take a key of a group. `fallback` when absent; NULL for a string that must be there ("" is given
 * out when it is not). Mistakes are kept and reported by config_finish(), so that callers read
 * straight through. A bool is written true or false. */
char *config_take_string(Config *self, const char *group, const char *key, const char *fallback);
int64_t config_take_int(Config *self, const char *group, const char *key, int64_t fallback,
                        int64_t min, int64_t max);
/* The number of one of `words` (NULL at their end). */
unsigned config_take_choice(Config *self, const char *group, const char *key, unsigned fallback,
                            const char *const *words);
/* A full path; empty only where the fallback is. */
char *config_take_path(Config *self, const char *group, const char *key, const char *fallback);
bool config_take_bool(Config *self, const char *group, const char *key, bool fallback);

/* For what only the caller can judge: the value, if there is one, is not `wanted`. */
void config_refuse(Config *self, const char *group, const char *key, const char *wanted);

/* True when every key was known and every value in order. Errors read "file:line: ...";
 * several mistakes are one error with a line each, and each says what would be right. */
bool config_finish(Config *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef enum { CONFIG_ERROR_INVALID } ConfigError;
#define CONFIG_ERROR (config_error_quark())
GQuark config_error_quark(void);
