/* Shared by bulletin_api.c and approval_api.c; nobody else. */
#pragma once

#include "content/bulletin_api.h"

struct BulletinApi {
    BulletinApiParts parts;
};

extern const ProblemKind problem_bulletin_state;

Json *bulletin_room_view(BulletinApi *self, const Request *request, const Bulletin *bulletin);
/* The newest version as it is now. */
Reply *bulletin_room_answer(BulletinApi *self, const Request *request, unsigned status,
                            const char *id);
/* The newest version of the bulletin in the path, if the caller may see it. */
Reply *bulletin_room_find(BulletinApi *self, const Request *request, Bulletin **ret_bulletin);
bool bulletin_room_log(BulletinApi *self, const Request *request, const char *verb,
                       const Bulletin *bulletin, GError **error);
