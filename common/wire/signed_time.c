/* Reading and writing of signed times. Strict about what a clock is set by: a nonce of another
 * length or a time outside four-digit years is no time. */
#include "wire/signed_time.h"

#define UTC_MAX INT64_C(253402300799000000) /* 9999-12-31T23:59:59Z */

GBytes *signed_time_print(const SignedTime *time)
{
    g_autoptr(Json) json = json_new_object();
    json_set_text(json, "type", "time");
    json_set_text(json, "nonce", time->nonce);
    json_set_int(json, "utc_us", time->utc_us);
    json_set_text(json, "ticket", time->ticket);
    return json_print_bytes(json);
}

bool signed_time_parse(GBytes *payload, SignedTime *ret_time, GError **error)
{
    static const char *const types[] = {"time", NULL};
    size_t length;
    const char *bytes = g_bytes_get_data(payload, &length);
    g_autoptr(Json) json = json_parse(bytes, length, error);
    if (!json)
        return false;
    g_autoptr(JsonForm) form = json_form_new(json, "");
    json_form_choice(form, "type", true, types, 0);
    const char *nonce = json_form_hex(form, "nonce", true, SIGNED_TIME_NONCE_HEX);
    const char *ticket = json_form_hex(form, "ticket", true, SIGNED_TIME_TICKET_HEX);
    SignedTime time = {.utc_us = json_form_int(form, "utc_us", true, 1, UTC_MAX, 0)};
    if (!json_form_finish(form, false, error))
        return false;
    g_strlcpy(time.nonce, nonce, sizeof time.nonce);
    g_strlcpy(time.ticket, ticket, sizeof time.ticket);
    *ret_time = time;
    return true;
}
