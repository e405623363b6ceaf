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
 * out when it is not). The first mistake is kept and reported by config_finish(), so that callers
 * read straight through. A bool is written true or false. */
char *config_take_string(Config *self, const char *group, const char *key, const char *fallback);
int64_t config_take_int(Config *self, const char *group, const char *key, int64_t fallback,
                        int64_t min, int64_t max);
bool config_take_bool(Config *self, const char *group, const char *key, bool fallback);

/* True when every key was known and every value in order. Errors read "file:line: ...";
 * several unknown keys are one error with a line each. */
bool config_finish(Config *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef enum { CONFIG_ERROR_INVALID } ConfigError;
#define CONFIG_ERROR (config_error_quark())
GQuark config_error_quark(void);
