/* Emergencies at the station: takes commands in, feeds them to the conductor, keeps them, and plays
 * the messages of the buttons at the pole. Needs neither controller nor time. Main loop only. */
#pragma once

#include "alert/command_keep.h"
#include "conductor/conductor.h"
#include "link/refusals.h"

typedef struct AlertsParts {
    const Clock *clock;
    Trust *trust;
    Audio *audio;
    MediaCache *media;
    Conductor *conductor;
    const Identity *identity;
    Refusals *refusals;                   /* may be NULL */
    const char *path;                     /* of the file that keeps them */
    const char *standing;                 /* ... and of the one with volume and silence */
    void (*on_media_missing)(void *user); /* may be NULL */
    void (*on_distrust)(void *user); /* one came whose keys the root does not name; may be NULL */
    void *user;
} AlertsParts;

typedef struct Alerts Alerts;

/* Goes on with what was in force when the station went down. The parts must outlive it. */
Alerts *alerts_new(const AlertsParts *parts);
void alerts_free(Alerts *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Alerts, alerts_free)

/* An envelope from the controller, by whatever way it came. */
CommandCode alerts_take(Alerts *self, const char *text, size_t length);
/* After conductor_set_plan(): the messages to hold, the area path, and drills are put into it.
 * Borrowed until the next call. */
void alerts_set_plan(Alerts *self, Plan *plan);
/* A file of the cache is not what it was, or gone: what came along with orders is put there again.
 */
void alerts_media_missing(Alerts *self);
/* A file came into the cache: a message may be held now, an alert may sound now. */
void alerts_media_ready(Alerts *self);
/* Alert button 1..PLAN_BUTTONS. False when no message stands ready behind it. */
bool alerts_button(Alerts *self, unsigned button);
/* The stop button: the same message may be started again at once. */
void alerts_stopped(Alerts *self);
/* To be called once a second or so. */
void alerts_tick(Alerts *self);

/* Adds the SHA-256 (char*, freed by the set) of every file that an alert in force, a button or the
 * conductor may still have to sound: a plan that names it no more does not end an alert. */
void alerts_add_needed(const Alerts *self, GHashTable *files);
/* Ids of alerts in force here, oldest first: [text]. */
Json *alerts_in_force(const Alerts *self);
