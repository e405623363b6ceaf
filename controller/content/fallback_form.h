/* The `fallback` of a bulletin over the wire. */
#pragma once

#include "content/approval_store.h"
#include "content/fallback_store.h"
#include "http/reply.h"
#include "http/request.h"

/* Ids of bulletins (char*), or NULL: nothing is said of it. */
GPtrArray *fallback_form_read(JsonForm *form);
/* Whether a bulletin of the area may name them; NULL, or the refusal. */
Reply *fallback_form_judge(Database *database, const char *area, const char *bulletin,
                           const GPtrArray *fallback);
/* [{bulletin, title, state, stands_in}]: the last says whether it is approved for `wanted`, as
 * which the version airs; without that it stays silent. */
Json *fallback_form_json(Database *database, const char *version, const ApprovalScope *wanted);
