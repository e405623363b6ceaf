/* The controller's answer to "what time is it?": the asker's nonce, the time, and a ticket, all
 * signed. Docs: protocol.md, "Down". */
#pragma once

#include "envelope.h"

#define ENVELOPE_TYPE_TIME "application/vnd.loa.time+json;v=1"

#define SIGNED_TIME_NONCE_HEX  32
#define SIGNED_TIME_TICKET_HEX 20 /* the beginning of a request's nonce */
#define SIGNED_TIME_MAX_BYTES  1024

typedef struct SignedTime {
    char nonce[SIGNED_TIME_NONCE_HEX + 1]; /* what the asker made up: no answer can be kept back */
    int64_t utc_us;
    char ticket[SIGNED_TIME_TICKET_HEX + 1]; /* proves to the controller that a request is of now */
} SignedTime;

GBytes *signed_time_print(const SignedTime *time);
bool signed_time_parse(GBytes *payload, SignedTime *ret_time,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
