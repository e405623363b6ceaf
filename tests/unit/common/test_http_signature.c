/* RFC 9421 as the link uses it: the exact base, and a table of everything that must not pass. */
#include "http_signature.h"

#include <string.h>

#include "base/base64.h"
#include "digest.h"

#define NONCE "0123456789abcdef0123456789abcdef"

typedef struct Fixture {
    Key key;
    HttpSignatureInput input;
    char *digest;
    HttpSignatureHeaders *headers;
} Fixture;

static void set_up(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    key_generate(&f->key);
    f->digest = http_signature_digest("{\"a\":1}", 7);
    f->input = (HttpSignatureInput){.method = "POST",
                                    .path = "/station/v1/receipts",
                                    .query = "?a=b&c",
                                    .content_digest = f->digest,
                                    .created = 1795325400,
                                    .nonce = NONCE};
    f->headers = http_signature_make(&f->input, &f->key);
}

static void tear_down(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    http_signature_headers_free(f->headers);
    g_free(f->digest);
}

static bool passes(const char *signature_input, const char *signature,
                   const HttpSignatureInput *input, const Key *key)
{
    HttpSignatureParams params = {0};
    if (!http_signature_parse(signature_input, &params, NULL))
        return false;
    bool verified = http_signature_verify(input, &params, signature, key);
    http_signature_params_clear(&params);
    return verified;
}

/* Signs any base by hand, as a hostile or foolish signer could. */
static char *sign_base(const Key *key, const char *base)
{
    uint8_t signature[CRYPTO_SIGNATURE_BYTES];
    crypto_sign_message(key->secret, base, strlen(base), signature);
    g_autofree char *encoded = base64_encode(signature, sizeof signature);
    return g_strconcat("loa=:", encoded, ":", NULL);
}

static void the_digest_header_is_that_of_rfc_9530(void)
{
    g_autofree char *digest = http_signature_digest("{\"hello\": \"world\"}\n", 19);
    g_assert_cmpstr(digest, ==, "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:");
}

static void the_base_is_the_one_of_the_rfc(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    g_autofree char *params = g_strdup_printf(
        "(\"@method\" \"@path\" \"@query\" \"content-digest\");created=1795325400;nonce=\"" NONCE
        "\";keyid=\"%s\";alg=\"ed25519\"",
        f->key.id);
    g_autofree char *input = g_strconcat("loa=", params, NULL);
    g_autofree char *base = g_strdup_printf("\"@method\": POST\n"
                                            "\"@path\": /station/v1/receipts\n"
                                            "\"@query\": ?a=b&c\n"
                                            "\"content-digest\": %s\n"
                                            "\"@signature-params\": %s",
                                            f->digest, params);
    g_autofree char *signature = sign_base(&f->key, base);
    g_assert_cmpstr(f->headers->signature_input, ==, input);
    g_assert_cmpstr(f->headers->signature, ==, signature);
}

/* Made by check_http_signature.py with python3-cryptography, from the secret 00 01 02 ... 1f. */
static void an_independent_implementation_makes_the_same_signature(Fixture *f,
                                                                   G_GNUC_UNUSED gconstpointer data)
{
    static const char public_hex[] =
        "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8";
    static const char expected[] = "loa=:a+Jmc0hrraANILpCb3fporOBw0dpW+ok3hO/RshIH2nC"
                                   "ApZdH7a371V0MOjwXxdtq96DJhYFhxuxhOZUZ7a4BA==:";
    Key key;
    uint8_t public_key[CRYPTO_PUBLIC_BYTES];
    g_assert_true(digest_from_hex(public_hex, public_key, sizeof public_key));
    g_assert_true(key_from_public(public_key, sizeof public_key, &key));
    for (unsigned i = 0; i < 32; i++)
        key.secret[i] = (uint8_t)i;
    memcpy(key.secret + 32, public_key, sizeof public_key);
    key.has_secret = true;
    g_autoptr(HttpSignatureHeaders) headers = http_signature_make(&f->input, &key);
    g_assert_cmpstr(headers->signature, ==, expected);
    g_assert_true(passes(headers->signature_input, expected, &f->input, &key));
}

static void the_base_without_a_body_has_no_digest_line(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    HttpSignatureInput input = {
        .method = "GET", .path = "/", .query = "?", .created = 0, .nonce = NONCE};
    g_autoptr(HttpSignatureHeaders) headers = http_signature_make(&input, &f->key);
    const char *params = headers->signature_input + strlen("loa=");
    g_autofree char *base = g_strdup_printf("\"@method\": GET\n\"@path\": /\n\"@query\": ?\n"
                                            "\"@signature-params\": %s",
                                            params);
    g_autofree char *signature = sign_base(&f->key, base);
    g_assert_true(g_str_has_prefix(params, "(\"@method\" \"@path\" \"@query\");created=0;nonce="));
    g_assert_cmpstr(headers->signature, ==, signature);
    g_assert_true(passes(headers->signature_input, headers->signature, &input, &f->key));
}

static void what_was_signed_verifies_and_says_who_and_when(Fixture *f,
                                                           G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    HttpSignatureParams params = {0};
    g_assert_true(http_signature_parse(f->headers->signature_input, &params, &error));
    g_assert_no_error(error);
    g_assert_cmpint(params.created, ==, 1795325400);
    g_assert_cmpstr(params.nonce, ==, NONCE);
    g_assert_cmpstr(params.keyid, ==, f->key.id);
    g_assert_true(params.covers_digest);
    g_assert_true(http_signature_verify(&f->input, &params, f->headers->signature, &f->key));
    http_signature_params_clear(&params);
    g_assert_null(params.params);
}

static void each_component_that_was_changed_is_noticed(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    HttpSignatureInput rows[12];
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++)
        rows[i] = f->input;
    g_autofree char *other_digest = http_signature_digest("{\"a\":2}", 7);
    rows[0].method = "PUT";
    rows[1].method = "post";
    rows[2].path = "/station/v1/receipts/";
    rows[3].path = "/station/v1/health";
    rows[4].query = "?";
    rows[5].query = "?a=b&d";
    rows[6].content_digest = other_digest;
    rows[7].content_digest = NULL;
    rows[8].path = "/station/v1/receipts\n\"@query\": ?a=b&c";
    rows[9].path = "";
    rows[10].query = "";
    rows[11].path = f->input.query; /* swapped */
    rows[11].query = f->input.path;
    g_assert_true(passes(f->headers->signature_input, f->headers->signature, &f->input, &f->key));
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_test_message("row %u", i);
        g_assert_false(
            passes(f->headers->signature_input, f->headers->signature, &rows[i], &f->key));
    }
}

/* Replaces the one occurrence of `from` in Signature-Input. */
static char *edit(const char *text, const char *from, const char *to)
{
    g_auto(GStrv) parts = g_strsplit(text, from, -1);
    g_assert_cmpuint(g_strv_length(parts), ==, 2);
    return g_strjoinv(to, parts);
}

/* Each of them is refused by the parser, or, where it still parses, by the signature. */
static void each_parameter_that_was_changed_is_noticed(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    static const struct {
        const char *from, *to;
        bool parses;
    } rows[] = {
        {"created=1795325400", "created=1795325401", true},
        {"nonce=\"0", "nonce=\"1", true},
        {"\"@method\" \"@path\"", "\"@path\" \"@method\"", false},
        {"\"@query\" \"content-digest\"", "\"content-digest\" \"@query\"", false},
        {" \"@query\"", "", false},
        {"\"@path\" ", "\"@path\"  ", false},
        {"\"@path\"", "\"@authority\"", false},
        {"\"@path\"", "\"@path\";req", false},
        {"\"content-digest\"", "\"content-digest\" \"date\"", false},
        {" \"content-digest\"", "", true},
        {";created=1795325400", "", false},
        {";created=1795325400", ";created=1795325400;created=1795325400", false},
        {";created=1795325400", ";created=01795325400", false},
        {";created=1795325400", ";created=-1795325400", false},
        {";created=1795325400", ";created=+1795325400", false},
        {";created=1795325400", ";created=1795325400.0", false},
        {";created=1795325400", ";created=\"1795325400\"", false},
        {";created=1795325400", ";created=1234567890123456", false},
        {";created=1795325400", "; created=1795325400", false},
        {";created=1795325400", ";created=", false},
        {";nonce=\"" NONCE "\"", "", false},
        {";nonce=\"" NONCE "\"", ";nonce=\"" NONCE "\";nonce=\"" NONCE "\"", false},
        {";nonce=\"" NONCE "\"", ";nonce=\"" NONCE "0\"", false},
        {";nonce=\"" NONCE "\"", ";nonce=\"0123456789ABCDEF0123456789ABCDEF\"", false},
        {";nonce=\"" NONCE "\"", ";nonce=\"\"", false},
        {";nonce=\"" NONCE "\"", ";nonce=" NONCE, false},
        {";nonce=\"" NONCE "\"", ";nonce=\"" NONCE, false},
        {"keyid=\"", "keyid=\"0", false},
        {";alg=\"ed25519\"", "", false},
        {";alg=\"ed25519\"", ";alg=\"none\"", false},
        {";alg=\"ed25519\"", ";alg=\"hmac-sha256\"", false},
        {";alg=\"ed25519\"", ";alg=\"ed25519\";alg=\"ed25519\"", false},
        {";alg=\"ed25519\"", ";alg=ed25519", false},
        {";alg=\"ed25519\"", ";alg=\"ed25519\";tag=\"x\"", false},
        {";alg=\"ed25519\"", ";alg=\"ed25519\" ", false},
        {";alg=\"ed25519\"", ";alg=\"ed25519\", loa=()", false},
        {"loa=", "lob=", false},
        {"loa=", " loa=", false},
        {"loa=", "", false},
        {"loa=", "sig1=(\"@method\");created=1, loa=", false},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *changed = edit(f->headers->signature_input, rows[i].from, rows[i].to);
        HttpSignatureParams params = {0};
        g_autoptr(GError) error = NULL;
        g_test_message("row %u: %s", i, changed);
        g_assert_cmpint(http_signature_parse(changed, &params, &error), ==, rows[i].parses);
        if (!rows[i].parses)
            g_assert_error(error, HTTP_SIGNATURE_ERROR, HTTP_SIGNATURE_ERROR_FORMAT);
        http_signature_params_clear(&params);
        g_assert_false(passes(changed, f->headers->signature, &f->input, &f->key));
    }
    g_assert_false(passes(NULL, f->headers->signature, &f->input, &f->key));
    g_assert_false(passes("", f->headers->signature, &f->input, &f->key));
    g_autofree char *long_one = g_strnfill(100000, ';');
    g_assert_false(passes(long_one, f->headers->signature, &f->input, &f->key));
}

static void the_signature_header_has_one_spelling(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    const char *good = f->headers->signature;
    size_t length = strlen(good);
    g_autofree char *no_label = g_strdup(good + 4);
    g_autofree char *other_label = g_strconcat("sig", good + 3, NULL);
    g_autofree char *no_colon = g_strndup(good, length - 1);
    g_autofree char *short_one = g_strconcat("loa=:", good + 9, NULL);
    g_autofree char *space = g_strconcat(good, " ", NULL);
    g_autofree char *padded = g_strconcat("loa=: ", good + 5, NULL);
    const char *rows[] = {NULL,        "",       "loa=", "loa=:",   "loa=::", no_label,
                          other_label, no_colon, space,  short_one, padded};
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_test_message("row %u", i);
        g_assert_false(passes(f->headers->signature_input, rows[i], &f->input, &f->key));
    }
}

static void another_key_does_not_verify_even_under_this_name(Fixture *f,
                                                             G_GNUC_UNUSED gconstpointer data)
{
    Key other;
    key_generate(&other);
    g_assert_false(passes(f->headers->signature_input, f->headers->signature, &f->input, &other));
    g_strlcpy(other.id, f->key.id, sizeof other.id);
    g_assert_false(passes(f->headers->signature_input, f->headers->signature, &f->input, &other));
}

/* A key that signs well, but says that it covers less than the base has, or that it is someone
 * else. */
static void a_signer_that_lies_about_itself_is_refused(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    Key other;
    key_generate(&other);
    const char *names[] = {f->key.id, other.id};
    for (unsigned i = 0; i < 2; i++) {
        bool with_digest = i == 0;
        g_autofree char *params =
            g_strdup_printf("(\"@method\" \"@path\" \"@query\");created=1;nonce=\"" NONCE
                            "\";keyid=\"%s\";alg=\"ed25519\"",
                            names[i]);
        g_autofree char *base =
            g_strdup_printf("\"@method\": GET\n\"@path\": /\n\"@query\": ?\n%s%s%s"
                            "\"@signature-params\": %s",
                            with_digest ? "\"content-digest\": " : "", with_digest ? f->digest : "",
                            with_digest ? "\n" : "", params);
        g_autofree char *signature = sign_base(&f->key, base);
        g_autofree char *header = g_strconcat("loa=", params, NULL);
        HttpSignatureInput input = {.method = "GET",
                                    .path = "/",
                                    .query = "?",
                                    .content_digest = with_digest ? f->digest : NULL};
        g_assert_false(passes(header, signature, &input, &f->key));
    }
}

static void parameters_in_another_order_are_the_signers_own(Fixture *f,
                                                            G_GNUC_UNUSED gconstpointer data)
{
    g_autofree char *params = g_strdup_printf(
        "(\"@method\" \"@path\" \"@query\");alg=\"ed25519\";keyid=\"%s\";nonce=\"" NONCE
        "\";created=1",
        f->key.id);
    g_autofree char *base = g_strdup_printf(
        "\"@method\": GET\n\"@path\": /\n\"@query\": ?\n\"@signature-params\": %s", params);
    g_autofree char *signature = sign_base(&f->key, base);
    g_autofree char *header = g_strconcat("loa=", params, NULL);
    HttpSignatureInput input = {.method = "GET", .path = "/", .query = "?"};
    g_assert_true(passes(header, signature, &input, &f->key));
}

static void values_that_could_forge_a_line_are_not_signed(Fixture *f,
                                                          G_GNUC_UNUSED gconstpointer data)
{
    HttpSignatureInput rows[] = {f->input, f->input, f->input, f->input};
    rows[0].method = "GET\n";
    rows[1].path = "/đài";
    rows[2].query = "a=b";
    rows[3].content_digest = "";
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++)
        g_assert_null(http_signature_make(&rows[i], &f->key));
}

#define ADD(name, func) g_test_add("/http-signature/" name, Fixture, NULL, set_up, func, tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_assert_true(crypto_init());
    g_test_add_func("/http-signature/digest", the_digest_header_is_that_of_rfc_9530);
    ADD("base", the_base_is_the_one_of_the_rfc);
    ADD("independent", an_independent_implementation_makes_the_same_signature);
    ADD("base-no-body", the_base_without_a_body_has_no_digest_line);
    ADD("round-trip", what_was_signed_verifies_and_says_who_and_when);
    ADD("components", each_component_that_was_changed_is_noticed);
    ADD("parameters", each_parameter_that_was_changed_is_noticed);
    ADD("signature", the_signature_header_has_one_spelling);
    ADD("key", another_key_does_not_verify_even_under_this_name);
    ADD("liar", a_signer_that_lies_about_itself_is_refused);
    ADD("order", parameters_in_another_order_are_the_signers_own);
    ADD("forgery", values_that_could_forge_a_line_are_not_signed);
    return g_test_run();
}
