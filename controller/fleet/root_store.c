/* The root of trust on the controller's side.
 *
 * Both keys are made before the document that names them, and the document is written last: a
 * controller that dies between leaves keys that the next start takes up again, never a root whose
 * key nobody has. A root in the database without its online key is a restored backup that lacks the
 * key directory: that is said and nothing is made anew, for every station out there has pinned the
 * old one.
 *
 * The next root comes by two files that `loa root rotate` leaves in the key directory. The document
 * goes into the database first, then the new online key takes the place of the old, then the file
 * goes: a start that is cut short anywhere is taken up by the next. */
#include "fleet/root_store.h"

#include <string.h>

#include "base/atomic_file.h"

#define FIRST_EPOCH     1
#define ROOT_KEY        "root.key"
#define ONLINE_KEY      "online.key"
#define ONLINE_NEXT_KEY "online.next.key"
#define ROOT_FILE       "root.json"
#define ROOT_NEXT_FILE  "root.next.json"

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

static Root *read_next(const Root *newest, const char *path, Envelope **ret_envelope,
                       GError **error)
{
    g_autoptr(GBytes) bytes = atomic_file_read(path, 2 * ROOT_MAX_BYTES, error);
    if (!bytes)
        return NULL;
    size_t length;
    const char *text = g_bytes_get_data(bytes, &length);
    g_autoptr(Envelope) envelope = envelope_parse(text, length, 2 * ROOT_MAX_BYTES, error);
    g_autoptr(Root) next = envelope ? root_open_first(envelope, error) : NULL;
    if (!next)
        return NULL;
    bool is_here = next->version <= newest->version; /* the last start was cut short */
    g_autoptr(Root) follows = is_here ? NULL : root_open_next(newest, envelope, error);
    if (!is_here && !follows)
        return NULL;
    *ret_envelope = is_here ? NULL : g_steal_pointer(&envelope);
    return g_steal_pointer(&next);
}

/* The key that signs plans under `root`: the one in force, or the one that is to follow. */
static bool load_online(const Root *root, const char *keys_dir, Key *ret_online, GError **error)
{
    g_autofree char *path = g_build_filename(keys_dir, ONLINE_KEY, NULL);
    g_autofree char *next_path = g_build_filename(keys_dir, ONLINE_NEXT_KEY, NULL);
    Key next;
    if (g_file_test(next_path, G_FILE_TEST_EXISTS) && key_load(next_path, &next, NULL) &&
        signs_plans(root, &next, NULL)) {
        *ret_online = next;
        key_clear(&next);
        return atomic_file_publish(next_path, path, error);
    }
    return key_load(path, ret_online, error) && signs_plans(root, ret_online, error);
}

static bool can_sign(const Root *root, const char *keys_dir, GError **error)
{
    static const char *const names[] = {ONLINE_NEXT_KEY, ONLINE_KEY};
    for (unsigned i = 0; i < G_N_ELEMENTS(names); i++) {
        Key key;
        g_autofree char *path = g_build_filename(keys_dir, names[i], NULL);
        bool good = key_load(path, &key, NULL) && signs_plans(root, &key, NULL);
        key_clear(&key);
        if (good)
            return true;
    }
    g_set_error(error, ROOT_ERROR, ROOT_ERROR_KEY,
                "neither " ONLINE_NEXT_KEY " nor " ONLINE_KEY " may sign plans under it");
    return false;
}

/* Puts the next root in force where one lies ready; `root` is replaced. */
static bool take_next(Database *database, Root **root, const char *keys_dir, int64_t now_us,
                      GError **error)
{
    g_autofree char *path = g_build_filename(keys_dir, ROOT_NEXT_FILE, NULL);
    if (!g_file_test(path, G_FILE_TEST_EXISTS))
        return true;
    g_autoptr(Envelope) envelope = NULL;
    g_autoptr(Root) next = read_next(*root, path, &envelope, error);
    bool good = next && (!envelope || can_sign(next, keys_dir, error));
    if (good && envelope)
        good = save(database, next, envelope, now_us, error);
    if (!good) {
        g_prefix_error(error, "%s cannot follow; move it away to go on as before: ", path);
        return false;
    }
    if (envelope) {
        root_free(*root);
        *root = g_steal_pointer(&next);
    }
    return atomic_file_remove(path, error);
}

static Root *open_existing(Database *database, const char *text, const char *keys_dir,
                           int64_t now_us, Key *ret_online, GError **error)
{
    g_autoptr(Envelope) envelope = envelope_parse(text, strlen(text), 2 * ROOT_MAX_BYTES, error);
    g_autoptr(Root) root = envelope ? root_open_first(envelope, error) : NULL;
    if (!root || !take_next(database, &root, keys_dir, now_us, error) ||
        !load_online(root, keys_dir, ret_online, error))
        return NULL;
    return g_steal_pointer(&root);
}

/* For `loa root rotate`, which sees no database. */
static bool leave_copy(Database *database, const char *keys_dir, GError **error)
{
    g_autofree char *path = g_build_filename(keys_dir, ROOT_FILE, NULL);
    g_autofree char *text = root_store_envelope(database, 0, error);
    return text && atomic_file_write(path, text, strlen(text), 0600, error);
}

static Root *make_keys(Database *database, const char *keys_dir, int64_t now_us, Key *ret_online,
                       GError **error)
{
    g_autofree char *root_path = g_build_filename(keys_dir, ROOT_KEY, NULL);
    g_autofree char *online_path = g_build_filename(keys_dir, ONLINE_KEY, NULL);
    Key root_key;
    if (!atomic_file_make_folders(keys_dir, 0700, error) ||
        !key_load_or_make(root_path, &root_key, NULL, error))
        return NULL;
    Root *root = key_load_or_make(online_path, ret_online, NULL, error)
                     ? make_first(database, &root_key, ret_online, now_us, error)
                     : NULL;
    key_clear(&root_key);
    return root;
}

Root *root_store_open(Database *database, const char *keys_dir, int64_t now_us, Key *ret_online,
                      GError **error)
{
    g_autoptr(GError) broken = NULL;
    g_autofree char *text = root_store_envelope(database, 0, &broken);
    if (broken) {
        g_propagate_error(error, g_steal_pointer(&broken));
        return NULL;
    }
    g_autoptr(Root) root = text ? open_existing(database, text, keys_dir, now_us, ret_online, error)
                                : make_keys(database, keys_dir, now_us, ret_online, error);
    if (!root || !leave_copy(database, keys_dir, error))
        return NULL;
    return g_steal_pointer(&root);
}
