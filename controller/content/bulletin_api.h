/* Bulletins over HTTP: make, change, listen, submit, approve, reject, withdraw, shorten. */
#pragma once

#include "content/approval_store.h"
#include "content/intake.h"
#include "http/router.h"
#include "registry/area_store.h"

#define BULLETIN_TITLE_MAX  200  /* characters */
#define BULLETIN_REASON_MAX 1000 /* characters */
#define BULLETIN_PAGE_MAX   200
#define BULLETIN_BODY_MAX   (64 * 1024) /* bytes: a text of the longest, every letter escaped */

typedef struct BulletinApiParts {
    Database *database;
    MediaStore *media;
    Uploads *uploads;
    Intake *intake;
    PanelEvents *events; /* may be NULL */
    /* Told inside the transaction that approves or withdraws; may be NULL. */
    BulletinChanged changed;
    /* The widest area and highest class that broadcasts in force want; may be NULL. */
    bool (*wanted)(const char *bulletin, ApprovalScope *ret_wanted, void *user, GError **error);
    /* Ids of bulletins that air and are wanted further than they were approved for, at or below one
     * of `areas` (char*, ids); may be NULL. */
    GPtrArray *(*uncovered)(const GPtrArray *areas, unsigned limit, void *user, GError **error);
    /* Ids of bulletins that stations at or below `area` played yesterday, by its clock; may be
     * NULL. */
    GPtrArray *(*aired)(const Area *area, int64_t now_us, void *user, GError **error);
    /* Refuses what wants `step->version` further than it was approved for, inside the transaction;
     * may be NULL. */
    bool (*refuse_wider)(const char *bulletin, const ApprovalStep *step, void *user,
                         GError **error);
    void *changed_user; /* for all of them */
} BulletinApiParts;

typedef struct BulletinApi BulletinApi;

BulletinApi *bulletin_api_new(const BulletinApiParts *parts);
void bulletin_api_free(BulletinApi *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(BulletinApi, bulletin_api_free)

/* Routes, all GATE_USER; the room is the BulletinApi. Bodies are BODY_JSON, at most 16 KiB;
 * where a text is typed, BULLETIN_BODY_MAX. */
Reply *bulletin_api_create(void *room, Request *request);   /* POST /api/bulletins */
Reply *bulletin_api_list(void *room, Request *request);     /* GET /api/bulletins */
Reply *bulletin_api_get(void *room, Request *request);      /* GET /api/bulletins/{id} */
Reply *bulletin_api_change(void *room, Request *request);   /* PATCH /api/bulletins/{id} */
Reply *bulletin_api_audio(void *room, Request *request);    /* GET /api/bulletins/{id}/audio */
Reply *bulletin_api_versions(void *room, Request *request); /* GET /api/bulletins/{id}/versions */
Reply *bulletin_api_peaks(void *room, Request *request);    /* GET /api/bulletins/{id}/peaks */
Reply *bulletin_api_submit(void *room, Request *request);   /* POST /api/bulletins/{id}/submit */
Reply *bulletin_api_approve(void *room, Request *request);  /* POST /api/bulletins/{id}/approve */
Reply *bulletin_api_reject(void *room, Request *request);   /* POST /api/bulletins/{id}/reject */
Reply *bulletin_api_withdraw(void *room, Request *request); /* POST /api/bulletins/{id}/withdraw */
Reply *bulletin_api_shorten(void *room, Request *request);  /* POST /api/bulletins/{id}/shorten */
Reply *bulletin_api_revert(void *room, Request *request);   /* POST /api/bulletins/{id}/revert */
