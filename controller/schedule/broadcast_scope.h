/* How wide a broadcast goes, for approval: the smallest area that holds all of its targets. */
#pragma once

#include "access/access.h"
#include "content/approval_store.h"
#include "schedule/broadcast.h"

/* The issuing area where a target is a group: those elsewhere accept for themselves. g_free(). */
char *broadcast_scope_of(Database *database, const Broadcast *broadcast);
/* Length of what two paths have in common, "/a/b/c/" and "/a/b/d/": 5. */
size_t broadcast_scope_common(const char *path, const char *other);
/* The last area of a path; NULL for "/". g_free(). */
char *broadcast_scope_last(const char *path);
/* Borrowed from the broadcast. */
ApprovalScope broadcast_scope_wish(const Broadcast *broadcast);
/* Who may approve and orders a broadcast has approved its bulletins for it; in the transaction that
 * writes the broadcast. */
bool broadcast_scope_approve(Database *database, const Broadcast *broadcast, const User *user,
                             int64_t now_us, GError **error) G_GNUC_WARN_UNUSED_RESULT;
