/* Key files read line by line, so that every complaint can name its line.
 *
 * The syntax is that of GLib's key files: [group], key=value, '#' comments, UTF-8. GKeyFile itself
 * forgets line numbers and lets a repeated key pass silently, and those two are what a technician
 * with a text editor needs. Values are plain text up to the end of the line, without escapes or
 * lists.
 *
 * Taking a key marks it as used and remembers its name as known; what was not taken is unknown.
 * Each complaint says what would be right, as far as that can be guessed. */
#include "base/config.h"

#include <gio/gio.h>
#include <string.h>

#include "base/atomic_file.h"
#include "base/nearest.h"

#define MAX_BYTES      (1 << 20)
#define MAX_KEY_LENGTH 64

G_DEFINE_QUARK(config - error - quark, config_error)

typedef struct Entry {
    char *group;
    char *key; /* NULL: the line [group] itself */
    char *value;
    unsigned line;
    bool taken;
} Entry;

typedef struct Problem {
    unsigned line;
    char *text;
} Problem;

struct Config {
    char *name;
    GPtrArray *entries;  /* Entry*, in the order of the file */
    GHashTable *by_name; /* "group\nkey" -> Entry, borrowed */
    GHashTable *known;   /* "group\nkey" of everything that was asked for */
    GPtrArray *wrong;    /* Problem*, values that are not in order */
    GPtrArray *missing;  /* Problem*, keys that must be there and are not */
    unsigned lines;
};

static void entry_free(void *data)
{
    Entry *entry = data;
    g_free(entry->group);
    g_free(entry->key);
    g_free(entry->value);
    g_free(entry);
}

static void problem_free(void *data)
{
    Problem *problem = data;
    g_free(problem->text);
    g_free(problem);
}

G_GNUC_PRINTF(3, 4)
static void note(GPtrArray *problems, unsigned line, const char *format, ...)
{
    va_list words;
    va_start(words, format);
    Problem *problem = g_new0(Problem, 1);
    *problem = (Problem){.line = line, .text = g_strdup_vprintf(format, words)};
    va_end(words);
    g_ptr_array_add(problems, problem);
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
    if (*text == ';' || g_str_has_prefix(text, "//"))
        return fail_line(self, line, error, "a comment begins with #");
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
    Entry *entry = g_new0(Entry, 1);
    *entry = (Entry){.group = g_strdup(*group), .line = number};
    g_ptr_array_add(self->entries, entry);
    return true;
}

static bool read_lines(Config *self, const char *text, GError **error)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_autofree char *group = NULL;
    for (unsigned i = 0; lines[i]; i++) {
        self->lines = *lines[i] ? i + 1 : self->lines;
        if (!read_line(self, lines[i], i + 1, &group, error))
            return false;
    }
    return true;
}

static void note_wrong(Config *self, const Entry *entry, const char *wanted)
{
    note(self->wrong, entry->line, "\"%s\" is no value for \"%s\" in [%s]: %s is wanted",
         entry->value, entry->key, entry->group, wanted);
}

static void note_missing(Config *self, const char *group, const char *key)
{
    unsigned line = MAX(self->lines, 1);
    for (unsigned i = self->entries->len; i > 0; i--) {
        const Entry *entry = g_ptr_array_index(self->entries, i - 1);
        if (!entry->key && strcmp(entry->group, group) == 0)
            line = entry->line;
    }
    note(self->missing, line, "key \"%s\" in [%s] is missing; write %s=... below [%s]", key, group,
         key, group);
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

static int alphabetical(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The known keys of a group, or (NULL) the known groups; in the order of the alphabet. */
static GPtrArray *known_words(const Config *self, const char *group)
{
    GPtrArray *words = g_ptr_array_new_with_free_func(g_free);
    GHashTableIter iter;
    gpointer name;
    g_hash_table_iter_init(&iter, self->known);
    while (g_hash_table_iter_next(&iter, &name, NULL)) {
        const char *end = strchr(name, '\n');
        g_autofree char *known = g_strndup(name, (gsize)(end - (char *)name));
        if (group && strcmp(group, known) == 0)
            g_ptr_array_add(words, g_strdup(end + 1));
        else if (!group && !g_ptr_array_find_with_equal_func(words, known, g_str_equal, NULL))
            g_ptr_array_add(words, g_steal_pointer(&known));
    }
    g_ptr_array_sort(words, alphabetical);
    return words;
}

/* "did you mean X?", or all there is to choose from; a key that another group knows is named. */
static char *hint(const Config *self, const Entry *entry)
{
    g_autoptr(GPtrArray) groups = known_words(self, NULL);
    g_autoptr(GPtrArray) keys = entry->key ? known_words(self, entry->group) : NULL;
    const GPtrArray *words = entry->key ? keys : groups;
    const char *open = entry->key ? "\"" : "[", *close = entry->key ? "\"" : "]";
    const char *near = nearest_word(entry->key ? entry->key : entry->group,
                                    (const char *const *)words->pdata, words->len);
    for (unsigned i = 0; entry->key && i < groups->len; i++) {
        g_autofree char *name = full_name(groups->pdata[i], entry->key);
        if (g_hash_table_contains(self->known, name))
            return g_strdup_printf("it belongs to [%s]", (char *)groups->pdata[i]);
    }
    if (near)
        return g_strdup_printf("did you mean %s%s%s?", open, near, close);
    g_autoptr(GString) all = g_string_new(words->len ? "known:" : "none is known");
    for (unsigned i = 0; i < words->len; i++)
        g_string_append_printf(all, "%s %s", i ? "," : "", (char *)words->pdata[i]);
    return g_string_free(g_steal_pointer(&all), FALSE);
}

static bool is_known_group(const Config *self, const char *group)
{
    g_autoptr(GPtrArray) keys = known_words(self, group);
    return keys->len > 0;
}

/* An unknown group is one mistake, however many keys stand in it. */
static void note_unknown(const Config *self, const Entry *entry, GPtrArray *problems)
{
    bool group_known = is_known_group(self, entry->group);
    if (entry->taken || group_known == !entry->key)
        return;
    g_autofree char *help = hint(self, entry);
    if (entry->key)
        note(problems, entry->line, "unknown key \"%s\" in [%s]; %s", entry->key, entry->group,
             help);
    else
        note(problems, entry->line, "unknown group [%s]; %s", entry->group, help);
}

static int by_line(gconstpointer a, gconstpointer b)
{
    const Problem *const *left = a, *const *right = b;
    return (*left)->line < (*right)->line ? -1 : (*left)->line > (*right)->line;
}

static bool fail_all(const Config *self, GPtrArray *problems, GError **error)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_ptr_array_sort(problems, by_line);
    for (unsigned i = 0; i < problems->len; i++) {
        const Problem *problem = problems->pdata[i];
        g_string_append_printf(text, "%s%s:%u: %s", i ? "\n" : "", self->name, problem->line,
                               problem->text);
    }
    g_set_error_literal(error, CONFIG_ERROR, CONFIG_ERROR_INVALID, text->str);
    return false;
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
    self->wrong = g_ptr_array_new_with_free_func(problem_free);
    self->missing = g_ptr_array_new_with_free_func(problem_free);
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
    g_clear_pointer(&self->wrong, g_ptr_array_unref);
    g_clear_pointer(&self->missing, g_ptr_array_unref);
    g_free(self);
}

char *config_take_string(Config *self, const char *group, const char *key, const char *fallback)
{
    const Entry *entry = take(self, group, key);
    if (entry)
        return g_strdup(entry->value);
    if (!fallback)
        note_missing(self, group, key);
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

unsigned config_take_choice(Config *self, const char *group, const char *key, unsigned fallback,
                            const char *const *words)
{
    const Entry *entry = take(self, group, key);
    if (!entry)
        return fallback;
    for (unsigned i = 0; words[i]; i++)
        if (strcmp(entry->value, words[i]) == 0)
            return i;
    g_autofree char *all = g_strjoinv(", ", (char **)words);
    g_autofree char *wanted = g_strdup_printf(words[1] ? "one of %s" : "%s", all);
    note_wrong(self, entry, wanted);
    return fallback;
}

char *config_take_path(Config *self, const char *group, const char *key, const char *fallback)
{
    char *path = config_take_string(self, group, key, fallback);
    if (fallback && !*fallback && !*path)
        return path;
    if (*path != '/')
        config_refuse(self, group, key, "a full path, from / on and without quotation marks,");
    else if (strstr(path, " #"))
        config_refuse(self, group, key, "a path alone (comments have lines of their own)");
    return path;
}

void config_refuse(Config *self, const char *group, const char *key, const char *wanted)
{
    const Entry *entry = take(self, group, key);
    if (entry)
        note_wrong(self, entry, wanted);
}

bool config_finish(Config *self, GError **error)
{
    g_autoptr(GPtrArray) problems = g_ptr_array_ref(self->wrong);
    for (unsigned i = 0; i < self->entries->len; i++)
        note_unknown(self, g_ptr_array_index(self->entries, i), problems);
    /* A misspelt key is unknown and missing: its line is what helps. */
    if (problems->len)
        return fail_all(self, problems, error);
    return self->missing->len == 0 || fail_all(self, self->missing, error);
}
