/* The order is that of docs/protocol.md, "What a station accepts". Nothing is parsed before its
 * size was judged, and no payload before its signatures were. */
#include "link/accept.h"

#include "digest.h"

#include <gio/gio.h>

/* An envelope is base64 (4/3) of the plan with its signatures. */
#define ENVELOPE_MAX (PLAN_MAX_BYTES / 3 * 4 + 16 * 1024)

const char *const accept_words[] = {
    "ok",       "too-large", "no-envelope", "wrong-type", "key-unknown", "bad-signature",
    "not-mine", "old-epoch", "old-version", "malformed",  "unsupported", NULL,
};

static AcceptCode refuse(AcceptCode code, GError **error)
{
    g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, accept_words[code]);
    return code;
}

static AcceptCode check_signatures(const AcceptRules *rules, const Envelope *envelope,
                                   GError **error)
{
    const Identity *identity = rules->identity;
    g_autoptr(GError) wrong = NULL;
    if (root_accepts(identity->root, envelope, ROOT_ROLE_PLAN, identity->area_path, &wrong))
        return ACCEPT_OK;
    bool claims = false; /* somebody known says to have signed */
    for (unsigned i = 0; i < envelope->n_signatures; i++)
        claims |= g_hash_table_contains(identity->root->keys, envelope->signatures[i].keyid);
    g_propagate_error(error, g_steal_pointer(&wrong));
    return claims ? ACCEPT_BAD_SIGNATURE : ACCEPT_KEY_UNKNOWN;
}

static AcceptCode check_addressed(const AcceptRules *rules, const Json *json, const char *sha256,
                                  GError **error)
{
    const char *station = json_peek_text(json, "station");
    int64_t epoch = json_peek_int(json, "epoch", 0);
    int64_t version = json_peek_int(json, "version", 0);

    if (!station || !g_str_equal(station, rules->identity->station))
        return refuse(ACCEPT_NOT_MINE, error);
    if (epoch < rules->epoch)
        return refuse(ACCEPT_OLD_EPOCH, error);
    if (epoch == rules->epoch && version < rules->version)
        return refuse(ACCEPT_OLD_VERSION, error);
    bool same = epoch == rules->epoch && version == rules->version;
    if (same && *rules->sha256 && !g_str_equal(rules->sha256, sha256))
        return refuse(ACCEPT_OLD_VERSION, error);
    return ACCEPT_OK;
}

static AcceptCode open_payload(const AcceptRules *rules, GBytes *payload, Plan **ret_plan,
                               GError **error)
{
    size_t length;
    const char *bytes = g_bytes_get_data(payload, &length);
    if (length > PLAN_MAX_BYTES)
        return refuse(ACCEPT_TOO_LARGE, error);
    g_autoptr(Json) json = json_parse(bytes, length, error);
    if (!json)
        return ACCEPT_MALFORMED;
    g_autofree char *sha256 = digest_hex_of(bytes, length);
    AcceptCode code = check_addressed(rules, json, sha256, error);
    if (code != ACCEPT_OK)
        return code;
    g_autoptr(GError) wrong = NULL;
    *ret_plan = plan_parse(bytes, length, &wrong);
    if (*ret_plan)
        return ACCEPT_OK;
    code = g_error_matches(wrong, PLAN_ERROR, PLAN_ERROR_UNSUPPORTED) ? ACCEPT_UNSUPPORTED
                                                                      : ACCEPT_MALFORMED;
    g_propagate_error(error, g_steal_pointer(&wrong));
    return code;
}

static AcceptCode judge(const AcceptRules *rules, const char *text, size_t length, Plan **ret_plan,
                        GError **error)
{
    if (length > ENVELOPE_MAX)
        return refuse(ACCEPT_TOO_LARGE, error);
    g_autoptr(Envelope) envelope = envelope_parse(text, length, ENVELOPE_MAX, error);
    if (!envelope)
        return ACCEPT_NO_ENVELOPE;
    if (!g_str_equal(envelope->type, ENVELOPE_TYPE_PLAN))
        return refuse(ACCEPT_WRONG_TYPE, error);
    AcceptCode code = check_signatures(rules, envelope, error);
    if (code != ACCEPT_OK)
        return code;
    return open_payload(rules, envelope->payload, ret_plan, error);
}

Plan *accept_plan(const AcceptRules *rules, const char *text, size_t length, AcceptCode *ret_code,
                  GError **error)
{
    Plan *plan = NULL;
    *ret_code = judge(rules, text, length, &plan, error);
    return plan;
}
