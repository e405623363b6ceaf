/* The roots that papers may be signed under.
 *
 * root.json is the one to compare with what one knows; it signs itself. roots.jsonl holds all of
 * them from the first on: each must be signed by the one before it and by itself, and the last must
 * be root.json. What does not hold together adds nothing to what root.json grants. */
#include "audit_roots.h"

#include <string.h>

#include "base/atomic_file.h"

#define FILE_NAME "roots.jsonl"

static Envelope *read_envelope(const char *directory, GError **error)
{
    g_autofree char *path = g_build_filename(directory, "root.json", NULL);
    g_autoptr(GBytes) content = atomic_file_read(path, ROOT_MAX_BYTES * 2, error);
    if (content == NULL)
        return NULL;
    size_t length = 0;
    const char *text = g_bytes_get_data(content, &length);
    Envelope *envelope = envelope_parse(text, length, ROOT_MAX_BYTES * 2, error);
    if (envelope == NULL)
        g_prefix_error(error, "root.json: ");
    return envelope;
}

static void take_row(Audit *self, const Json *object)
{
    g_autoptr(Envelope) envelope = audit_rows_envelope(self, object);
    if (envelope == NULL)
        return;
    g_autoptr(GError) error = NULL;
    const Root *before =
        self->older_roots->len ? self->older_roots->pdata[self->older_roots->len - 1] : NULL;
    Root *root =
        before ? root_open_next(before, envelope, &error) : root_open_first(envelope, &error);
    if (root == NULL)
        audit_rows_fault(self, "%s", error->message);
    else
        g_ptr_array_add(self->older_roots, root);
}

/* True when the chain ends with root.json, byte for byte. */
static bool ends_with(const GPtrArray *chain, const Root *root)
{
    if (chain->len == 0)
        return false;
    g_autoptr(Json) one = root_to_json(chain->pdata[chain->len - 1]);
    g_autoptr(Json) other = root_to_json(root);
    g_autoptr(GBytes) bytes = json_print_bytes(one);
    g_autoptr(GBytes) others = json_print_bytes(other);
    return g_bytes_equal(bytes, others);
}

static bool read_chain(Audit *self, const char *directory, GError **error)
{
    if (!audit_rows_has(directory, FILE_NAME))
        return true;
    if (!audit_rows_each(self, directory, FILE_NAME, take_row, error))
        return false;
    if (ends_with(self->older_roots, self->root))
        return true;
    audit_rows_fault(self, "the roots do not lead to root.json");
    g_ptr_array_set_size(self->older_roots, 0);
    return true;
}

bool audit_roots_read(Audit *self, const char *directory, GError **error)
{
    g_autoptr(Envelope) envelope = read_envelope(directory, error);
    if (envelope == NULL)
        return false;
    self->root = root_open_first(envelope, error);
    if (self->root == NULL)
        g_prefix_error(error, "root.json: ");
    return self->root != NULL && read_chain(self, directory, error);
}

bool audit_roots_accept(const Audit *self, const Envelope *envelope, RootRole role,
                        const GPtrArray *area_path, GError **error)
{
    for (unsigned i = 0; i < self->older_roots->len; i++)
        if (root_accepts(self->older_roots->pdata[i], envelope, role, area_path, NULL))
            return true;
    return root_accepts(self->root, envelope, role, area_path, error);
}
