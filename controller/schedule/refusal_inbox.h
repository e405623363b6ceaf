/* The kind "returned" of the inbox: wider orders that were refused, for who ordered them and who
 * wrote what they were to air. */
#pragma once

#include "access/inbox.h"

bool refusal_inbox(void *room, const Request *request, InboxRows *rows, GError **error);
