/* Refusals are not receipts: anybody on the way can cause them, as many as he likes. So each code
 * is one line with a count, the number of codes is bounded, and the disk hears of a new code at
 * once but of its count only with the ten-minute upkeep. */
#include "link/refusals.h"

#include "base/atomic_file.h"
#include "base/log.h"

#include <string.h>

#define FILE_MAX  (16 * 1024)
#define CODE_MAX  64
#define COUNT_MAX INT64_C(1000000000)
#define OTHER     "other"

typedef struct Counted {
    char *code;
    int64_t count, first_us, last_us;
} Counted;

struct Refusals {
    char *path;
    const Clock *clock;
    GPtrArray *all; /* Counted, latest first */
    bool unsaved;
};

static void counted_free(gpointer data)
{
    g_free(((Counted *)data)->code);
    g_free(data);
}

static Counted *find(const Refusals *self, const char *code, unsigned *ret_at)
{
    for (unsigned i = 0; i < self->all->len; i++) {
        Counted *one = self->all->pdata[i];
        if (!g_str_equal(one->code, code))
            continue;
        *ret_at = i;
        return one;
    }
    return NULL;
}

static void read_one(Refusals *self, JsonForm *form)
{
    Counted read = {
        .code = (char *)json_form_text(form, "code", true, 1, CODE_MAX),
        .count = json_form_int(form, "count", true, 1, COUNT_MAX, 1),
        .first_us = json_form_int(form, "first_us", true, 0, G_MAXINT64, 0),
        .last_us = json_form_int(form, "last_us", true, 0, G_MAXINT64, 0),
    };
    if (!json_form_ok(form, false))
        return;
    Counted *one = g_memdup2(&read, sizeof read);
    one->code = g_strdup(read.code);
    g_ptr_array_add(self->all, one);
}

static void load(Refusals *self)
{
    g_autoptr(GBytes) bytes = atomic_file_read(self->path, FILE_MAX, NULL);
    if (!bytes)
        return;
    size_t length;
    const char *text = g_bytes_get_data(bytes, &length);
    g_autoptr(Json) list = json_parse(text, length, NULL);
    for (size_t i = 0; i < json_length(list) && i < REFUSALS_MAX; i++) {
        g_autoptr(JsonForm) form = json_form_new(json_at(list, i), "");
        read_one(self, form);
    }
}

Refusals *refusals_open(const char *path, const Clock *clock)
{
    Refusals *self = g_new0(Refusals, 1);
    self->path = g_strdup(path);
    self->clock = clock;
    self->all = g_ptr_array_new_with_free_func(counted_free);
    load(self);
    return self;
}

void refusals_free(Refusals *self)
{
    if (!self)
        return;
    g_autoptr(GError) error = NULL;
    if (!refusals_save(self, &error))
        log_warning("what was refused is forgotten: %s", error->message);
    g_ptr_array_unref(self->all);
    g_free(self->path);
    g_free(self);
}

static Counted *take_place(Refusals *self, const char *code, int64_t now_us, bool *ret_new)
{
    unsigned at;
    Counted *one = find(self, code, &at);
    if (!one && self->all->len >= REFUSALS_MAX - 1)
        one = find(self, OTHER, &at);
    *ret_new = !one;
    if (one)
        return g_ptr_array_steal_index(self->all, at);
    one = g_new0(Counted, 1);
    one->code = g_strdup(self->all->len >= REFUSALS_MAX - 1 ? OTHER : code);
    one->first_us = now_us;
    return one;
}

void refusals_add(Refusals *self, const char *what, const char *why)
{
    if (!self)
        return;
    int64_t now_us = clock_wall_us(self->clock);
    g_autofree char *code = g_strdup_printf("%s.%.48s", what, why);
    bool is_new;
    Counted *one = take_place(self, code, now_us, &is_new);
    one->count = MIN(one->count + 1, COUNT_MAX);
    one->last_us = now_us;
    g_ptr_array_insert(self->all, 0, one);
    self->unsaved = true;
    g_autoptr(GError) error = NULL;
    if (is_new && !refusals_save(self, &error))
        log_warning("what was refused cannot be kept: %s", error->message);
}

bool refusals_save(Refusals *self, GError **error)
{
    if (!self->unsaved)
        return true;
    g_autoptr(Json) json = refusals_to_json(self);
    size_t length;
    g_autofree char *text = json_print(json, &length);
    if (!atomic_file_write(self->path, text, length, 0600, error))
        return false;
    self->unsaved = false;
    return true;
}

Json *refusals_to_json(const Refusals *self)
{
    Json *list = json_new_array();
    for (unsigned i = 0; i < self->all->len; i++) {
        const Counted *one = self->all->pdata[i];
        Json *object = json_new_object();
        json_set_text(object, "code", one->code);
        json_set_int(object, "count", one->count);
        json_set_int(object, "first_us", one->first_us);
        json_set_int(object, "last_us", one->last_us);
        json_append_take(list, object);
    }
    return list;
}
