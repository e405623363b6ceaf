/* GET /station/v1/time: signed, so that it may come over plain HTTP from a station whose clock is
 * too wrong for TLS. Whoever may sign plans, and so say when something sounds, may say what time it
 * is. */
#include "fleet/fleet.h"

#include <string.h>

#include "digest.h"
#include "fleet/time_ticket.h"

static bool read_nonce(const Request *request, SignedTime *ret_time)
{
    const char *nonce = request_query(request, "nonce");
    uint8_t bytes[SIGNED_TIME_NONCE_HEX / 2];
    if (!nonce || strlen(nonce) != SIGNED_TIME_NONCE_HEX ||
        !digest_from_hex(nonce, bytes, sizeof bytes))
        return false;
    g_strlcpy(ret_time->nonce, nonce, sizeof ret_time->nonce);
    return true;
}

Reply *time_api_get(void *fleet, Request *request)
{
    Fleet *self = fleet;
    SignedTime time = {0};
    if (!read_nonce(request, &time)) {
        Problem *problem = problem_new(&problem_bad_request);
        problem_set(problem, "why", "nonce");
        return reply_problem_take(problem);
    }
    time.utc_us = clock_wall_us(self->settings.clock);
    time_ticket_make(time.utc_us / G_USEC_PER_SEC, time.ticket);
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) payload = signed_time_print(&time);
    g_autoptr(Envelope) envelope = signer_sign(&self->signer, ENVELOPE_TYPE_TIME, payload, &error);
    if (!envelope)
        return reply_error(error);
    Reply *reply = reply_json_take(200, envelope_to_json(envelope));
    reply_header(reply, "Cache-Control", "no-store");
    return reply;
}
