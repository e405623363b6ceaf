/* Key files read line by line, so that every complaint can name its line.
 *
 * The syntax is that of GLib's key files: [group], key=value, '#' comments, UTF-8. GKeyFile itself
 * forgets line numbers and lets a repeated key pass silently, and those two are what a technician
 * with a text editor needs. Values are plain text up to the end of the line, without escapes or
 * lists.
 *
 * Taking a key marks it as used and remembers its name as known; what was not taken is unknown. */
#include "base/config.h"

#include <gio/gio.h>
#include <string.h>

#include "base/atomic_file.h"

#define MAX_BYTES      (1 << 20)
#define FAR            4 /* edit distance from which a name is no longer a slip of the pen */
#define MAX_KEY_LENGTH 64

G_DEFINE_QUARK(config - error - quark, config_error)

typedef struct Entry {
    char *group;
    char *key;
    char *value;
    unsigned line;
    bool taken;
} Entry;

struct Config {
    char *name;
    GPtrArray *entries;  /* Entry*, in the order of the file */
    GHashTable *by_name; /* "group\nkey" -> Entry, borrowed */
    GHashTable *known;   /* "group\nkey" of everything that was asked for */
    GError *wrong;       /* the first value that was not in order */
    GError *missing;     /* the first key that must be there and is not */
};

static void entry_free(void *data)
{
    Entry *entry = data;
    g_free(entry->group);
    g_free(entry->key);
    g_free(entry->value);
    g_free(entry);
}

static char *full_name(const char *group, const char *key)
{
    return g_strconcat(group, "\n", key, NULL);
}

static bool fail_line(const Config *self, unsigned line, GError **error, const char *what)
{
    g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_INVALID, "%s:%u: %s", self->name, line, what);
    return false;
}

static bool add_entry(Config *self, const char *group, char *text, unsigned line, GError **error)
{
    char *equals = strchr(text, '=');
    if (!equals)
        return fail_line(self, line, error, "neither [group] nor key=value");
    if (!group)
        return fail_line(self, line, error, "a key before the first [group]");
    *equals = '\0';
    const char *key = g_strchomp(text);
    if (*key == '\0' || strlen(key) > MAX_KEY_LENGTH)
        return fail_line(self, line, error, "the name of the key is empty or too long");
    g_autofree char *name = full_name(group, key);
    const Entry *before = g_hash_table_lookup(self->by_name, name);
    if (before) {
        g_autofree char *what = g_strdup_printf("key \"%s\" in [%s] was already set in line %u",
                                                key, group, before->line);
        return fail_line(self, line, error, what);
    }
    Entry *entry = g_new0(Entry, 1);
    *entry = (Entry){.group = g_strdup(group),
                     .key = g_strdup(key),
                     .value = g_strdup(g_strchug(equals + 1)),
                     .line = line};
    g_ptr_array_add(self->entries, entry);
    g_hash_table_insert(self->by_name, g_steal_pointer(&name), entry);
    return true;
}

static bool read_line(Config *self, char *line, unsigned number, char **group, GError **error)
{
    char *text = g_strstrip(line);
    if (*text == '\0' || *text == '#')
        return true;
    if (*text != '[')
        return add_entry(self, *group, text, number, error);
    size_t length = strlen(text);
    if (length < 3 || text[length - 1] != ']' || strcspn(text + 1, "[]") != length - 2)
        return fail_line(self, number, error, "a group is written [name]");
    g_free(*group);
    *group = g_strndup(text + 1, length - 2);
    return true;
}

static bool read_lines(Config *self, const char *text, GError **error)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_autofree char *group = NULL;
    for (unsigned i = 0; lines[i]; i++)
        if (!read_line(self, lines[i], i + 1, &group, error))
            return false;
    return true;
}

static void note_wrong(Config *self, const Entry *entry, const char *wanted)
{
    if (self->wrong)
        return;
    self->wrong =
        g_error_new(CONFIG_ERROR, CONFIG_ERROR_INVALID,
                    "%s:%u: \"%s\" is no value for \"%s\" in [%s]: %s is wanted", self->name,
                    entry->line, entry->value, entry->key, entry->group, wanted);
}

static Entry *take(Config *self, const char *group, const char *key)
{
    g_autofree char *name = full_name(group, key);
    Entry *entry = g_hash_table_lookup(self->by_name, name);
    g_hash_table_add(self->known, g_steal_pointer(&name));
    if (entry)
        entry->taken = true;
    return entry;
}

/* Levenshtein's distance by the two-row algorithm (Wagner and Fischer, 1974). */
static unsigned edit_distance(const char *a, const char *b)
{
    unsigned row[MAX_KEY_LENGTH + 1];
    size_t length = strlen(b);
    if (length > MAX_KEY_LENGTH)
        return FAR;
    for (unsigned j = 0; j <= length; j++)
        row[j] = j;
    for (unsigned i = 0; a[i]; i++) {
        unsigned diagonal = row[0];
        row[0] = i + 1;
        for (unsigned j = 0; j < length; j++) {
            unsigned substitute = diagonal + (a[i] != b[j]);
            diagonal = row[j + 1];
            row[j + 1] = MIN(substitute, MIN(row[j], row[j + 1]) + 1);
        }
    }
    return row[length];
}

/* The nearest known key of the group; borrowed. Half of a short word is no slip any more. */
static const char *nearest_key(const Config *self, const Entry *entry)
{
    GHashTableIter iter;
    gpointer name;
    const char *best = NULL;
    unsigned limit = MIN(FAR, (unsigned)strlen(entry->key) / 2 + 1);
    size_t prefix = strlen(entry->group);
    g_hash_table_iter_init(&iter, self->known);
    while (g_hash_table_iter_next(&iter, &name, NULL)) {
        if (strncmp(name, entry->group, prefix) != 0 || ((char *)name)[prefix] != '\n')
            continue;
        const char *key = (char *)name + prefix + 1;
        unsigned distance = edit_distance(entry->key, key);
        if (distance > limit || (distance == limit && (!best || strcmp(key, best) >= 0)))
            continue; /* of two equally near the first in the alphabet, not in the hash table */
        best = key;
        limit = distance;
    }
    return best;
}

static void describe_unknown(const Config *self, const Entry *entry, GString *text)
{
    const char *nearest = nearest_key(self, entry);
    g_string_append_printf(text, "%s%s:%u: unknown key \"%s\" in [%s]", text->len ? "\n" : "",
                           self->name, entry->line, entry->key, entry->group);
    if (nearest)
        g_string_append_printf(text, "; did you mean \"%s\"?", nearest);
}

Config *config_load(const char *path, GError **error)
{
    g_autoptr(GBytes) bytes = atomic_file_read(path, MAX_BYTES, error);
    if (!bytes)
        return NULL;
    gsize length;
    const char *data = g_bytes_get_data(bytes, &length);
    if (length > 0 && memchr(data, '\0', length)) {
        g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_INVALID, "%s: not a text file", path);
        return NULL;
    }
    g_autofree char *text = g_strndup(data ? data : "", length); /* an empty file has no data */
    return config_parse(text, path, error);
}

Config *config_parse(const char *text, const char *name, GError **error)
{
    if (!g_utf8_validate(text, -1, NULL)) {
        g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_INVALID, "%s: not UTF-8 text", name);
        return NULL;
    }
    g_autoptr(Config) self = g_new0(Config, 1);
    self->name = g_strdup(name);
    self->entries = g_ptr_array_new_with_free_func(entry_free);
    self->by_name = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    self->known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    if (!read_lines(self, text, error))
        return NULL;
    return g_steal_pointer(&self);
}

void config_free(Config *self)
{
    if (!self)
        return;
    g_free(self->name);
    g_clear_pointer(&self->by_name, g_hash_table_unref);
    g_clear_pointer(&self->known, g_hash_table_unref);
    g_clear_pointer(&self->entries, g_ptr_array_unref);
    g_clear_error(&self->wrong);
    g_clear_error(&self->missing);
    g_free(self);
}

char *config_take_string(Config *self, const char *group, const char *key, const char *fallback)
{
    const Entry *entry = take(self, group, key);
    if (entry)
        return g_strdup(entry->value);
    if (!fallback && !self->missing)
        self->missing = g_error_new(CONFIG_ERROR, CONFIG_ERROR_INVALID,
                                    "%s: key \"%s\" in [%s] is missing", self->name, key, group);
    return g_strdup(fallback ? fallback : "");
}

int64_t config_take_int(Config *self, const char *group, const char *key, int64_t fallback,
                        int64_t min, int64_t max)
{
    const Entry *entry = take(self, group, key);
    gint64 value;
    if (!entry)
        return fallback;
    if (g_ascii_string_to_signed(entry->value, 10, min, max, &value, NULL))
        return value;
    g_autofree char *wanted =
        g_strdup_printf("a whole number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, min, max);
    note_wrong(self, entry, wanted);
    return fallback;
}

bool config_take_bool(Config *self, const char *group, const char *key, bool fallback)
{
    const Entry *entry = take(self, group, key);
    if (!entry)
        return fallback;
    if (strcmp(entry->value, "true") == 0)
        return true;
    if (strcmp(entry->value, "false") == 0)
        return false;
    note_wrong(self, entry, "true or false");
    return fallback;
}

bool config_finish(Config *self, GError **error)
{
    /* Unknown before missing: a misspelt key is both, and its line is what helps. */
    if (self->wrong) {
        g_propagate_error(error, g_error_copy(self->wrong));
        return false;
    }
    g_autoptr(GString) unknown = g_string_new(NULL);
    for (unsigned i = 0; i < self->entries->len; i++) {
        const Entry *entry = g_ptr_array_index(self->entries, i);
        if (!entry->taken)
            describe_unknown(self, entry, unknown);
    }
    if (unknown->len) {
        g_set_error_literal(error, CONFIG_ERROR, CONFIG_ERROR_INVALID, unknown->str);
        return false;
    }
    if (self->missing) {
        g_propagate_error(error, g_error_copy(self->missing));
        return false;
    }
    return true;
}
