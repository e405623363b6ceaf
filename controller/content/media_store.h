/* Audio by its SHA-256: media/ab/<sha256>. A file is whole or not there. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct MediaStore MediaStore;

MediaStore *media_store_new(const char *directory, GError **error);
MediaStore *media_store_ref(MediaStore *self); /* from the loop; for a thread that works with it */
void media_store_free(MediaStore *self);       /* gives one reference back; from any thread */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MediaStore, media_store_free)

/* A fresh temporary file on the same file system; the caller writes it and then adds it. */
char *media_store_temporary(MediaStore *self, GError **error);
/* Takes a finished temporary file in, durably; refuses when `expect_sha256` (may be NULL) differs.
 * The temporary file is gone afterwards either way. */
bool media_store_take(MediaStore *self, const char *temporary, const char *expect_sha256,
                      char **ret_sha256, int64_t *ret_bytes,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same for a file that stays where it is too (a second name on the same file system). */
bool media_store_take_link(MediaStore *self, const char *original, char **ret_sha256,
                           int64_t *ret_bytes, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Removes a file for good; `ret_bytes` is 0 when it was not there. */
bool media_store_remove(MediaStore *self, const char *sha256, int64_t *ret_bytes,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Path of a stored file, or NULL when it is not there or `sha256` is no hash. */
char *media_store_path(MediaStore *self, const char *sha256);
