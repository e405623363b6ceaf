/* Telling those whose broadcasts no longer sound through another one: inbox and system log. */
#pragma once

#include "access/inbox.h"
#include "schedule/broadcast_api_parts.h"

/* In the transaction that saves `broadcast`: what was said about it before gives way to what it
 * loses and takes now (NULL = not asked: what stands stays). */
bool broadcast_losses_note(BroadcastApi *self, Request *request, const Broadcast *broadcast,
                           const Losses *losses, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The kind "displaced" of the inbox. */
bool broadcast_losses_inbox(void *room, const Request *request, InboxRows *rows, GError **error);
/* POST /api/broadcasts/{id}/losses/{displaced_by}/seen */
Reply *broadcast_losses_seen(void *room, Request *request);
