/* A form walks through one object for a handler and keeps the list of everything that is wrong with
 * it, so that a person gets all mistakes at once, each beside its field.
 *
 * One root owns the list, every sub-form and every converted text; sub-forms only know their
 * object, their pointer and which members were asked for. A form over nothing (a required object
 * that is missing, or of another type) has been complained about already: it stays silent and
 * answers with fallbacks. The list is capped, because the outside decides how many mistakes there
 * are. */
#include "json.h"

#include <string.h>

#include "base/base64.h"
#include "base/clock.h"

#define MAX_ERRORS 64

struct JsonForm {
    JsonForm *root;
    const Json *object; /* NULL: silent */
    char *pointer;
    GHashTable *seen;
    /* of the root only */
    GPtrArray *errors; /* FormError* */
    GPtrArray *forms;  /* JsonForm*, every sub-form */
    GPtrArray *texts;
    GPtrArray *bytes;
};

static void form_error_free(void *data)
{
    FormError *error = data;
    g_free(error->pointer);
    g_free(error->bound);
    g_free(error);
}

static void form_free(void *data)
{
    JsonForm *form = data;
    g_clear_pointer(&form->forms, g_ptr_array_unref);
    g_clear_pointer(&form->errors, g_ptr_array_unref);
    g_clear_pointer(&form->texts, g_ptr_array_unref);
    g_clear_pointer(&form->bytes, g_ptr_array_unref);
    g_clear_pointer(&form->seen, g_hash_table_unref);
    g_free(form->pointer);
    g_free(form);
}

static JsonForm *form_new(JsonForm *root, const Json *object, char *take_pointer)
{
    JsonForm *form = g_new0(JsonForm, 1);
    form->root = root ? root : form;
    form->object = json_is_object(object) ? object : NULL;
    form->pointer = take_pointer;
    form->seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    if (root)
        g_ptr_array_add(root->forms, form);
    return form;
}

/* RFC 6901: '~' and '/' inside a name become "~0" and "~1". */
static char *pointer_of(const JsonForm *self, const char *key)
{
    if (!key)
        return g_strdup(self->pointer);
    GString *pointer = g_string_new(self->pointer);
    g_string_append_c(pointer, '/');
    for (; *key; key++) {
        if (*key == '~')
            g_string_append(pointer, "~0");
        else if (*key == '/')
            g_string_append(pointer, "~1");
        else
            g_string_append_c(pointer, *key);
    }
    return g_string_free(pointer, FALSE);
}

static char *pointer_of_element(const JsonForm *self, const char *key, size_t index)
{
    g_autofree char *array = pointer_of(self, key);
    return g_strdup_printf("%s/%zu", array, index);
}

/* One mistake per place: what follows from the first would only confuse. */
static void add_error(JsonForm *self, char *take_pointer, FormFault fault, const char *bound)
{
    g_autofree char *pointer = take_pointer;
    GPtrArray *errors = self->root->errors;
    if (errors->len >= MAX_ERRORS)
        return;
    for (unsigned i = 0; i < errors->len; i++)
        if (strcmp(((FormError *)g_ptr_array_index(errors, i))->pointer, pointer) == 0)
            return;
    FormError *error = g_new0(FormError, 1);
    *error = (FormError){g_steal_pointer(&pointer), fault, g_strdup(bound)};
    g_ptr_array_add(errors, error);
}

static void fault_limit(JsonForm *self, const char *key, FormFault fault, int64_t limit)
{
    char bound[24];
    g_snprintf(bound, sizeof bound, "%" G_GINT64_FORMAT, limit);
    json_form_fault(self, key, fault, bound);
}

/* Both ends are named: "not more than 200" does not help somebody who then writes nothing at all.
 */
static void fault_range(JsonForm *self, const char *key, int64_t min, int64_t max)
{
    char bound[48];
    if (max == G_MAXINT64)
        g_snprintf(bound, sizeof bound, "≥ %" G_GINT64_FORMAT, min);
    else
        g_snprintf(bound, sizeof bound, "%" G_GINT64_FORMAT "..%" G_GINT64_FORMAT, min, max);
    json_form_fault(self, key, FORM_RANGE, bound);
}

/* The member, marked as known; NULL when it is absent or null, which is a mistake if required. */
static const Json *look(JsonForm *self, const char *key, bool required)
{
    if (!self || !self->object)
        return NULL;
    g_hash_table_add(self->seen, g_strdup(key));
    const Json *value = json_peek(self->object, key);
    if (!json_is_nothing(value))
        return value;
    if (required)
        json_form_fault(self, key, FORM_MISSING, NULL);
    return NULL;
}

static const char *look_text(JsonForm *self, const char *key, bool required)
{
    const Json *value = look(self, key, required);
    if (value && !json_is_text(value))
        json_form_fault(self, key, FORM_TYPE, "text");
    return json_text(value);
}

static JsonForm *find_form(const JsonForm *root, const char *pointer)
{
    for (unsigned i = 0; i < root->forms->len; i++) {
        JsonForm *form = g_ptr_array_index(root->forms, i);
        if (strcmp(form->pointer, pointer) == 0)
            return form;
    }
    return NULL;
}

static JsonForm *form_at(JsonForm *self, const Json *value, char *take_pointer)
{
    JsonForm *known = find_form(self->root, take_pointer);
    if (known) {
        g_free(take_pointer);
        return known;
    }
    if (value && !json_is_object(value))
        add_error(self, g_strdup(take_pointer), FORM_TYPE, "object");
    return form_new(self->root, value, take_pointer);
}

static void report_unknown(JsonForm *self)
{
    if (!self->object)
        return;
    g_autofree const char **keys = json_keys(self->object);
    for (size_t i = 0; keys[i]; i++)
        if (g_hash_table_add(self->seen, g_strdup(keys[i])))
            json_form_fault(self, keys[i], FORM_UNKNOWN, NULL);
}

JsonForm *json_form_new(const Json *object, const char *pointer)
{
    JsonForm *form = form_new(NULL, object, g_strdup(pointer ? pointer : ""));
    form->errors = g_ptr_array_new_with_free_func(form_error_free);
    form->forms = g_ptr_array_new_with_free_func(form_free);
    form->texts = g_ptr_array_new_with_free_func(g_free);
    form->bytes = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    if (!form->object)
        add_error(form, g_strdup(form->pointer), FORM_TYPE, "object");
    return form;
}

JsonForm *json_form_child(JsonForm *self, const char *key, bool required)
{
    const Json *value = look(self, key, required);
    if (!self || (!value && !required))
        return NULL;
    return form_at(self, value, pointer_of(self, key));
}

JsonForm *json_form_element(JsonForm *self, const char *key, size_t index)
{
    if (!self)
        return NULL;
    const Json *array = look(self, key, false);
    const Json *element = json_is_array(array) ? json_at(array, index) : NULL;
    return form_at(self, element, pointer_of_element(self, key, index));
}

void json_form_free(JsonForm *self)
{
    if (!self)
        return;
    g_return_if_fail(self->root == self);
    form_free(self);
}

const char *json_form_text(JsonForm *self, const char *key, bool required, size_t min, size_t max)
{
    const char *text = look_text(self, key, required);
    if (!text)
        return required ? "" : NULL;
    char *composed = g_utf8_normalize(text, -1, G_NORMALIZE_NFC);
    g_ptr_array_add(self->root->texts, composed);
    size_t length = (size_t)g_utf8_strlen(composed, -1);
    if (length < min)
        fault_limit(self, key, FORM_TOO_SHORT, (int64_t)min);
    else if (length > max)
        fault_limit(self, key, FORM_TOO_LONG, (int64_t)max);
    else
        return composed;
    return required ? "" : NULL;
}

int64_t json_form_int(JsonForm *self, const char *key, bool required, int64_t min, int64_t max,
                      int64_t fallback)
{
    int64_t number;
    const Json *value = look(self, key, required);
    if (!value)
        return fallback;
    if (!json_int(value, &number))
        json_form_fault(self, key, FORM_TYPE, "integer");
    else if (number < min || number > max)
        fault_range(self, key, min, max);
    else
        return number;
    return fallback;
}

bool json_form_bool(JsonForm *self, const char *key, bool required, bool fallback)
{
    bool flag = fallback;
    const Json *value = look(self, key, required);
    if (value && !json_bool(value, &flag))
        json_form_fault(self, key, FORM_TYPE, "boolean");
    return flag;
}

double json_form_real(JsonForm *self, const char *key, bool required, double fallback)
{
    double number = fallback;
    const Json *value = look(self, key, required);
    if (value && !json_real_of(value, &number))
        json_form_fault(self, key, FORM_TYPE, "number");
    return number;
}

int json_form_choice(JsonForm *self, const char *key, bool required, const char *const *words,
                     int fallback)
{
    const char *text = look_text(self, key, required);
    if (!text)
        return fallback;
    for (int i = 0; words[i]; i++)
        if (strcmp(text, words[i]) == 0)
            return i;
    g_autofree char *allowed = g_strjoinv(", ", (char **)words);
    json_form_fault(self, key, FORM_CHOICE, allowed);
    return fallback;
}

int64_t json_form_time(JsonForm *self, const char *key, bool required, int64_t fallback)
{
    int64_t wall_us = fallback;
    const char *text = look_text(self, key, required);
    if (text && !clock_parse_rfc3339(text, &wall_us, NULL))
        json_form_fault(self, key, FORM_FORMAT, NULL);
    return wall_us;
}

const char *json_form_hex(JsonForm *self, const char *key, bool required, size_t length)
{
    const char *text = look_text(self, key, required);
    if (text && strlen(text) == length && strspn(text, "0123456789abcdef") == length)
        return text;
    if (text)
        fault_limit(self, key, FORM_FORMAT, (int64_t)length);
    return required ? "" : NULL;
}

GBytes *json_form_base64(JsonForm *self, const char *key, bool required, size_t max)
{
    const char *text = look_text(self, key, required);
    if (!text)
        return NULL;
    if (strlen(text) / 4 > max / 3 + 1) {
        fault_limit(self, key, FORM_TOO_LONG, (int64_t)max);
        return NULL;
    }
    GBytes *bytes = base64_decode(text, SIZE_MAX);
    if (!bytes) {
        json_form_fault(self, key, FORM_FORMAT, NULL);
        return NULL;
    }
    g_ptr_array_add(self->root->bytes, bytes);
    if (g_bytes_get_size(bytes) <= max)
        return bytes;
    fault_limit(self, key, FORM_TOO_LONG, (int64_t)max);
    return NULL;
}

const Json *json_form_array(JsonForm *self, const char *key, bool required, size_t max)
{
    const Json *value = look(self, key, required);
    if (!value)
        return NULL;
    if (!json_is_array(value))
        json_form_fault(self, key, FORM_TYPE, "array");
    else if (json_length(value) > max)
        fault_limit(self, key, FORM_TOO_LONG, (int64_t)max);
    else
        return value;
    return NULL;
}

const Json *json_form_any(JsonForm *self, const char *key)
{
    look(self, key, false);
    return self && self->object ? json_peek(self->object, key) : NULL;
}

void json_form_fault(JsonForm *self, const char *key, FormFault fault, const char *bound)
{
    if (self && self->object)
        add_error(self, pointer_of(self, key), fault, bound);
}

bool json_form_ok(JsonForm *self, bool strict)
{
    JsonForm *root = self->root;
    if (strict) {
        report_unknown(root);
        for (unsigned i = 0; i < root->forms->len; i++)
            report_unknown(g_ptr_array_index(root->forms, i));
    }
    return root->errors->len == 0;
}

GPtrArray *json_form_errors(JsonForm *self)
{
    return self->root->errors;
}

bool json_form_finish(JsonForm *self, bool strict, GError **error)
{
    static const char *const faults[] = {"is missing",      "is of the wrong type",
                                         "is too short",    "is too long",
                                         "is out of range", "is not one of the allowed words",
                                         "cannot be read",  "is unknown"};
    if (json_form_ok(self, strict))
        return true;
    const FormError *first = g_ptr_array_index(self->root->errors, 0);
    g_set_error(error, JSON_ERROR, JSON_ERROR_FORM, "\"%s\" %s%s%s%s", first->pointer,
                faults[first->fault], first->bound ? " (" : "", first->bound ? first->bound : "",
                first->bound ? ")" : "");
    return false;
}
