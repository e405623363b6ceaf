/* Codes of six digits that change every 30 seconds (RFC 6238 with SHA-1, as every phone app has).
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TOTP_SECRET_BYTES 20
#define TOTP_DIGITS       6
#define TOTP_STEP_US      (30LL * G_USEC_PER_SEC)

typedef struct TotpSecret {
    uint8_t bytes[TOTP_SECRET_BYTES];
} TotpSecret;

unsigned totp_code(const TotpSecret *secret, int64_t step);
/* True with the step the code belongs to: this one, the one before or after, but only one later
 * than `last_step`, so that nobody uses a code twice. */
bool totp_check(const TotpSecret *secret, const char *code, int64_t now_us, int64_t last_step,
                int64_t *ret_step);
bool totp_is_code(const char *text); /* six digits */
/* Base32 without padding, as people type it. g_free(). */
char *totp_base32(const TotpSecret *secret);
/* "otpauth://totp/...", what the QR code says. g_free(). */
char *totp_uri(const TotpSecret *secret, const char *login);
