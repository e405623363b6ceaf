/* loa root rotate KEYS_DIR [--root-key FILE] [--new-root-key FILE] [--keep-online]
 *
 * Makes the next root document from KEYS_DIR/root.json, signs it with the old root key and the new,
 * and leaves it beside the keys; the controller takes it at its next start. KEYS_DIR may be a copy
 * on a machine without network, which is where a root key belongs; root.next.json and
 * online.next.key are then carried back. Nothing that is in force is touched. */
#include "root_rotate.h"

#include <gio/gio.h>
#include <stdio.h>
#include <string.h>

#include "base/atomic_file.h"
#include "base/clock.h"
#include "wire/root.h"

typedef struct Rotation {
    const char *dir;
    char *root_key, *new_root_key;
    gboolean keep_online;
    Key old_root, new_root, old_online, new_online;
} Rotation;

static char *in_dir(const Rotation *self, const char *name)
{
    return g_build_filename(self->dir, name, NULL);
}

static Root *read_root(const Rotation *self, GError **error)
{
    g_autofree char *path = in_dir(self, "root.json");
    g_autoptr(GBytes) bytes = atomic_file_read(path, 2 * ROOT_MAX_BYTES, error);
    if (!bytes)
        return NULL;
    size_t length;
    const char *text = g_bytes_get_data(bytes, &length);
    g_autoptr(Envelope) envelope = envelope_parse(text, length, 2 * ROOT_MAX_BYTES, error);
    return envelope ? root_open_first(envelope, error) : NULL;
}

static bool load_keys(Rotation *self, GError **error)
{
    g_autofree char *beside = in_dir(self, "root.key");
    g_autofree char *online = in_dir(self, "online.key");
    g_autofree char *next = in_dir(self, "online.next.key");
    if (!key_load(self->root_key ? self->root_key : beside, &self->old_root, error) ||
        !key_load(online, &self->old_online, error))
        return false;
    self->new_root = self->old_root;
    self->new_online = self->old_online;
    if (self->new_root_key && !key_load_or_make(self->new_root_key, &self->new_root, NULL, error))
        return false;
    return self->keep_online || key_load_or_make(next, &self->new_online, NULL, error);
}

static bool replace(Root *next, const char *old_id, const Key *key, const char *what,
                    GError **error)
{
    if (g_str_equal(old_id, key->id) || root_replace_key(next, old_id, key))
        return true;
    g_set_error(error, ROOT_ERROR, ROOT_ERROR_KEY, "the %s key does not belong to this root", what);
    return false;
}

static Envelope *sign(const Rotation *self, const Root *next)
{
    g_autoptr(Json) json = root_to_json(next);
    g_autoptr(GBytes) payload = json_print_bytes(json);
    Envelope *envelope = envelope_sign(ENVELOPE_TYPE_ROOT, payload, &self->old_root);
    if (!g_str_equal(self->old_root.id, self->new_root.id))
        envelope_add_signature(envelope, &self->new_root);
    return envelope;
}

/* What stations will judge by, before anybody carries it about. */
static bool leave(const Rotation *self, const Root *current, const Envelope *envelope,
                  GError **error)
{
    g_autoptr(Root) checked = root_open_next(current, envelope, error);
    if (!checked)
        return false;
    g_autofree char *path = in_dir(self, "root.next.json");
    size_t length;
    g_autofree char *text = envelope_print(envelope, &length);
    if (!atomic_file_write(path, text, length, 0600, error))
        return false;
    printf("root document %" G_GINT64_FORMAT " is made: %s\n"
           "Next: restart the controller (systemctl restart loa-controller). Stations follow by "
           "themselves.\n",
           checked->version, path);
    return true;
}

static bool rotate(Rotation *self, GError **error)
{
    g_autoptr(Root) current = read_root(self, error);
    if (!current || !load_keys(self, error))
        return false;
    g_autoptr(Root) next = root_successor(current, clock_wall_us(clock_system()));
    if (!replace(next, self->old_root.id, &self->new_root, "root", error) ||
        !replace(next, self->old_online.id, &self->new_online, "online", error))
        return false;
    g_autoptr(Envelope) envelope = sign(self, next);
    return leave(self, current, envelope, error);
}

static void wipe(Rotation *self)
{
    key_clear(&self->old_root);
    key_clear(&self->new_root);
    key_clear(&self->old_online);
    key_clear(&self->new_online);
    g_free(self->root_key);
    g_free(self->new_root_key);
}

int root_rotate_main(int argc, char **argv)
{
    Rotation self = {0};
    const GOptionEntry entries[] = {
        {"root-key", 0, 0, G_OPTION_ARG_FILENAME, &self.root_key, NULL, NULL},
        {"new-root-key", 0, 0, G_OPTION_ARG_FILENAME, &self.new_root_key, NULL, NULL},
        {"keep-online", 0, 0, G_OPTION_ARG_NONE, &self.keep_online, NULL, NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL},
    };
    g_autoptr(GError) error = NULL;
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_autoptr(GPtrArray) words = g_ptr_array_new();
    g_ptr_array_add(words, (void *)"loa root rotate");
    for (int i = 0; i < argc; i++)
        g_ptr_array_add(words, argv[i]);
    g_ptr_array_add(words, NULL);
    char **given = (char **)words->pdata;
    int count = argc + 1;
    g_option_context_set_help_enabled(context, FALSE);
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &count, &given, &error) || count != 2) {
        fprintf(stderr, "loa root rotate: %s\n",
                error ? error->message : "which directory of keys? (see loa help)");
        return 2;
    }
    self.dir = given[1];
    bool good = rotate(&self, &error);
    wipe(&self);
    if (!good)
        fprintf(stderr, "loa root rotate: %s; nothing has changed\n", error->message);
    return good ? 0 : 1;
}
