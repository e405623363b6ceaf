/* The root of trust on the controller's side.
 *
 * Both keys are made before the document that names them, and the document is written last: a
 * controller that dies between leaves keys that the next start takes up again, never a root whose
 * key nobody has. A root in the database without its online key is a restored backup that lacks the
 * key directory: that is said and nothing is made anew, for every station out there has pinned the
 * old one. */
#include "fleet/root_store.h"

#include <string.h>

#include "base/atomic_file.h"

#define FIRST_EPOCH 1

char *root_store_envelope(Database *database, int64_t version, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "SELECT envelope FROM roots WHERE version = $1 OR $1 = 0 "
                                 "ORDER BY version DESC LIMIT 1");
    query_int(query, version);
    return query_next(query, error) > 0 ? g_strdup(row_text(query, 0)) : NULL;
}

static bool save(Database *database, const Root *root, const Envelope *envelope, int64_t now_us,
                 GError **error)
{
    g_autofree char *text = envelope_print(envelope, NULL);
    g_autoptr(Query) query =
        database_query(database, "INSERT INTO roots (version, epoch, envelope, made_us) "
                                 "VALUES ($1, $2, $3, $4)");
    query_int(query, root->version);
    query_int(query, root->epoch);
    query_text(query, text);
    query_int(query, now_us);
    return query_run(query, error);
}

static Root *make_first(Database *database, const Key *root_key, const Key *online, int64_t now_us,
                        GError **error)
{
    g_autoptr(Root) root = root_new();
    root->version = 1;
    root->epoch = FIRST_EPOCH;
    root->issued_us = now_us;
    root_add_key(root, root_key);
    root_add_key(root, online);
    root_grant(root, ROOT_ROLE_ROOT, root_key);
    root_grant(root, ROOT_ROLE_PLAN, online);
    root_grant(root, ROOT_ROLE_COMMAND, online);
    g_autoptr(Json) json = root_to_json(root);
    g_autoptr(GBytes) payload = json_print_bytes(json);
    g_autoptr(Envelope) envelope = envelope_sign(ENVELOPE_TYPE_ROOT, payload, root_key);
    return save(database, root, envelope, now_us, error) ? g_steal_pointer(&root) : NULL;
}

static bool signs_plans(const Root *root, const Key *online, GError **error)
{
    g_autoptr(GBytes) nothing = g_bytes_new_static("", 0);
    g_autoptr(Envelope) probe = envelope_sign(ENVELOPE_TYPE_PLAN, nothing, online);
    if (root_accepts(root, probe, ROOT_ROLE_PLAN, NULL, error))
        return true;
    g_prefix_error(error, "the online key in the key directory does not belong to the root "
                          "document in the database; restore the keys of this controller: ");
    return false;
}

static Root *open_existing(const char *text, const char *online_path, Key *ret_online,
                           GError **error)
{
    g_autoptr(Envelope) envelope = envelope_parse(text, strlen(text), 2 * ROOT_MAX_BYTES, error);
    g_autoptr(Root) root = envelope ? root_open_first(envelope, error) : NULL;
    if (!root || !key_load(online_path, ret_online, error) || !signs_plans(root, ret_online, error))
        return NULL;
    return g_steal_pointer(&root);
}

Root *root_store_open(Database *database, const char *keys_dir, int64_t now_us, Key *ret_online,
                      GError **error)
{
    g_autofree char *root_path = g_build_filename(keys_dir, "root.key", NULL);
    g_autofree char *online_path = g_build_filename(keys_dir, "online.key", NULL);
    g_autoptr(GError) broken = NULL;
    g_autofree char *text = root_store_envelope(database, 0, &broken);
    if (broken) {
        g_propagate_error(error, g_steal_pointer(&broken));
        return NULL;
    }
    if (text)
        return open_existing(text, online_path, ret_online, error);
    if (!atomic_file_make_folders(keys_dir, 0700, error))
        return NULL;
    Key root_key;
    if (!key_load_or_make(root_path, &root_key, NULL, error))
        return NULL;
    Root *root = key_load_or_make(online_path, ret_online, NULL, error)
                     ? make_first(database, &root_key, ret_online, now_us, error)
                     : NULL;
    key_clear(&root_key);
    return root;
}
