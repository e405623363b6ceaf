/* Root documents: reading them without trust, and the two ways to come to trust one.
 *
 * A first root vouches for itself and is only as good as the way it came (a station gets it at
 * enrolment and pins it). Every later one must be signed by the root keys of the one before and by
 * its own, each up to its threshold, and count up by exactly one, so that neither an old document
 * nor a stolen new key can stand in (after The Update Framework, section 5.3).
 *
 * A key id is not a free name: it must be the hash of its key, or one key could sign under two ids
 * and meet a threshold of two alone. */
#include "wire/root.h"

#include "digest.h"

#include <string.h>

#define KEYS_MAX    64
#define GRANTS_MAX  256
#define AREA_MAX    64
#define TIME_MAX    INT64_C(253402300799000000)
#define VERSION_MAX INT64_C(1000000000)
#define EPOCH_MAX   INT64_C(253402300799) /* seconds of four-digit years: see root_successor() */

const char *const root_role_words[] = {"root", "plan", "command", NULL};
static const char *const class_scopes[] = {"normal", "priority", "emergency", "*", NULL};

G_DEFINE_QUARK(loa - root - error - quark, root_error)

static void key_destroy(gpointer data)
{
    key_clear(data);
    g_free(data);
}

static void grant_free(gpointer data)
{
    RootGrant *grant = data;
    g_free(grant->area);
    g_free(grant->class);
    g_ptr_array_unref(grant->keyids);
    g_free(grant);
}

static RootGrant *grant_new(void)
{
    RootGrant *grant = g_new0(RootGrant, 1);
    grant->keyids = g_ptr_array_new_with_free_func(g_free);
    return grant;
}

Root *root_new(void)
{
    Root *self = g_new0(Root, 1);
    self->keys = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, key_destroy);
    self->grants = g_ptr_array_new_with_free_func(grant_free);
    return self;
}

void root_free(Root *self)
{
    if (!self)
        return;
    g_hash_table_unref(self->keys);
    g_ptr_array_unref(self->grants);
    g_free(self);
}

void root_add_key(Root *self, const Key *key)
{
    Key *copy = g_new0(Key, 1);
    if (key_from_public(key->public_key, sizeof key->public_key, copy))
        g_hash_table_insert(self->keys, g_strdup(copy->id), copy);
    else
        g_free(copy);
}

void root_grant(Root *self, RootRole role, const Key *key)
{
    RootGrant *grant = grant_new();
    grant->role = role;
    grant->area = g_strdup("*");
    grant->wider = true;
    grant->class = g_strdup("*");
    grant->threshold = 1;
    g_ptr_array_add(grant->keyids, g_strdup(key->id));
    g_ptr_array_add(self->grants, grant);
}

static Json *keys_to_json(const Root *self)
{
    Json *keys = json_new_object();
    g_autoptr(GList) ids = g_hash_table_get_keys(self->keys);
    ids = g_list_sort(ids, (GCompareFunc)strcmp);
    for (GList *at = ids; at; at = at->next) {
        const Key *key = g_hash_table_lookup(self->keys, at->data);
        g_autofree char *text = g_base64_encode(key->public_key, sizeof key->public_key);
        Json *entry = json_new_object();
        json_set_text(entry, "algorithm", "ed25519");
        json_set_text(entry, "public", text);
        json_set_take(keys, key->id, entry);
    }
    return keys;
}

static Json *grant_to_json(const RootGrant *grant)
{
    Json *object = json_new_object();
    Json *keyids = json_new_array();
    for (unsigned i = 0; i < grant->keyids->len; i++)
        json_append_text(keyids, g_ptr_array_index(grant->keyids, i));
    json_set_text(object, "role", root_role_words[grant->role]);
    json_set_text(object, "area", grant->area);
    json_set_bool(object, "wider", grant->wider);
    json_set_text(object, "class", grant->class);
    json_set_int(object, "threshold", grant->threshold);
    json_set_take(object, "keyids", keyids);
    return object;
}

Json *root_to_json(const Root *self)
{
    Json *object = json_new_object();
    Json *grants = json_new_array();
    for (unsigned i = 0; i < self->grants->len; i++)
        json_append_take(grants, grant_to_json(g_ptr_array_index(self->grants, i)));
    json_set_text(object, "type", "root");
    json_set_int(object, "version", self->version);
    json_set_int(object, "epoch", self->epoch);
    json_set_int(object, "issued_us", self->issued_us);
    json_set_take(object, "keys", keys_to_json(self));
    json_set_take(object, "grants", grants);
    return object;
}

static void read_key(Root *self, JsonForm *form, const char *id)
{
    const char *const algorithms[] = {"ed25519", NULL};
    json_form_choice(form, "algorithm", true, algorithms, 0);
    GBytes *public = json_form_base64(form, "public", true, CRYPTO_PUBLIC_BYTES);
    g_autofree Key *key = g_new0(Key, 1);
    if (!public)
        return;
    size_t length;
    const uint8_t *bytes = g_bytes_get_data(public, &length);
    if (!key_from_public(bytes, length, key) || !g_str_equal(key->id, id))
        json_form_fault(form, "public", FORM_FORMAT, NULL);
    else
        g_hash_table_insert(self->keys, g_strdup(id), g_steal_pointer(&key));
}

static void read_keys(Root *self, JsonForm *form, const Json *document)
{
    const Json *keys = json_peek(document, "keys");
    JsonForm *inner = json_form_child(form, "keys", true);
    if (!json_is_object(keys))
        return;
    if (json_length(keys) > KEYS_MAX) {
        json_form_fault(form, "keys", FORM_TOO_LONG, G_STRINGIFY(KEYS_MAX));
        return;
    }
    g_autofree const char **ids = json_keys(keys);
    for (unsigned i = 0; ids[i]; i++)
        read_key(self, json_form_child(inner, ids[i], true), ids[i]);
}

static void read_keyids(const Root *self, RootGrant *grant, JsonForm *form)
{
    const Json *keyids = json_form_array(form, "keyids", true, KEYS_MAX);
    for (size_t i = 0; keyids && i < json_length(keyids); i++) {
        const char *id = json_text(json_at(keyids, i));
        if (!id || !g_hash_table_contains(self->keys, id) ||
            g_ptr_array_find_with_equal_func(grant->keyids, id, g_str_equal, NULL))
            json_form_fault(form, "keyids", FORM_FORMAT, NULL);
        else
            g_ptr_array_add(grant->keyids, g_strdup(id));
    }
    if (grant->threshold > grant->keyids->len)
        json_form_fault(form, "threshold", FORM_RANGE, NULL);
}

static void read_grant(Root *self, JsonForm *form)
{
    RootGrant *grant = grant_new();
    grant->role = (RootRole)json_form_choice(form, "role", true, root_role_words, 0);
    grant->area = g_strdup(json_form_text(form, "area", true, 1, AREA_MAX));
    grant->wider = json_form_bool(form, "wider", false, false);
    grant->class = g_strdup(class_scopes[json_form_choice(form, "class", true, class_scopes, 0)]);
    grant->threshold = (unsigned)json_form_int(form, "threshold", true, 1, KEYS_MAX, 1);
    read_keyids(self, grant, form);
    g_ptr_array_add(self->grants, grant);
}

static bool critical_known(const Json *document, GError **error)
{
    const Json *critical = json_peek(document, "critical");
    if (!critical || (json_is_array(critical) && json_length(critical) == 0))
        return true;
    g_set_error(error, ROOT_ERROR, ROOT_ERROR_FORMAT,
                "the root document asks for something that this version does not know");
    return false;
}

Root *root_parse(const void *bytes, size_t length, GError **error)
{
    const char *const types[] = {"root", NULL};
    if (length > ROOT_MAX_BYTES) {
        g_set_error(error, ROOT_ERROR, ROOT_ERROR_FORMAT, "the root document is too large");
        return NULL;
    }
    g_autoptr(Json) document = json_parse(bytes, length, error);
    if (!document || !critical_known(document, error))
        return NULL;
    g_autoptr(JsonForm) form = json_form_new(document, "");
    g_autoptr(Root) self = root_new();
    json_form_choice(form, "type", true, types, 0);
    self->version = json_form_int(form, "version", true, 1, VERSION_MAX, 0);
    self->epoch = json_form_int(form, "epoch", true, 1, EPOCH_MAX, 0);
    self->issued_us = json_form_int(form, "issued_us", true, 0, TIME_MAX, 0);
    read_keys(self, form, document);
    const Json *grants = json_form_array(form, "grants", true, GRANTS_MAX);
    for (size_t i = 0; grants && i < json_length(grants); i++)
        read_grant(self, json_form_element(form, "grants", i));
    g_autoptr(GError) wrong = NULL;
    if (!json_form_finish(form, false, &wrong)) {
        g_set_error(error, ROOT_ERROR, ROOT_ERROR_FORMAT, "root document: %s", wrong->message);
        return NULL;
    }
    return g_steal_pointer(&self);
}

static bool grant_covers(const RootGrant *grant, RootRole role, const GPtrArray *area_path)
{
    /* A grant for one class says nothing about a whole document, which may hold any. */
    if (grant->role != role || !g_str_equal(grant->class, "*"))
        return false;
    if (g_str_equal(grant->area, "*"))
        return true;
    for (unsigned i = 0; area_path && i < area_path->len; i++)
        if (g_str_equal(grant->area, g_ptr_array_index(area_path, i)))
            return true;
    return false;
}

static unsigned count_grant(const Root *self, const RootGrant *grant, const Envelope *envelope)
{
    g_autoptr(GPtrArray) keys = g_ptr_array_new();
    for (unsigned i = 0; i < grant->keyids->len; i++) {
        Key *key = g_hash_table_lookup(self->keys, g_ptr_array_index(grant->keyids, i));
        if (key)
            g_ptr_array_add(keys, key);
    }
    return envelope_count_valid(envelope, keys);
}

bool root_accepts(const Root *self, const Envelope *envelope, RootRole role,
                  const GPtrArray *area_path, GError **error)
{
    unsigned held = 0, signatures = 0;
    for (unsigned i = 0; i < self->grants->len; i++) {
        const RootGrant *grant = g_ptr_array_index(self->grants, i);
        if (!grant_covers(grant, role, area_path))
            continue;
        unsigned valid = count_grant(self, grant, envelope);
        if (valid >= grant->threshold && grant->threshold > 0)
            return true;
        held++;
        signatures = MAX(signatures, valid);
    }
    if (held > 0 && signatures > 0)
        g_set_error(error, ROOT_ERROR, ROOT_ERROR_THRESHOLD,
                    "%u valid signature(s) are too few for the role \"%s\"", signatures,
                    root_role_words[role]);
    else
        g_set_error(error, ROOT_ERROR, ROOT_ERROR_KEY,
                    "no key with the role \"%s\" for this area has signed", root_role_words[role]);
    return false;
}

static Root *parse_payload(const Envelope *envelope, GError **error)
{
    if (!g_str_equal(envelope->type, ENVELOPE_TYPE_ROOT)) {
        g_set_error(error, ROOT_ERROR, ROOT_ERROR_FORMAT, "this is no root document but \"%s\"",
                    envelope->type);
        return NULL;
    }
    size_t length;
    const void *bytes = g_bytes_get_data(envelope->payload, &length);
    return root_parse(bytes, length, error);
}

Root *root_open_first(const Envelope *envelope, GError **error)
{
    g_autoptr(Root) self = parse_payload(envelope, error);
    if (!self || !root_accepts(self, envelope, ROOT_ROLE_ROOT, NULL, error))
        return NULL;
    return g_steal_pointer(&self);
}

Root *root_open_next(const Root *self, const Envelope *envelope, GError **error)
{
    if (!root_accepts(self, envelope, ROOT_ROLE_ROOT, NULL, error)) {
        g_prefix_error(error, "by the root in force: ");
        return NULL;
    }
    g_autoptr(Root) next = root_open_first(envelope, error);
    if (!next)
        return NULL;
    if (next->version != self->version + 1 || next->epoch < self->epoch) {
        g_set_error(error, ROOT_ERROR, ROOT_ERROR_VERSION,
                    "root %" G_GINT64_FORMAT " cannot follow root %" G_GINT64_FORMAT, next->version,
                    self->version);
        return NULL;
    }
    return g_steal_pointer(&next);
}
