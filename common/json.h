/* JSON from outside and to outside: strict parsing, forms that collect every mistake, printing.
 *
 * The one file that includes jansson is json.c. Parsing refuses duplicate keys, text that is not
 * UTF-8, NUL in strings, anything after the value, and nesting deeper than JSON_MAX_DEPTH (checked
 * before the parser sees it, so 100,000 brackets cost one scan and no memory). */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define JSON_MAX_DEPTH 32

typedef struct json_t Json;

typedef enum {
    JSON_ERROR_SYNTAX,
    JSON_ERROR_DEPTH,
    JSON_ERROR_DUPLICATE,
    JSON_ERROR_FORM, /* a document of the wrong shape; the message names the first pointer */
} JsonError;
#define JSON_ERROR (json_error_quark())
GQuark json_error_quark(void);

Json *json_parse(const char *text, size_t length, GError **error);
/* Compact UTF-8, keys in insertion order; the bytes that get signed or sent. Reals have 15 digits.
 */
char *json_print(const Json *value, size_t *ret_length);
GBytes *json_print_bytes(const Json *value);
Json *json_hold(Json *value); /* one more reference; returns value */
void json_drop(Json *value);  /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Json, json_drop)

/* Building. NULL text or child becomes null, bytes that are not UTF-8 become U+FFFD. `take` means
 * the child now belongs to the parent. */
Json *json_new_object(void);
Json *json_new_array(void);
void json_set_text(Json *object, const char *key, const char *text);
void json_set_int(Json *object, const char *key, int64_t value);
void json_set_real(Json *object, const char *key, double value); /* not finite becomes null */
void json_set_bool(Json *object, const char *key, bool value);
void json_set_null(Json *object, const char *key);
void json_set_take(Json *object, const char *key, Json *child);
void json_append_take(Json *array, Json *child);
void json_append_text(Json *array, const char *text);
void json_append_int(Json *array, int64_t value);

/* Looking, without judging: absent or of another type gives NULL / the fallback. */
Json *json_peek(const Json *object, const char *key);
const char *json_peek_text(const Json *object, const char *key);
int64_t json_peek_int(const Json *object, const char *key, int64_t fallback);
double json_peek_real(const Json *object, const char *key,
                      double fallback); /* takes integers too */
bool json_peek_bool(const Json *object, const char *key, bool fallback);
size_t json_length(const Json *array_or_object);
Json *json_at(const Json *array, size_t index);
bool json_is_object(const Json *value);
bool json_is_array(const Json *value);
bool json_is_text(const Json *value);
const char *json_text(const Json *value); /* of a string value itself, else NULL */
bool json_is_nothing(const Json *value);  /* NULL or null */
bool json_int(const Json *value, int64_t *ret_value);
bool json_bool(const Json *value, bool *ret_value);
bool json_real_of(const Json *value, double *ret_value); /* takes integers too */
/* Keys of an object in insertion order; NULL-terminated, owned by caller, strings borrowed. */
const char **json_keys(const Json *object);

/* A form reads one object, collects every mistake with its JSON pointer (RFC 6901), and hands out
 * harmless values meanwhile, so that a handler reads straight through and asks once at the end.
 *
 * A member that is null counts as absent. Absent or wrong gives the fallback; for texts NULL where
 * optional and "" where required. Only the first mistake of a pointer is kept, and 64 in all. */
typedef enum {
    FORM_MISSING,
    FORM_TYPE,
    FORM_TOO_SHORT,
    FORM_TOO_LONG,
    FORM_RANGE,
    FORM_CHOICE,  /* not one of the allowed words */
    FORM_FORMAT,  /* a time, an id, a base64 text that cannot be read */
    FORM_UNKNOWN, /* a member nobody reads */
} FormFault;

typedef struct FormError {
    char *pointer;
    FormFault fault;
    char *bound; /* the limit that was passed, "min..max", or the words allowed; or NULL */
} FormError;

typedef struct JsonForm JsonForm;

/* `object` is borrowed and may be NULL or no object (then FORM_TYPE at `pointer`). */
JsonForm *json_form_new(const Json *object, const char *pointer);
/* A form over a member; its errors go to the parent's list. Owned by the parent. NULL only where an
 * optional member is absent; every json_form function takes NULL and then answers "absent", except
 * json_form_ok(), _errors() and _finish(). */
JsonForm *json_form_child(JsonForm *self, const char *key, bool required);
/* A form over element `index` of an array member that json_form_array() returned. */
JsonForm *json_form_element(JsonForm *self, const char *key, size_t index);
void json_form_free(JsonForm *self); /* the root only */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(JsonForm, json_form_free)

/* Text is trimmed at neither end and counted in characters; it is normalised to NFC. Borrowed. */
const char *json_form_text(JsonForm *self, const char *key, bool required, size_t min, size_t max);
int64_t json_form_int(JsonForm *self, const char *key, bool required, int64_t min, int64_t max,
                      int64_t fallback);
bool json_form_bool(JsonForm *self, const char *key, bool required, bool fallback);
double json_form_real(JsonForm *self, const char *key, bool required, double fallback);
/* Index of the text in the NULL-terminated `words`, or `fallback`. */
int json_form_choice(JsonForm *self, const char *key, bool required, const char *const *words,
                     int fallback);
/* RFC 3339 with offset -> µs. */
int64_t json_form_time(JsonForm *self, const char *key, bool required, int64_t fallback);
/* Lower-case hexadecimal of exactly `length` characters. Borrowed. */
const char *json_form_hex(JsonForm *self, const char *key, bool required, size_t length);
/* Standard base64 -> bytes (owned by the form), at most `max`. NULL when absent or wrong. */
GBytes *json_form_base64(JsonForm *self, const char *key, bool required, size_t max);
/* The array (borrowed) with at most `max` elements, or NULL. */
const Json *json_form_array(JsonForm *self, const char *key, bool required, size_t max);
/* Marks a member as known without reading it; returns it (borrowed) or NULL. */
const Json *json_form_any(JsonForm *self, const char *key);
/* Adds a mistake found by the caller. `key` NULL: the object itself. */
void json_form_fault(JsonForm *self, const char *key, FormFault fault, const char *bound);

/* True when nothing is wrong. `strict`: members that nobody read are mistakes as well. */
bool json_form_ok(JsonForm *self, bool strict);
/* FormError*, in the order found; borrowed. */
GPtrArray *json_form_errors(JsonForm *self);
/* json_form_ok(), with the first mistake as a JSON_ERROR_FORM. For signed documents. */
bool json_form_finish(JsonForm *self, bool strict, GError **error) G_GNUC_WARN_UNUSED_RESULT;
