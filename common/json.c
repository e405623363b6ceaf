/* jansson behind a strict door, and the small vocabulary with which the rest builds and reads
 * values.
 *
 * Nesting is measured before the parser runs: jansson recurses, and its own limit of 2048 levels is
 * more than a small stack on a station should have to carry. Everything the parser itself can
 * refuse (duplicate keys, bad UTF-8, NUL, numbers beyond 64 bits, trailing text) is left to it.
 * jansson has macros named json_is_object and json_is_array; ours are functions, so they go. */
#include "json.h"

#include <jansson.h>
#undef json_is_object
#undef json_is_array

#include <math.h>
#include <string.h>

#define PRINT_FLAGS (JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(15))

G_DEFINE_QUARK(json - error - quark, json_error)

/* Brackets inside strings do not count. What is not JSON at all is the parser's to refuse. */
static bool is_shallow(const char *text, size_t length)
{
    unsigned depth = 0;
    bool in_string = false;
    for (size_t i = 0; i < length; i++) {
        char c = text[i];
        if (in_string && c == '\\')
            i++;
        else if (c == '"')
            in_string = !in_string;
        else if (in_string)
            continue;
        else if ((c == '[' || c == '{') && ++depth > JSON_MAX_DEPTH)
            return false;
        else if ((c == ']' || c == '}') && depth > 0)
            depth--;
    }
    return true;
}

static int append_piece(const char *buffer, size_t size, void *data)
{
    g_string_append_len(data, buffer, (gssize)size);
    return 0;
}

static GString *print_string(const Json *value)
{
    GString *text = g_string_new(NULL);
    json_dump_callback(value, append_piece, text, PRINT_FLAGS);
    return text;
}

/* Text from a sensor or a file name may not be UTF-8; losing the member would be worse. */
static Json *new_text(const char *text)
{
    if (!text)
        return json_null();
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    return json_string(valid);
}

Json *json_parse(const char *text, size_t length, GError **error)
{
    json_error_t problem;
    if (!is_shallow(text, length)) {
        g_set_error(error, JSON_ERROR, JSON_ERROR_DEPTH, "JSON nested deeper than %d levels",
                    JSON_MAX_DEPTH);
        return NULL;
    }
    Json *value = json_loadb(text, length, JSON_REJECT_DUPLICATES, &problem);
    if (value)
        return value;
    bool duplicate = json_error_code(&problem) == json_error_duplicate_key;
    /* jansson quotes the input, which may be anything. */
    g_autofree char *reason = g_utf8_make_valid(problem.text, -1);
    g_set_error(error, JSON_ERROR, duplicate ? JSON_ERROR_DUPLICATE : JSON_ERROR_SYNTAX,
                "JSON line %d column %d: %s", problem.line, problem.column, reason);
    return NULL;
}

char *json_print(const Json *value, size_t *ret_length)
{
    GString *text = print_string(value);
    if (ret_length)
        *ret_length = text->len;
    return g_string_free(text, FALSE);
}

GBytes *json_print_bytes(const Json *value)
{
    return g_string_free_to_bytes(print_string(value));
}

Json *json_hold(Json *value)
{
    return json_incref(value);
}

void json_drop(Json *value)
{
    json_decref(value);
}

Json *json_new_object(void)
{
    return json_object();
}

Json *json_new_array(void)
{
    return json_array();
}

void json_set_text(Json *object, const char *key, const char *text)
{
    json_object_set_new(object, key, new_text(text));
}

void json_set_int(Json *object, const char *key, int64_t value)
{
    json_object_set_new(object, key, json_integer(value));
}

void json_set_real(Json *object, const char *key, double value)
{
    json_object_set_new(object, key, isfinite(value) ? json_real(value) : json_null());
}

void json_set_bool(Json *object, const char *key, bool value)
{
    json_object_set_new(object, key, json_boolean(value));
}

void json_set_null(Json *object, const char *key)
{
    json_object_set_new(object, key, json_null());
}

void json_set_take(Json *object, const char *key, Json *child)
{
    json_object_set_new(object, key, child ? child : json_null());
}

void json_append_take(Json *array, Json *child)
{
    json_array_append_new(array, child ? child : json_null());
}

void json_append_text(Json *array, const char *text)
{
    json_array_append_new(array, new_text(text));
}

void json_append_int(Json *array, int64_t value)
{
    json_array_append_new(array, json_integer(value));
}

Json *json_peek(const Json *object, const char *key)
{
    return json_object_get(object, key);
}

const char *json_peek_text(const Json *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

int64_t json_peek_int(const Json *object, const char *key, int64_t fallback)
{
    const Json *value = json_object_get(object, key);
    return json_is_integer(value) ? json_integer_value(value) : fallback;
}

double json_peek_real(const Json *object, const char *key, double fallback)
{
    const Json *value = json_object_get(object, key);
    return json_is_number(value) ? json_number_value(value) : fallback;
}

bool json_peek_bool(const Json *object, const char *key, bool fallback)
{
    const Json *value = json_object_get(object, key);
    return json_is_boolean(value) ? json_boolean_value(value) : fallback;
}

size_t json_length(const Json *array_or_object)
{
    return json_is_array(array_or_object) ? json_array_size(array_or_object)
                                          : json_object_size(array_or_object);
}

Json *json_at(const Json *array, size_t index)
{
    return json_array_get(array, index);
}

bool json_is_object(const Json *value)
{
    return value && json_typeof(value) == JSON_OBJECT;
}

bool json_is_array(const Json *value)
{
    return value && json_typeof(value) == JSON_ARRAY;
}

bool json_is_text(const Json *value)
{
    return value && json_typeof(value) == JSON_STRING;
}

bool json_is_nothing(const Json *value)
{
    return !value || json_typeof(value) == JSON_NULL;
}

const char *json_text(const Json *value)
{
    return json_string_value(value);
}

bool json_int(const Json *value, int64_t *ret_value)
{
    if (!json_is_integer(value))
        return false;
    *ret_value = json_integer_value(value);
    return true;
}

bool json_real_of(const Json *value, double *ret_value)
{
    if (!json_is_number(value))
        return false;
    *ret_value = json_number_value(value);
    return true;
}

bool json_bool(const Json *value, bool *ret_value)
{
    if (!json_is_boolean(value))
        return false;
    *ret_value = json_boolean_value(value);
    return true;
}

const char **json_keys(const Json *object)
{
    const char **keys = g_new0(const char *, json_object_size(object) + 1);
    size_t n = 0;
    /* The iterator functions take no const, and change nothing. */
    void *iter = json_object_iter((Json *)object);
    for (; iter; iter = json_object_iter_next((Json *)object, iter))
        keys[n++] = json_object_iter_key(iter);
    return keys;
}
