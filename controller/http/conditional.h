/* What a request's conditions make of a reply: not modified, a part of a file, a compressed form.
 */
#pragma once

#include "http/reply_parts.h"
#include "http/request_parts.h"

/* Takes a reply as the handler meant it and gives back the one to send: problems printed, files
 * opened, Range and If-None-Match answered, headers for every answer added. */
Reply *conditional_settle(Reply *take_reply, const Request *request, Listener listener);
/* True when Accept-Encoding names this coding with a quality above zero. */
bool conditional_accepts(const Request *request, const char *coding);
