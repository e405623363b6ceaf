/* The answer that accepted this station is kept whole, as one file: station id, areas and root can
 * then never be of two different enrolments. Each later root is a file of its own, root-N.json; at
 * a start the chain is walked again from the pinned one, and ends where a link does not hold. */
#include "link/identity.h"

#include "base/atomic_file.h"

#include <gio/gio.h>

#define FILE_NAME "station.json"
#define FILE_MAX  (256 * 1024)
#define ID_MAX    64
#define DEPTH_MAX 32
#define ROOT_MAX  (2 * ROOT_MAX_BYTES) /* an envelope is base64 */

static Root *read_root(const Json *answer, GError **error)
{
    g_autoptr(Envelope) envelope = envelope_from_json(json_peek(answer, "root"), error);
    return envelope ? root_open_first(envelope, error) : NULL;
}

Identity *identity_from_json(const Json *answer, GError **error)
{
    g_autoptr(Identity) self = g_new0(Identity, 1);
    self->area_path = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(JsonForm) form = json_form_new(answer, "");
    self->station = g_strdup(json_form_text(form, "station", true, 1, ID_MAX));
    const Json *path = json_form_array(form, "area_path", true, DEPTH_MAX);
    for (size_t i = 0; i < json_length(path); i++) {
        const char *area = json_text(json_at(path, i));
        if (!area)
            json_form_fault(form, "area_path", FORM_TYPE, NULL);
        g_ptr_array_add(self->area_path, g_strdup(area));
    }
    if (!json_form_finish(form, false, error))
        return NULL;
    self->root = read_root(answer, error);
    return self->root ? g_steal_pointer(&self) : NULL;
}

bool identity_save(const Json *answer, const char *dir, GError **error)
{
    g_autofree char *path = g_build_filename(dir, FILE_NAME, NULL);
    size_t length;
    g_autofree char *text = json_print(answer, &length);
    return atomic_file_write(path, text, length, 0600, error);
}

static char *root_path(const char *dir, int64_t version)
{
    g_autofree char *name = g_strdup_printf("root-%" G_GINT64_FORMAT ".json", version);
    return g_build_filename(dir, name, NULL);
}

static Root *open_next(const Identity *self, const char *text, size_t length, GError **error)
{
    g_autoptr(Envelope) envelope = envelope_parse(text, length, ROOT_MAX, error);
    return envelope ? root_open_next(self->root, envelope, error) : NULL;
}

static void use(Identity *self, Root *take_next)
{
    root_free(self->previous);
    self->previous = self->root;
    self->root = take_next;
}

static void walk_chain(Identity *self, const char *dir)
{
    for (;;) {
        g_autofree char *path = root_path(dir, self->root->version + 1);
        g_autoptr(GBytes) bytes = atomic_file_read(path, ROOT_MAX, NULL);
        size_t length = 0;
        const char *text = bytes ? g_bytes_get_data(bytes, &length) : NULL;
        Root *next = text ? open_next(self, text, length, NULL) : NULL;
        if (!next)
            return;
        use(self, next);
    }
}

bool identity_follow(Identity *self, const char *dir, const char *text, size_t length,
                     GError **error)
{
    g_autoptr(Root) next = open_next(self, text, length, error);
    if (!next)
        return false;
    g_autofree char *path = root_path(dir, next->version);
    if (!atomic_file_write(path, text, length, 0600, error))
        return false;
    use(self, g_steal_pointer(&next));
    return true;
}

Identity *identity_load(const char *dir, GError **error)
{
    g_autofree char *path = g_build_filename(dir, FILE_NAME, NULL);
    g_autoptr(GBytes) bytes = atomic_file_read(path, FILE_MAX, error);
    if (!bytes)
        return NULL;
    size_t length;
    const char *text = g_bytes_get_data(bytes, &length);
    g_autoptr(Json) json = json_parse(text, length, error);
    Identity *self = json ? identity_from_json(json, error) : NULL;
    if (self)
        walk_chain(self, dir);
    return self;
}

void identity_free(Identity *self)
{
    if (!self)
        return;
    g_free(self->station);
    g_ptr_array_unref(self->area_path);
    root_free(self->root);
    root_free(self->previous);
    g_free(self);
}
