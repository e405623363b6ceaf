/* The answer that accepted this station is kept whole, as one file: station id, areas and root can
 * then never be of two different enrolments. */
#include "link/identity.h"

#include "base/atomic_file.h"

#include <gio/gio.h>

#define FILE_NAME "station.json"
#define FILE_MAX  (256 * 1024)
#define ID_MAX    64
#define DEPTH_MAX 32

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

Identity *identity_load(const char *dir, GError **error)
{
    g_autofree char *path = g_build_filename(dir, FILE_NAME, NULL);
    g_autoptr(GBytes) bytes = atomic_file_read(path, FILE_MAX, error);
    if (!bytes)
        return NULL;
    size_t length;
    const char *text = g_bytes_get_data(bytes, &length);
    g_autoptr(Json) json = json_parse(text, length, error);
    return json ? identity_from_json(json, error) : NULL;
}

void identity_free(Identity *self)
{
    if (!self)
        return;
    g_free(self->station);
    g_ptr_array_unref(self->area_path);
    root_free(self->root);
    g_free(self);
}
