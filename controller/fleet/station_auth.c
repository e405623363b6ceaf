/* The station gate: one guard per line, each with its own refusal.
 *
 * A key that was replaced passes on one route alone: it may bring the receipts of its time.
 *
 * Order: is there a signature -> can it be read -> is the key known -> is it in force -> does it
 * cover the body -> does it hold -> is it of now -> is it the first time. The nonce is used up
 * last, by a signature that holds: nobody can burn another station's nonces. Comparing a signature
 * costs 60 us, so strangers are turned away at the key, before it. */
#include "fleet/station_auth.h"

#include <string.h>

#include "fleet/time_ticket.h"
#include "http_signature.h"
#include "registry/station_key_store.h"

#define RECEIPTS_PATH "/station/v1/receipts"

/* Longer than any signature is of now: a `created` ahead of us, or a ticket. */
#define NONCE_KEPT_S (2 * STATION_AUTH_SKEW_S + 1)

static const ProblemKind signature_missing = {
    "signature-missing", 401, "Yêu cầu chưa được ký. Trạm phải ký bằng khóa của mình.",
    "The request is not signed. A station signs with its own key."};
static const ProblemKind signature_invalid = {"signature-invalid", 401,
                                              "Chữ ký của yêu cầu không đúng.",
                                              "The signature of the request does not hold."};
static const ProblemKind signature_stale = {
    "signature-stale", 401, "Chữ ký đã quá cũ hoặc đồng hồ của trạm bị sai. Hãy chỉnh giờ trạm.",
    "The signature is too old or the station's clock is wrong. Set the station's clock."};
static const ProblemKind signature_replayed = {
    "signature-replayed", 401, "Yêu cầu này đã được gửi rồi.", "This request was sent before."};
static const ProblemKind key_unknown = {
    "key-unknown", 401, "Không biết khóa này. Trạm cần được ghép lại.",
    "This key is not known. The station has to be paired again."};
const ProblemKind station_auth_revoked = {"key-revoked", 403,
                                          "Khóa này đã bị thu hồi: trạm đã ngừng sử dụng.",
                                          "This key was revoked: the station is out of service."};
const ProblemKind station_auth_replaced = {"key-replaced", 403,
                                           "Thiết bị này đã được thay bằng thiết bị khác.",
                                           "Another device has taken this one's place."};
const ProblemKind station_auth_not_yours = {"not-yours", 403, "Thông tin này thuộc về trạm khác.",
                                            "This belongs to another station."};

struct StationAuth {
    Database *database;
    NonceStore *nonces;
    RefusalLog *refusals;
};

StationAuth *station_auth_new(Database *database, NonceStore *nonces, RefusalLog *refusals)
{
    StationAuth *self = g_new0(StationAuth, 1);
    self->database = database;
    self->nonces = nonces;
    self->refusals = refusals;
    return self;
}

void station_auth_free(StationAuth *self)
{
    g_free(self);
}

Reply *station_auth_refuse(StationAuth *self, const Request *request, const ProblemKind *kind,
                           const char *keyid)
{
    refusal_log_add(self->refusals, kind->slug, keyid ? keyid : "", request_remote(request),
                    request_now_us(request));
    return reply_problem(kind);
}

static bool has_signature(const Request *request)
{
    return request_header(request, "Signature-Input") && request_header(request, "Signature");
}

static bool covers_body(const Request *request, const HttpSignatureParams *params)
{
    GBytes *body = request_body(request);
    size_t length = 0;
    const void *bytes = body ? g_bytes_get_data(body, &length) : NULL;
    const char *claimed = request_header(request, "Content-Digest");
    if (!params->covers_digest)
        return length == 0;
    g_autofree char *digest = http_signature_digest(bytes ? bytes : "", length);
    return claimed && g_str_equal(claimed, digest);
}

static bool holds(const Request *request, const HttpSignatureParams *params, const Key *key)
{
    HttpSignatureInput input = {
        .method = request_method(request),
        .path = request_path(request),
        .query = request_raw_query(request),
        .content_digest = params->covers_digest ? request_header(request, "Content-Digest") : NULL,
        .created = params->created,
        .nonce = params->nonce,
    };
    return http_signature_verify(&input, params, request_header(request, "Signature"), key);
}

/* By its own word, or, from a station that does not know the time, by a ticket of ours. */
static bool is_of_now(const HttpSignatureParams *params, int64_t now_s)
{
    bool near = params->created >= now_s - STATION_AUTH_SKEW_S &&
                params->created <= now_s + STATION_AUTH_SKEW_S;
    return near || time_ticket_holds(params->nonce, now_s);
}

/* What is wrong with a request that claims to come from `key`; NULL = nothing. */
static const ProblemKind *judge(StationAuth *self, const Request *request,
                                const HttpSignatureParams *params, const Key *key, GError **error)
{
    int64_t now_s = request_now_us(request) / G_USEC_PER_SEC;
    if (!g_str_equal(params->keyid, key->id))
        return &signature_invalid;
    if (!covers_body(request, params))
        return &signature_invalid;
    if (!holds(request, params, key))
        return &signature_invalid;
    if (!is_of_now(params, now_s))
        return &signature_stale;
    int64_t expires_us = (now_s + NONCE_KEPT_S) * G_USEC_PER_SEC;
    if (!nonce_store_use(self->nonces, key->id, params->nonce, expires_us, error))
        return &signature_replayed;
    return NULL;
}

static Reply *judge_key(StationAuth *self, const Request *request,
                        const HttpSignatureParams *params, const Key *key, bool is_known)
{
    g_autoptr(GError) error = NULL;
    const ProblemKind *wrong = judge(self, request, params, key, &error);
    if (error)
        return reply_error(error);
    return wrong ? station_auth_refuse(self, request, wrong, is_known ? key->id : "") : NULL;
}

Reply *station_auth_check_key(StationAuth *self, Request *request, const Key *key)
{
    if (!has_signature(request))
        return station_auth_refuse(self, request, &signature_missing, "");
    HttpSignatureParams params;
    if (!http_signature_parse(request_header(request, "Signature-Input"), &params, NULL))
        return station_auth_refuse(self, request, &signature_invalid, "");
    Reply *refusal = judge_key(self, request, &params, key, false);
    http_signature_params_clear(&params);
    return refusal;
}

char *station_auth_claimed(const Request *request)
{
    const char *input = request_header(request, "Signature-Input");
    HttpSignatureParams params;
    if (!input || !http_signature_parse(input, &params, NULL))
        return NULL;
    char *keyid = g_strdup(params.keyid);
    http_signature_params_clear(&params);
    return keyid;
}

static void caller_free(gpointer data)
{
    StationCaller *caller = data;
    station_free(caller->station);
    g_free(caller);
}

/* The station of a key, in force or replaced; NULL without error when nobody has had it. */
static StationCaller *find_caller(StationAuth *self, const char *keyid, GError **error)
{
    g_autoptr(GError) failed = NULL;
    g_autoptr(Station) station = station_store_by_key(self->database, keyid, &failed);
    g_autoptr(StationKey) old =
        station || failed ? NULL : station_key_store_get(self->database, keyid, &failed);
    if (old)
        station = station_store_get(self->database, old->station, &failed);
    if (failed) {
        g_propagate_error(error, g_steal_pointer(&failed));
        return NULL;
    }
    if (!station)
        return NULL;
    const uint8_t *public_key = old ? old->public_key : station->public_key;
    StationCaller *caller = g_new0(StationCaller, 1);
    caller->replaced_us = old ? old->replaced_us : 0;
    caller->cloned_us = old ? old->cloned_us : station->cloned_us;
    if (!key_from_public(public_key, CRYPTO_PUBLIC_BYTES, &caller->key))
        caller->key = (Key){0}; /* signs nothing */
    caller->station = g_steal_pointer(&station);
    return caller;
}

static const ProblemKind *judge_standing(const StationCaller *caller, const Route *route)
{
    if (caller->station->retired_us)
        return &station_auth_revoked;
    bool brings = route && g_str_equal(route->path, RECEIPTS_PATH);
    return caller->replaced_us && !brings ? &station_auth_replaced : NULL;
}

static Reply *admit(StationAuth *self, Request *request, const Route *route,
                    const HttpSignatureParams *params)
{
    g_autoptr(GError) error = NULL;
    StationCaller *caller = find_caller(self, params->keyid, &error);
    if (!caller)
        return error ? reply_error(error) : station_auth_refuse(self, request, &key_unknown, "");
    const ProblemKind *standing = judge_standing(caller, route);
    Reply *refusal = standing ? station_auth_refuse(self, request, standing, params->keyid)
                              : judge_key(self, request, params, &caller->key, true);
    if (refusal)
        caller_free(caller);
    else
        request_set_caller(request, caller, caller_free);
    return refusal;
}

Reply *station_auth_gate(void *user, Request *request, const Route *route)
{
    StationAuth *self = user;
    if (!has_signature(request))
        return station_auth_refuse(self, request, &signature_missing, "");
    HttpSignatureParams params;
    if (!http_signature_parse(request_header(request, "Signature-Input"), &params, NULL))
        return station_auth_refuse(self, request, &signature_invalid, "");
    Reply *refusal = admit(self, request, route, &params);
    http_signature_params_clear(&params);
    return refusal;
}

const StationCaller *station_auth_caller(const Request *request)
{
    return request_caller(request);
}
