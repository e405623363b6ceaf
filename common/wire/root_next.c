/* The root after this one: who may sign what stays, keys change.
 *
 * Its epoch is at least the second it was made in, as after a restore: all plans are then signed
 * anew by the keys of the new root, and none that a lost key signed can follow them. */
#include "wire/root.h"

static bool replace_in_grant(RootGrant *grant, const char *old_id, const char *new_id)
{
    unsigned at;
    if (!g_ptr_array_find_with_equal_func(grant->keyids, old_id, g_str_equal, &at))
        return false;
    g_free(grant->keyids->pdata[at]);
    grant->keyids->pdata[at] = g_strdup(new_id);
    return true;
}

Root *root_successor(const Root *self, int64_t now_us)
{
    g_autoptr(Json) json = root_to_json(self);
    g_autoptr(GBytes) bytes = json_print_bytes(json);
    Root *next = root_parse(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), NULL);
    next->version = self->version + 1;
    next->epoch = MAX(self->epoch + 1, now_us / G_USEC_PER_SEC);
    next->issued_us = now_us;
    return next;
}

bool root_replace_key(Root *self, const char *old_id, const Key *key)
{
    g_autofree char *old = g_strdup(old_id); /* it may be the hash table's own */
    bool found = false;
    for (unsigned i = 0; i < self->grants->len; i++)
        found |= replace_in_grant(self->grants->pdata[i], old, key->id);
    if (!found)
        return false;
    g_hash_table_remove(self->keys, old);
    root_add_key(self, key);
    return true;
}
