/* A ticket is the second it was made in and 48 bits of an HMAC over it, so nothing is stored for
 * those who only ask. Its key lives as long as the process: after a restart a station is refused
 * once and asks again.
 *
 * It stands in for `created` alone. Who signs, and that a nonce is used once, is judged as for any
 * other request. */
#include "fleet/time_ticket.h"

#include <stdio.h>
#include <string.h>

#define SECONDS_HEX 8
#define MAC_HEX     (SIGNED_TIME_TICKET_HEX - SECONDS_HEX)
#define KEY_BYTES   32

static const uint8_t *secret(void)
{
    static uint8_t key[KEY_BYTES];
    static gsize made;
    if (g_once_init_enter(&made)) {
        crypto_random(key, sizeof key);
        g_once_init_leave(&made, 1);
    }
    return key;
}

void time_ticket_make(int64_t now_s, char ret_ticket[SIGNED_TIME_TICKET_HEX + 1])
{
    char seconds[SECONDS_HEX + 1];
    g_snprintf(seconds, sizeof seconds, "%08x", (unsigned)now_s);
    g_autofree char *mac =
        g_compute_hmac_for_string(G_CHECKSUM_SHA256, secret(), KEY_BYTES, seconds, SECONDS_HEX);
    g_snprintf(ret_ticket, SIGNED_TIME_TICKET_HEX + 1, "%s%.*s", seconds, MAC_HEX, mac);
}

bool time_ticket_holds(const char *nonce, int64_t now_s)
{
    char seconds[SECONDS_HEX + 1], wanted[SIGNED_TIME_TICKET_HEX + 1];
    if (strlen(nonce) < SIGNED_TIME_TICKET_HEX)
        return false;
    g_strlcpy(seconds, nonce, sizeof seconds);
    int64_t made_s = g_ascii_strtoll(seconds, NULL, 16);
    if (made_s > now_s || now_s - made_s > TIME_TICKET_LIFE_S)
        return false;
    time_ticket_make(made_s, wanted);
    return crypto_equal(nonce, wanted, SIGNED_TIME_TICKET_HEX);
}
