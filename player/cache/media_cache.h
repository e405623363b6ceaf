/* Verified audio files by SHA-256: DIR/ab/abcdef... A file stands here only whole and verified. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct MediaCache MediaCache;

typedef enum { MEDIA_ERROR_WRONG, MEDIA_ERROR_SPACE, MEDIA_ERROR_STORE } MediaError;
#define MEDIA_ERROR (media_error_quark())
GQuark media_error_quark(void);

/* Makes `dir` where it is missing. */
MediaCache *media_cache_open(const char *dir, GError **error);
void media_cache_free(MediaCache *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MediaCache, media_cache_free)

bool media_cache_has(MediaCache *self, const char *sha256);
char *media_cache_path(MediaCache *self, const char *sha256);
/* Hashes the file once more; one that changed is removed and MEDIA_ERROR_WRONG. To be called before
 * every use. */
bool media_cache_verify(MediaCache *self, const char *sha256,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Where a download collects its bytes, and how many are there from an earlier try. */
char *media_cache_part_path(MediaCache *self, const char *sha256);
/* Opens the part for appending with space for `bytes` reserved; -1 with MEDIA_ERROR_SPACE when the
 * disk has not so much. `ret_have` bytes are there already; more than `bytes` is started over. */
int media_cache_part_open(MediaCache *self, const char *sha256, int64_t bytes, int64_t *ret_have,
                          GError **error);
/* Hashes the part and moves it into place durably; a wrong one is removed. */
bool media_cache_part_finish(MediaCache *self, const char *sha256, int64_t bytes,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Takes bytes in that came along with an order; wrong ones are MEDIA_ERROR_WRONG. The space that is
 * kept free for others may be used. */
bool media_cache_put(MediaCache *self, const char *sha256, GBytes *bytes,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
void media_cache_part_drop(MediaCache *self, const char *sha256);

/* Removes every file and part that is not in `needed` (a set of char*); gives how many. */
unsigned media_cache_drop_unused(MediaCache *self, GHashTable *needed);
int64_t media_cache_free_bytes(MediaCache *self);
