/* GET /time with a nonce of our own: an answer that holds is true somewhere between the question
 * and now, so the middle is taken and half of the way is the error.
 *
 * A clock that is years off makes every certificate look invalid, so after a failure the question
 * goes by plain http and back in turn: the signature decides, not the way it came. A station that
 * nobody has accepted yet has no root and believes no time, but needs the ticket to be heard. */
#include "link/time_sync.h"

#include "base/log.h"
#include "link/retry.h"

#include <string.h>

#define FIRST_MS     1000
#define MAX_MS       (5 * 60 * 1000)
#define LOST_MS      (200 * 1000) /* before the ticket runs out */
#define STEERING_MS  (10 * 60 * 1000)
#define KEPT_MS      (60 * 60 * 1000)
#define HURRY_US     (INT64_C(20) * G_USEC_PER_SEC) /* a 401 asks at most so often */
#define TIMEOUT_MS   10000
#define MAX_ANSWER   4096
#define ENVELOPE_MAX 4096

struct TimeSync {
    Connection *connection;
    Trust *trust;
    const Clock *clock;
    Refusals *refusals;
    const Identity *identity;
    HttpCall *call;
    Retry retry;
    char *nonce;
    int64_t asked_us; /* boottime; 0 = never */
    bool plain;
    bool wrong_said;
};

/* The time in an answer, and whether one who may tell it has signed. */
static bool open_answer(const TimeSync *self, const HttpAnswer *answer, SignedTime *ret_time,
                        bool *ret_holds)
{
    size_t length;
    const char *text = g_bytes_get_data(answer->body, &length);
    g_autoptr(Envelope) envelope = envelope_parse(text, length, ENVELOPE_MAX, NULL);
    if (!envelope || !g_str_equal(envelope->type, ENVELOPE_TYPE_TIME))
        return false;
    *ret_holds = self->identity && root_accepts(self->identity->root, envelope, ROOT_ROLE_PLAN,
                                                self->identity->area_path, NULL);
    return signed_time_parse(envelope->payload, ret_time, NULL) &&
           g_str_equal(ret_time->nonce, self->nonce);
}

static void tell_contradiction(TimeSync *self, Judgement judgement)
{
    if (judgement.contradicted && !self->wrong_said)
        log_warning("this machine's clock and the controller's signed time disagree by more than a "
                    "minute; nothing scheduled plays until one of them is right");
    self->wrong_said = judgement.contradicted;
}

static void refuse(TimeSync *self, const char *why)
{
    refusals_add(self->refusals, "time", why);
    log_warning("the controller's time is not believed (%s); not used", why);
}

/* How long the answer is good for. */
static unsigned settle(TimeSync *self, const SignedTime *time, bool holds)
{
    int64_t now_us = clock_boottime_us(self->clock);
    int64_t half_us = (now_us - self->asked_us) / 2;
    if (holds)
        trust_take_signed(self->trust, time->utc_us, now_us - half_us, half_us);
    else if (self->identity)
        refuse(self, "bad-signature");
    Judgement judgement = trust_now(self->trust);
    tell_contradiction(self, judgement);
    bool lost = judgement.level < TRUST_SYNCED;
    connection_set_ticket(self->connection, lost ? time->ticket : NULL);
    if (lost)
        return LOST_MS;
    return judgement.by_signed ? STEERING_MS : KEPT_MS;
}

static void on_done(const HttpAnswer *answer, void *user)
{
    TimeSync *self = user;
    SignedTime time;
    bool holds = false;
    self->call = NULL;
    if (answer->status == 200 && open_answer(self, answer, &time, &holds)) {
        retry_after(&self->retry, settle(self, &time, holds));
        return;
    }
    if (answer->status == 200)
        refuse(self, "malformed");
    self->plain = !self->plain && connection_has_plain(self->connection);
    retry_later(&self->retry, answer);
}

static void ask(void *user)
{
    TimeSync *self = user;
    g_free(self->nonce);
    self->nonce = crypto_random_hex(SIGNED_TIME_NONCE_HEX / 2);
    g_autofree char *path = g_strconcat("/time?nonce=", self->nonce, NULL);
    self->asked_us = clock_boottime_us(self->clock);
    self->call = connection_send(self->connection, &(ConnectionCall){
                                                       .method = "GET",
                                                       .path = path,
                                                       .bare = true,
                                                       .plain = self->plain,
                                                       .max_answer = MAX_ANSWER,
                                                       .timeout_ms = TIMEOUT_MS,
                                                       .on_done = on_done,
                                                       .user = self,
                                                   });
}

static void on_unauthorised(void *user)
{
    TimeSync *self = user;
    bool lately = clock_boottime_us(self->clock) - self->asked_us < HURRY_US;
    if (!self->call && !lately)
        retry_after(&self->retry, 0);
}

TimeSync *time_sync_new(Connection *connection, Trust *trust, const Clock *clock,
                        Refusals *refusals)
{
    TimeSync *self = g_new0(TimeSync, 1);
    self->connection = connection;
    self->trust = trust;
    self->clock = clock;
    self->refusals = refusals;
    retry_init(&self->retry, connection, FIRST_MS, MAX_MS, ask, self);
    connection_on_unauthorised(connection, on_unauthorised, self);
    return self;
}

void time_sync_free(TimeSync *self)
{
    if (!self)
        return;
    connection_on_unauthorised(self->connection, NULL, NULL);
    retry_clear(&self->retry);
    if (self->call)
        http_call_cancel(self->call);
    g_free(self->nonce);
    g_free(self);
}

void time_sync_start(TimeSync *self)
{
    if (!self->call)
        retry_after(&self->retry, 0);
}

void time_sync_set_identity(TimeSync *self, const Identity *identity)
{
    self->identity = identity;
    time_sync_start(self);
}

void time_sync_hasten(TimeSync *self)
{
    retry_hasten(&self->retry, true);
}
