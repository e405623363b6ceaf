/* Resumable uploads: tus 1.0 core with creation, termination and expiration (https://tus.io). */
#pragma once

#include "base/clock.h"
#include "content/upload_store.h"
#include "http/router.h"

#define UPLOAD_BYTES_MAX    (256LL << 20)
#define UPLOAD_PER_USER_MAX 20
#define UPLOAD_LIFETIME_US  (24LL * 3600 * G_USEC_PER_SEC) /* since the last bytes */
#define UPLOAD_NAME_MAX     200                            /* characters of a file name */

typedef struct Uploads Uploads;

/* `directory` holds one file for each upload; it must be on the file system of the media store. */
Uploads *uploads_new(Database *database, const char *directory, const Clock *clock, GError **error);
void uploads_free(Uploads *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Uploads, uploads_free)

/* Removes what has expired; every few minutes. */
void uploads_sweep(Uploads *self);
char *uploads_path(const Uploads *self, const char *id);
/* Forgets an upload and its file, after the transaction that no longer needs it. */
bool uploads_remove(Uploads *self, const char *id, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Routes; the room is the Uploads. */
Reply *upload_api_options(void *room, Request *request); /* OPTIONS /api/uploads, GATE_OPEN */
Reply *upload_api_create(void *room, Request *request);  /* POST /api/uploads, BODY_NONE */
Reply *upload_api_head(void *room, Request *request);    /* HEAD /api/uploads/{id} */
Reply *upload_api_delete(void *room, Request *request);  /* DELETE /api/uploads/{id} */
extern const StreamOps
    upload_api_patch; /* PATCH /api/uploads/{id}, BODY_STREAM, UPLOAD_BYTES_MAX */
