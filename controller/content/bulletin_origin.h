/* Where a version's sound comes from: an upload, a typed text, or a radio station for a while. */
#pragma once

#include "content/bulletin_room.h"

#define BULLETIN_RELAY_MINUTES_MAX 720

typedef struct BulletinOrigin {
    /* Borrowed from the form, at most one is set. */
    const char *upload_id, *text, *relay;
    int64_t minutes; /* of the relay */
    Upload *upload;  /* after bulletin_origin_find() */
} BulletinOrigin;

void bulletin_origin_clear(BulletinOrigin *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(BulletinOrigin, bulletin_origin_clear)

void bulletin_origin_read(BulletinOrigin *self, JsonForm *form, const char *language);
bool bulletin_origin_is_given(const BulletinOrigin *self);
/* Whether it is there, and may be used in the area; NULL, or the refusal. */
Reply *bulletin_origin_find(BulletinOrigin *self, BulletinApi *room, const Request *request,
                            const char *area);
/* Makes it the version's; a file or a text becomes a sound later, by the intake. */
void bulletin_origin_use(const BulletinOrigin *self, Bulletin *bulletin);
