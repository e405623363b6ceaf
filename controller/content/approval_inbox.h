/* What waits for an approval, or came back from one, for the inbox. The room is the BulletinApi. */
#pragma once

#include "access/inbox.h"

/* Versions that were submitted. */
bool approval_inbox_submitted(void *room, const Request *request, InboxRows *rows, GError **error);
/* Bulletins that air, and are wanted further or as a higher class than they were approved for. */
bool approval_inbox_wider(void *room, const Request *request, InboxRows *rows, GError **error);
/* Bulletins of the caller that were not approved and have not been written anew. */
bool approval_inbox_sent_back(void *room, const Request *request, InboxRows *rows, GError **error);
