/* Uploads under way: what was announced, how much of it survives a power cut, whose it is. */
#pragma once

#include "db/database.h"

typedef struct Upload {
    char *id;
    char *user;
    char *filename; /* as the uploader called it; for messages only */
    char *filetype; /* as the uploader called it; never trusted */
    int64_t length;
    int64_t received;
    int64_t created_us;
    int64_t expires_us;
} Upload;

void upload_free(Upload *upload);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Upload, upload_free)

/* NULL without error when there is none, or it has expired. */
Upload *upload_store_get(Database *database, const char *id, int64_t now_us, GError **error);
bool upload_store_add(Database *database, const Upload *upload,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* More bytes are durable; the upload lives on until `expires_us`. */
bool upload_store_received(Database *database, const char *id, int64_t received, int64_t expires_us,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool upload_store_remove(Database *database, const char *id,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* How many a person has open; -1 on error. */
int64_t upload_store_count(Database *database, const char *user, GError **error);
/* Ids that have expired and that no bulletin waits for. */
GPtrArray *upload_store_expired(Database *database, int64_t now_us, GError **error);
/* True while a bulletin's sound is being made from it. */
bool upload_store_in_use(Database *database, const char *id);
