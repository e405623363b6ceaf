/* From when to when a bulletin may be heard. */
#pragma once

#include "content/bulletin_store.h"
#include "http/reply.h"

/* `valid_from` and `valid_until`: what is not named stays, null takes the limit away. */
void validity_read(JsonForm *form, const Json *body, Bulletin *bulletin);
/* NULL, or in words why this validity cannot be given now. `before_us` is the end it had: one that
 * stays may have passed. */
Reply *validity_judge(const Bulletin *bulletin, int64_t before_us, int64_t now_us);
