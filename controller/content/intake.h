/* From an upload or a typed text to a bulletin's sound: a queue of content workers. */
#pragma once

#include "base/clock.h"
#include "content/bulletin_store.h"
#include "content/media_store.h"
#include "content/upload_api.h"
#include "registry/panel_events.h"

#define INTAKE_PARALLEL  2   /* workers at once */
#define INTAKE_QUEUE_MAX 200 /* versions that wait; more are refused at the door */

typedef struct IntakeParts {
    Database *database;
    MediaStore *media;
    Uploads *uploads;
    PanelEvents *events; /* may be NULL */
    const Clock *clock;
    const char *worker; /* path of loa-content-worker; loa-speech-worker stands beside it */
} IntakeParts;

typedef struct Intake Intake;

/* Goes on with what was being worked on when the controller ended. */
Intake *intake_new(const IntakeParts *parts, GError **error);
/* Kills the workers; their versions are taken up again at the next start. */
void intake_free(Intake *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Intake, intake_free)

bool intake_is_full(const Intake *self);
/* After the transaction that made the version (audio = working). */
void intake_add(Intake *self, const char *version);
double intake_progress(const Intake *self, const char *version); /* 0..1; 0 while it waits */

/* The message on a bulletin whose sound failed: what the file is called and what was found in it.
 * `result` is the worker's line, NULL when it died. Free both. */
void intake_explain(const Json *result, const char *name, char **ret_vi, char **ret_en);
