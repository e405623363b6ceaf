/* Emergencies: prepared messages that stations hold, alerts that sound at once and live on their
 * own, their cancels, drills and reviews, and the stop of what sounds. The room of the routes
 * below.
 */
#pragma once

#include "access/inbox.h"
#include "alerts/alert_store.h"
#include "content/clip_store.h"
#include "content/intake.h"
#include "fleet/fleet.h"
#include "wire/receipt.h"

#define ALERTS_PER_HOUR    6  /* distinct ones at one station */
#define ALERTS_CLIPS_MAX   24 /* of one area */
#define ALERTS_EVERY_MAX_S (12 * 3600)
#define ALERTS_REASON_MAX  500

typedef struct AlertsParts {
    Database *database;
    Fleet *fleet;
    Intake *intake;      /* may be NULL in tests */
    PanelEvents *events; /* may be NULL */
} AlertsParts;

typedef struct Alerts {
    AlertsParts parts;
    GHashTable *heard; /* "alert station": said to be sounding before its receipt came */
    GPtrArray *drills; /* ids of drill words whose sound is being made */
    unsigned look;     /* source that waits for them */
} Alerts;

Alerts *alerts_new(const AlertsParts *parts);
void alerts_free(Alerts *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Alerts, alerts_free)

Reply *clip_api_list(void *alerts, Request *request);    /* GET    /api/alert-clips */
Reply *clip_api_create(void *alerts, Request *request);  /* POST   /api/alert-clips */
Reply *clip_api_change(void *alerts, Request *request);  /* PATCH  /api/alert-clips/{id} */
Reply *clip_api_delete(void *alerts, Request *request);  /* DELETE /api/alert-clips/{id} */
Reply *alert_api_list(void *alerts, Request *request);   /* GET  /api/alerts */
Reply *alert_api_issue(void *alerts, Request *request);  /* POST /api/alerts */
Reply *alert_api_get(void *alerts, Request *request);    /* GET  /api/alerts/{id} */
Reply *alert_api_cancel(void *alerts, Request *request); /* POST /api/alerts/{id}/cancel */
Reply *alert_api_review(void *alerts, Request *request); /* POST /api/alerts/{id}/review */
/* An InboxList: alerts that wait for a review. */
bool alert_inbox(void *alerts, const Request *request, InboxRows *rows, GError **error);
Reply *stop_api_post(void *alerts, Request *request); /* POST /api/airings/{id}/stop */

Reply *test_tone_api_get(void *alerts, Request *request);  /* GET  /api/stations/{id}/test-tone */
Reply *test_tone_api_post(void *alerts, Request *request); /* POST /api/stations/{id}/test-tone */

Reply *standing_api_get(void *alerts, Request *request);    /* GET    /api/stations/{id}/orders */
Reply *standing_api_volume(void *alerts, Request *request); /* POST   /api/stations/{id}/volume */
Reply *standing_api_mute(void *alerts, Request *request);   /* POST   /api/stations/{id}/mute */
Reply *standing_api_unmute(void *alerts, Request *request); /* DELETE /api/stations/{id}/mute */

/* The station's own word of a play that the log does not know yet: a repeat, or a button. False
 * without error when nobody ordered such a thing. */
bool alerts_note_play(Database *database, const Receipt *receipt, GError **error);
