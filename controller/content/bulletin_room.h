/* Shared by the handlers of bulletins; nobody else. */
#pragma once

#include "content/approval_right.h"
#include "content/bulletin_api.h"

struct BulletinApi {
    BulletinApiParts parts;
};

extern const ProblemKind problem_bulletin_state;

/* In a list: without the typed text, which would be most of its weight. */
Json *bulletin_room_row(BulletinApi *self, const Request *request, const Bulletin *bulletin);
Json *bulletin_room_view(BulletinApi *self, const Request *request, const Bulletin *bulletin);
/* What the caller may do about a version's approval, for what broadcasts want of it. */
bool bulletin_room_right(BulletinApi *self, const Request *request, const Bulletin *bulletin,
                         ApprovalRight *ret_right, GError **error);
/* The newest version as it is now. */
Reply *bulletin_room_answer(BulletinApi *self, const Request *request, unsigned status,
                            const char *id);
/* The newest version of the bulletin in the path, if the caller may see it. */
Reply *bulletin_room_find(BulletinApi *self, const Request *request, Bulletin **ret_bulletin);
bool bulletin_room_log(BulletinApi *self, const Request *request, const char *verb,
                       const Bulletin *bulletin, GError **error);
