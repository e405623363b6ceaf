/* Envelopes: what verifies, and every way in which one must not. */
#include "envelope.h"

#include <string.h>

#include "base/base64.h"

typedef struct Fixture {
    Key key;
    Key other;
    GBytes *payload;
    Envelope *envelope;
} Fixture;

static void set_up(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    key_generate(&f->key);
    key_generate(&f->other);
    f->payload = g_bytes_new_static("{\"n\":1}", 7);
    f->envelope = envelope_sign(ENVELOPE_TYPE_PLAN, f->payload, &f->key);
}

static void tear_down(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    envelope_free(f->envelope);
    g_bytes_unref(f->payload);
}

static bool verifies(const Envelope *envelope, const Key *key)
{
    return envelope_verify(envelope, ENVELOPE_TYPE_PLAN, key, NULL);
}

static void assert_fails(const Envelope *envelope, const char *type, const Key *key, int code)
{
    g_autoptr(GError) error = NULL;
    g_assert_false(envelope_verify(envelope, type, key, &error));
    g_assert_error(error, ENVELOPE_ERROR, code);
}

static void what_is_signed_is_the_encoding_of_dsse(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    static const char pae[] = "DSSEv1 33 application/vnd.loa.plan+json;v=1 7 {\"n\":1}";
    g_assert_cmpuint(strlen(ENVELOPE_TYPE_PLAN), ==, 33);
    g_assert_true(
        crypto_verify(f->key.public_key, pae, strlen(pae), f->envelope->signatures[0].signature));
}

static void an_envelope_survives_printing_and_parsing(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    size_t length;
    g_assert_true(envelope_add_signature(f->envelope, &f->other));
    g_autofree char *text = envelope_print(f->envelope, &length);
    g_autoptr(Envelope) again = envelope_parse(text, length, length, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(again->type, ==, ENVELOPE_TYPE_PLAN);
    g_assert_true(g_bytes_equal(again->payload, f->payload));
    g_assert_cmpuint(again->n_signatures, ==, 2);
    g_assert_true(verifies(again, &f->key));
    g_assert_true(verifies(again, &f->other));
    g_assert_null(envelope_parse(text, length, length - 1, &error));
    g_assert_error(error, ENVELOPE_ERROR, ENVELOPE_ERROR_FORMAT);
}

static void every_flipped_bit_of_the_payload_is_noticed(Fixture *f,
                                                        G_GNUC_UNUSED gconstpointer data)
{
    gsize length;
    const char *bytes = g_bytes_get_data(f->payload, &length);
    for (unsigned bit = 0; bit < 8 * length; bit++) {
        char *flipped = g_memdup2(bytes, length);
        flipped[bit / 8] ^= (char)(1 << bit % 8);
        g_bytes_unref(f->envelope->payload);
        f->envelope->payload = g_bytes_new_take(flipped, length);
        assert_fails(f->envelope, ENVELOPE_TYPE_PLAN, &f->key, ENVELOPE_ERROR_SIGNATURE);
    }
    g_bytes_unref(f->envelope->payload);
    f->envelope->payload = g_bytes_new(bytes, length - 1);
    assert_fails(f->envelope, ENVELOPE_TYPE_PLAN, &f->key, ENVELOPE_ERROR_SIGNATURE);
}

static void every_flipped_bit_of_a_signature_is_noticed(Fixture *f,
                                                        G_GNUC_UNUSED gconstpointer data)
{
    uint8_t *signature = f->envelope->signatures[0].signature;
    for (unsigned bit = 0; bit < 8 * CRYPTO_SIGNATURE_BYTES; bit++) {
        signature[bit / 8] ^= (uint8_t)(1 << bit % 8);
        g_assert_false(verifies(f->envelope, &f->key));
        signature[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    g_assert_true(verifies(f->envelope, &f->key));
}

static void another_type_is_refused_and_cannot_be_pretended(Fixture *f,
                                                            G_GNUC_UNUSED gconstpointer data)
{
    assert_fails(f->envelope, ENVELOPE_TYPE_ROOT, &f->key, ENVELOPE_ERROR_TYPE);
    g_free(f->envelope->type);
    f->envelope->type = g_strdup(ENVELOPE_TYPE_ROOT);
    assert_fails(f->envelope, ENVELOPE_TYPE_ROOT, &f->key, ENVELOPE_ERROR_SIGNATURE);
}

static void another_key_or_a_borrowed_name_is_refused(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    assert_fails(f->envelope, ENVELOPE_TYPE_PLAN, &f->other, ENVELOPE_ERROR_SIGNATURE);
    g_strlcpy(f->envelope->signatures[0].keyid, f->other.id, 65);
    assert_fails(f->envelope, ENVELOPE_TYPE_PLAN, &f->other, ENVELOPE_ERROR_SIGNATURE);
    assert_fails(f->envelope, ENVELOPE_TYPE_PLAN, &f->key, ENVELOPE_ERROR_SIGNATURE);
}

static void each_key_counts_once(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    Key third, twin = f->key;
    key_generate(&third);
    Key *all[] = {&f->key, &f->key, &twin, &f->other, &third};
    g_autoptr(GPtrArray) keys = g_ptr_array_new();
    for (unsigned i = 0; i < G_N_ELEMENTS(all); i++)
        g_ptr_array_add(keys, all[i]);
    g_assert_cmpuint(envelope_count_valid(f->envelope, keys), ==, 1);
    envelope_add_signature(f->envelope, &f->key); /* the same again */
    g_assert_cmpuint(envelope_count_valid(f->envelope, keys), ==, 1);
    envelope_add_signature(f->envelope, &f->other);
    g_assert_cmpuint(envelope_count_valid(f->envelope, keys), ==, 2);
    f->envelope->signatures[2].signature[5] ^= 4;
    g_assert_cmpuint(envelope_count_valid(f->envelope, keys), ==, 1);
    g_ptr_array_set_size(keys, 0);
    g_assert_cmpuint(envelope_count_valid(f->envelope, keys), ==, 0);
}

static void a_full_envelope_takes_no_more_signatures(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    for (unsigned i = 1; i < ENVELOPE_MAX_SIGNATURES; i++)
        g_assert_true(envelope_add_signature(f->envelope, &f->other));
    g_assert_false(envelope_add_signature(f->envelope, &f->other));
    g_assert_cmpuint(f->envelope->n_signatures, ==, ENVELOPE_MAX_SIGNATURES);
}

static char *one_signature(const char *keyid, unsigned sig_bytes)
{
    g_autofree char *zeros = g_malloc0(sig_bytes);
    g_autofree char *sig = base64_encode(zeros, sig_bytes);
    return g_strdup_printf("{\"keyid\":\"%s\",\"sig\":\"%s\"}", keyid, sig);
}

static void what_is_no_envelope_is_refused(void)
{
    g_autofree char *id = g_strnfill(64, 'a');
    g_autofree char *big_id = g_strnfill(64, 'A');
    g_autofree char *good = one_signature(id, 64);
    g_autofree char *no_id = one_signature("", 64);
    g_autofree char *upper = one_signature(big_id, 64);
    g_autofree char *small = one_signature(id, 63);
    g_autofree char *large = one_signature(id, 65);
    g_autofree char *eight = g_strjoin(",", good, good, good, good, good, good, good, good, NULL);
    g_autofree char *nine = g_strjoin(",", eight, good, NULL);
    g_autofree char *long_type = g_strnfill(200, 't');
    const struct {
        const char *type, *payload, *signatures;
        bool fine;
    } rows[] = {
        {"t", "e30=", good, true},        {"t", "", good, true},       {"t", "e30=", eight, true},
        {"t", "e30=", nine, false},       {"t", "e30=", "", false},    {"t", "e30=", no_id, false},
        {"t", "e30=", upper, false},      {"t", "e30=", small, false}, {"t", "e30=", large, false},
        {"t", "e30", good, false},        {"t", "e31=", good, false},  {"t", "e3 0=", good, false},
        {"", "e30=", good, false},        {"t", "e30=", "{}", false},  {"t", "e30=", "1", false},
        {long_type, "e30=", good, false},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *text = g_strdup_printf(
            "{\"payloadType\":\"%s\",\"payload\":\"%s\",\"signatures\":[%s],\"new\":1}",
            rows[i].type, rows[i].payload, rows[i].signatures);
        g_autoptr(Envelope) envelope = envelope_parse(text, strlen(text), 1 << 16, &error);
        g_test_message("row %u", i);
        g_assert_cmpint(envelope != NULL, ==, rows[i].fine);
        if (!rows[i].fine)
            g_assert_error(error, ENVELOPE_ERROR, ENVELOPE_ERROR_FORMAT);
    }
    static const char *const whole[] = {"", "{}", "[]", "{\"payloadType\":1}",
                                        "{\"payloadType\":\"t\"}"};
    for (unsigned i = 0; i < G_N_ELEMENTS(whole); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(envelope_parse(whole[i], strlen(whole[i]), 1 << 16, &error));
        g_assert_error(error, ENVELOPE_ERROR, ENVELOPE_ERROR_FORMAT);
    }
}

#define ADD(name, func) g_test_add("/envelope/" name, Fixture, NULL, set_up, func, tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_assert_true(crypto_init());
    ADD("pae", what_is_signed_is_the_encoding_of_dsse);
    ADD("round-trip", an_envelope_survives_printing_and_parsing);
    ADD("payload", every_flipped_bit_of_the_payload_is_noticed);
    ADD("signature", every_flipped_bit_of_a_signature_is_noticed);
    ADD("type", another_type_is_refused_and_cannot_be_pretended);
    ADD("key", another_key_or_a_borrowed_name_is_refused);
    ADD("count", each_key_counts_once);
    ADD("full", a_full_envelope_takes_no_more_signatures);
    g_test_add_func("/envelope/refused", what_is_no_envelope_is_refused);
    return g_test_run();
}
