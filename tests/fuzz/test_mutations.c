/* Forged envelopes: a valid plan and a valid receipt, changed at random in their text or in the
 * decoded parts. None may be accepted unless payload and signature are still the very same bytes.
 * LOA_MUTATIONS says how many of each (100000), LOA_SEED where to begin. */
#include <string.h>

#include "../crash/dice.h"
#include "base/base64.h"
#include "link/accept.h"
#include "wire/receipt.h"

#ifndef MUTATIONS
#define MUTATIONS 100000
#endif
#define ISSUED_US INT64_C(1795000000000000)
#define TEXT_MAX  (1024 * 1024)

typedef struct Fixture {
    Dice dice;
    Key key;
    Identity identity;
    Envelope *envelope;
    char *text;
    size_t length;
    unsigned parsed_but_other; /* forgeries that only the signature stopped */
} Fixture;

static Json *plan_document(void)
{
    g_autoptr(Plan) plan = plan_new();
    plan->station = g_strdup("tram-01");
    plan->epoch = plan->version = 1;
    plan->issued_us = plan->from_us = plan->until_us = ISSUED_US;
    g_ptr_array_add(plan->area_path, g_strdup("xa-01"));
    PlanAiring *airing = plan_airing_new();
    airing->id = plan_airing_id("s1", ISSUED_US, 0, "tram-01");
    airing->broadcast = g_strdup("br1");
    airing->start_us = airing->start_by_us = ISSUED_US;
    airing->title = g_strdup("Bản tin sáng");
    PlanItem *item = plan_item_new();
    item->bulletin = g_strdup("b1");
    item->bulletin_version = g_strdup("v1");
    item->sha256 = g_strnfill(64, 'a');
    item->frames = 48000;
    g_ptr_array_add(airing->items, item);
    g_ptr_array_add(plan->airings, airing);
    return plan_to_json(plan);
}

static Json *receipt_document(const Key *key)
{
    g_autoptr(Receipt) receipt = receipt_new();
    receipt->station = g_strdup("tram-01");
    receipt->keyid = g_strdup(key->id);
    receipt->counter = 1;
    receipt->boot_id = g_strnfill(32, '0');
    receipt->airing = g_strnfill(32, 'b');
    receipt->broadcast = g_strdup("br1");
    receipt->planned_us = receipt->resolved_us = receipt->made_us = ISSUED_US;
    receipt->outcome = OUTCOME_MISSED;
    receipt->reason = REASON_DEVICE_FAULT;
    return receipt_to_json(receipt);
}

static void sign(Fixture *f, const char *type, Json *take_document)
{
    g_autoptr(GBytes) payload = json_print_bytes(take_document);
    json_drop(take_document);
    f->envelope = envelope_sign(type, payload, &f->key);
    f->text = envelope_print(f->envelope, &f->length);
}

static void set_up(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    const char *seed = g_getenv("LOA_SEED");
    f->dice = dice_of(seed ? g_ascii_strtoull(seed, NULL, 10) : 1);
    key_generate(&f->key);
    f->identity.station = g_strdup("tram-01");
    f->identity.area_path = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(f->identity.area_path, g_strdup("xa-01"));
    f->identity.root = root_new();
    root_add_key(f->identity.root, &f->key);
    root_grant(f->identity.root, ROOT_ROLE_PLAN, &f->key);
}

static void tear_down(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    g_free(f->identity.station);
    g_ptr_array_unref(f->identity.area_path);
    root_free(f->identity.root);
    envelope_free(f->envelope);
    g_free(f->text);
}

/* One change of a few bytes: flip, replace, remove, insert, repeat or swap. */
static void change(GByteArray *bytes, Dice *dice)
{
    unsigned at = dice_below(dice, bytes->len), other = dice_below(dice, bytes->len);
    unsigned span = 1 + dice_below(dice, MIN(8, bytes->len - at));
    guint8 any[8];
    for (unsigned i = 0; i < sizeof any; i++)
        any[i] = (guint8)(dice_chance(dice, 50) ? dice_below(dice, 256) : bytes->data[other]);
    g_autofree guint8 *tail = g_memdup2(bytes->data + at, bytes->len - at);
    guint rest = bytes->len - at;
    switch (dice_below(dice, 6)) {
    case 0: bytes->data[at] ^= (guint8)(1 << dice_below(dice, 8)); break;
    case 1: memcpy(bytes->data + at, any, span); break;
    case 2: g_byte_array_remove_range(bytes, at, MIN(span, bytes->len - 1)); break;
    case 3:
        g_byte_array_set_size(bytes, at);
        g_byte_array_append(bytes, any, span);
        g_byte_array_append(bytes, tail, rest);
        break;
    case 4: g_byte_array_append(bytes, tail, MIN(rest, 64)); break;
    default: bytes->data[at] = bytes->data[other]; bytes->data[other] = tail[0];
    }
}

/* In the text as it travels. */
static GByteArray *mutate_text(Fixture *f)
{
    GByteArray *bytes = g_byte_array_new();
    g_byte_array_append(bytes, (const guint8 *)f->text, (guint)f->length);
    for (unsigned n = 1 + dice_below(&f->dice, 3); n > 0; n--)
        change(bytes, &f->dice);
    return bytes;
}

/* In what the text means, so that only the signature can tell. */
static GByteArray *mutate_meaning(Fixture *f)
{
    Envelope forged = *f->envelope;
    gsize length;
    const void *payload = g_bytes_get_data(f->envelope->payload, &length);
    GByteArray *bytes = g_byte_array_new();
    g_byte_array_append(bytes, payload, (guint)length);
    if (dice_chance(&f->dice, 70))
        change(bytes, &f->dice);
    else
        forged.signatures[0].signature[dice_below(&f->dice, CRYPTO_SIGNATURE_BYTES)] ^=
            (guint8)(1 << dice_below(&f->dice, 8));
    forged.payload = g_byte_array_free_to_bytes(bytes);
    size_t text_length;
    guint8 *text = (guint8 *)envelope_print(&forged, &text_length);
    g_bytes_unref(forged.payload);
    return g_byte_array_new_take(text, text_length);
}

static bool means_the_same(const Fixture *f, const Envelope *envelope)
{
    return strcmp(envelope->type, f->envelope->type) == 0 &&
           g_bytes_equal(envelope->payload, f->envelope->payload) &&
           memcmp(envelope->signatures[0].signature, f->envelope->signatures[0].signature,
                  CRYPTO_SIGNATURE_BYTES) == 0;
}

static bool accepts_plan(Fixture *f, const char *text, size_t length)
{
    AcceptCode code;
    AcceptRules rules = {.identity = &f->identity, .sha256 = ""};
    g_autoptr(Plan) plan = accept_plan(&rules, text, length, &code, NULL);
    return plan != NULL;
}

static bool accepts_receipt(Fixture *f, const char *text, size_t length)
{
    g_autoptr(Envelope) envelope = envelope_parse(text, length, TEXT_MAX, NULL);
    return envelope && envelope_verify(envelope, ENVELOPE_TYPE_RECEIPT, &f->key, NULL);
}

static void forge(Fixture *f, bool (*accepts)(Fixture *, const char *, size_t))
{
    g_autoptr(GByteArray) bytes = dice_chance(&f->dice, 50) ? mutate_text(f) : mutate_meaning(f);
    const char *text = (const char *)bytes->data;
    g_autoptr(Envelope) envelope = envelope_parse(text, bytes->len, TEXT_MAX, NULL);
    bool same = envelope && means_the_same(f, envelope);
    f->parsed_but_other += envelope && !same;
    if (!same && accepts(f, text, bytes->len))
        g_error("a forgery was accepted: %.*s", (int)bytes->len, text);
}

static void forge_many(Fixture *f, bool (*accepts)(Fixture *, const char *, size_t))
{
    const char *wanted = g_getenv("LOA_MUTATIONS");
    unsigned n = wanted ? (unsigned)g_ascii_strtoull(wanted, NULL, 10) : MUTATIONS;
    g_assert_true(accepts(f, f->text, f->length));
    for (unsigned i = 0; i < n; i++)
        forge(f, accepts);
    g_test_message("%u forgeries, %u of them whole envelopes", n, f->parsed_but_other);
    g_assert_cmpuint(f->parsed_but_other, >, n / 3);
}

static void no_changed_plan_is_accepted(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    sign(f, ENVELOPE_TYPE_PLAN, plan_document());
    forge_many(f, accepts_plan);
}

static void no_changed_receipt_is_accepted(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    sign(f, ENVELOPE_TYPE_RECEIPT, receipt_document(&f->key));
    forge_many(f, accepts_receipt);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_assert_true(crypto_init());
    g_test_add("/mutations/plan", Fixture, NULL, set_up, no_changed_plan_is_accepted, tear_down);
    g_test_add("/mutations/receipt", Fixture, NULL, set_up, no_changed_receipt_is_accepted,
               tear_down);
    return g_test_run();
}
