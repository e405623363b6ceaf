/* Root documents: who may say which keys count. */
#include "wire/root.h"

#include <string.h>

typedef struct Keys {
    Key root;
    Key online;
    Key other;
} Keys;

static void keys_make(Keys *keys)
{
    key_generate(&keys->root);
    key_generate(&keys->online);
    key_generate(&keys->other);
}

static Root *root_with(int64_t version, const Key *root_key, const Key *online)
{
    Root *root = root_new();
    root->version = version;
    root->epoch = 1;
    root->issued_us = 1000;
    root_add_key(root, root_key);
    root_add_key(root, online);
    root_grant(root, ROOT_ROLE_ROOT, root_key);
    root_grant(root, ROOT_ROLE_PLAN, online);
    return root;
}

static Envelope *sign(const Root *root, const Key *key)
{
    g_autoptr(Json) json = root_to_json(root);
    g_autoptr(GBytes) payload = json_print_bytes(json);
    return envelope_sign(ENVELOPE_TYPE_ROOT, payload, key);
}

static void test_first_root_signed_by_its_own_key_opens(void)
{
    Keys keys;
    keys_make(&keys);
    g_autoptr(Root) root = root_with(1, &keys.root, &keys.online);
    g_autoptr(Envelope) envelope = sign(root, &keys.root);
    g_autoptr(GError) error = NULL;
    g_autoptr(Root) opened = root_open_first(envelope, &error);
    g_assert_no_error(error);
    g_assert_cmpint(opened->version, ==, 1);
    g_assert_cmpuint(g_hash_table_size(opened->keys), ==, 2);
    g_assert_cmpuint(opened->grants->len, ==, 2);
}

static void test_first_root_signed_by_another_key_is_refused(void)
{
    Keys keys;
    keys_make(&keys);
    g_autoptr(Root) root = root_with(1, &keys.root, &keys.online);
    g_autoptr(Envelope) by_stranger = sign(root, &keys.other);
    g_autoptr(Envelope) by_online = sign(root, &keys.online);
    g_autoptr(GError) error = NULL;
    g_assert_null(root_open_first(by_stranger, &error));
    g_assert_error(error, ROOT_ERROR, ROOT_ERROR_KEY);
    g_clear_error(&error);
    g_assert_null(root_open_first(by_online, &error));
    g_assert_error(error, ROOT_ERROR, ROOT_ERROR_KEY);
}

static void test_plan_signed_by_online_key_is_accepted_and_by_root_key_is_not(void)
{
    Keys keys;
    keys_make(&keys);
    g_autoptr(Root) root = root_with(1, &keys.root, &keys.online);
    g_autoptr(GBytes) payload = g_bytes_new_static("{}", 2);
    g_autoptr(Envelope) good = envelope_sign(ENVELOPE_TYPE_PLAN, payload, &keys.online);
    g_autoptr(Envelope) bad = envelope_sign(ENVELOPE_TYPE_PLAN, payload, &keys.root);
    g_autoptr(GError) error = NULL;
    g_assert_true(root_accepts(root, good, ROOT_ROLE_PLAN, NULL, &error));
    g_assert_no_error(error);
    g_assert_false(root_accepts(root, bad, ROOT_ROLE_PLAN, NULL, &error));
    g_assert_error(error, ROOT_ERROR, ROOT_ERROR_KEY);
    g_clear_error(&error);
    g_assert_false(root_accepts(root, good, ROOT_ROLE_COMMAND, NULL, &error));
    g_assert_error(error, ROOT_ERROR, ROOT_ERROR_KEY);
}

static void test_threshold_of_two_needs_two_different_keys(void)
{
    Keys keys;
    keys_make(&keys);
    g_autoptr(Root) root = root_with(1, &keys.root, &keys.online);
    RootGrant *grant = g_ptr_array_index(root->grants, 1);
    root_add_key(root, &keys.other);
    g_ptr_array_add(grant->keyids, g_strdup(keys.other.id));
    grant->threshold = 2;
    g_autoptr(GBytes) payload = g_bytes_new_static("{}", 2);
    g_autoptr(Envelope) envelope = envelope_sign(ENVELOPE_TYPE_PLAN, payload, &keys.online);
    g_assert_true(envelope_add_signature(envelope, &keys.online));
    g_autoptr(GError) error = NULL;
    g_assert_false(root_accepts(root, envelope, ROOT_ROLE_PLAN, NULL, &error));
    g_assert_error(error, ROOT_ERROR, ROOT_ERROR_THRESHOLD);
    g_clear_error(&error);
    g_assert_true(envelope_add_signature(envelope, &keys.other));
    g_assert_true(root_accepts(root, envelope, ROOT_ROLE_PLAN, NULL, &error));
}

static void test_grant_for_one_area_covers_what_lies_below_and_nothing_else(void)
{
    Keys keys;
    keys_make(&keys);
    g_autoptr(Root) root = root_with(1, &keys.root, &keys.online);
    RootGrant *grant = g_ptr_array_index(root->grants, 1);
    g_free(grant->area);
    grant->area = g_strdup("commune-a");
    g_autoptr(GBytes) payload = g_bytes_new_static("{}", 2);
    g_autoptr(Envelope) envelope = envelope_sign(ENVELOPE_TYPE_PLAN, payload, &keys.online);
    g_autoptr(GPtrArray) inside = g_ptr_array_new();
    g_ptr_array_add(inside, (void *)"province");
    g_ptr_array_add(inside, (void *)"commune-a");
    g_ptr_array_add(inside, (void *)"village");
    g_autoptr(GPtrArray) outside = g_ptr_array_new();
    g_ptr_array_add(outside, (void *)"province");
    g_ptr_array_add(outside, (void *)"commune-b");
    g_assert_true(root_accepts(root, envelope, ROOT_ROLE_PLAN, inside, NULL));
    g_assert_false(root_accepts(root, envelope, ROOT_ROLE_PLAN, outside, NULL));
    g_assert_false(root_accepts(root, envelope, ROOT_ROLE_PLAN, NULL, NULL));
}

static void test_successor_needs_both_signatures_and_the_next_number(void)
{
    static const struct {
        int64_t version;
        bool by_old, by_new, opens;
        RootError code;
    } cases[] = {
        {2, true, true, true, 0},
        {2, true, false, false, ROOT_ERROR_KEY},
        {2, false, true, false, ROOT_ERROR_KEY},
        {3, true, true, false, ROOT_ERROR_VERSION},
        {1, true, true, false, ROOT_ERROR_VERSION},
    };
    Keys keys;
    keys_make(&keys);
    g_autoptr(Root) first = root_with(1, &keys.root, &keys.online);
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Root) next = root_with(cases[i].version, &keys.other, &keys.online);
        g_autoptr(Envelope) envelope = sign(next, cases[i].by_old ? &keys.root : &keys.other);
        if (cases[i].by_old && cases[i].by_new)
            g_assert_true(envelope_add_signature(envelope, &keys.other));
        g_autoptr(GError) error = NULL;
        g_autoptr(Root) opened = root_open_next(first, envelope, &error);
        g_assert_cmpint(opened != NULL, ==, cases[i].opens);
        if (!cases[i].opens)
            g_assert_error(error, ROOT_ERROR, (int)cases[i].code);
    }
}

static void test_key_under_a_foreign_id_is_refused(void)
{
    Keys keys;
    keys_make(&keys);
    g_autoptr(Root) root = root_with(1, &keys.root, &keys.online);
    g_autoptr(Json) json = root_to_json(root);
    g_autofree char *text = json_print(json, NULL);
    char *id = strstr(text, keys.online.id);
    id[0] = id[0] == 'a' ? 'b' : 'a';
    g_autoptr(GError) error = NULL;
    g_assert_null(root_parse(text, strlen(text), &error));
    g_assert_error(error, ROOT_ERROR, ROOT_ERROR_FORMAT);
}

static void test_one_flipped_bit_anywhere_opens_no_root(void)
{
    Keys keys;
    keys_make(&keys);
    g_autoptr(Root) root = root_with(1, &keys.root, &keys.online);
    g_autoptr(Envelope) envelope = sign(root, &keys.root);
    size_t length;
    const uint8_t *bytes = g_bytes_get_data(envelope->payload, &length);
    for (size_t i = 0; i < length; i++) {
        g_autofree uint8_t *copy = g_memdup2(bytes, length);
        copy[i] ^= 1;
        g_autoptr(Envelope) bent = envelope_sign(ENVELOPE_TYPE_ROOT, envelope->payload, &keys.root);
        g_bytes_unref(bent->payload);
        bent->payload = g_bytes_new_take(g_steal_pointer(&copy), length);
        g_assert_null(root_open_first(bent, NULL));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    if (!crypto_init())
        return 1;
    g_test_add_func("/root/first_signed_by_its_own_key_opens",
                    test_first_root_signed_by_its_own_key_opens);
    g_test_add_func("/root/first_signed_by_another_key_is_refused",
                    test_first_root_signed_by_another_key_is_refused);
    g_test_add_func("/root/plan_needs_the_key_with_the_role",
                    test_plan_signed_by_online_key_is_accepted_and_by_root_key_is_not);
    g_test_add_func("/root/threshold_of_two_needs_two_different_keys",
                    test_threshold_of_two_needs_two_different_keys);
    g_test_add_func("/root/grant_for_one_area",
                    test_grant_for_one_area_covers_what_lies_below_and_nothing_else);
    g_test_add_func("/root/successor_needs_both_signatures_and_the_next_number",
                    test_successor_needs_both_signatures_and_the_next_number);
    g_test_add_func("/root/key_under_a_foreign_id_is_refused",
                    test_key_under_a_foreign_id_is_refused);
    g_test_add_func("/root/one_flipped_bit_anywhere_opens_no_root",
                    test_one_flipped_bit_anywhere_opens_no_root);
    return g_test_run();
}
