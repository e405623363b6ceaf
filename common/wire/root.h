/* The root document: which key may sign what, for where. Version N+1 is signed by N and by N+1, and
 * goes up by exactly one (after The Update Framework). Stations pin it at enrolment. */
#pragma once

#include "envelope.h"

#define ROOT_MAX_BYTES (64 * 1024)

typedef enum { ROOT_ROLE_ROOT, ROOT_ROLE_PLAN, ROOT_ROLE_COMMAND, ROOT_ROLE_COUNT } RootRole;
extern const char *const root_role_words[];

typedef struct RootGrant {
    RootRole role;
    char *area;         /* area id that the grant covers with all below; "*" = everywhere */
    bool wider;         /* also for sound wider than one commune */
    char *class;        /* "normal", "priority", "emergency" or "*" */
    unsigned threshold; /* so many distinct keys must have signed */
    GPtrArray *keyids;  /* char* */
} RootGrant;

typedef struct Root {
    int64_t version;
    int64_t epoch;
    int64_t issued_us;
    GHashTable *keys;  /* key id -> Key* */
    GPtrArray *grants; /* RootGrant* */
} Root;

Root *root_new(void);
void root_free(Root *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Root, root_free)
void root_add_key(Root *self, const Key *key);
void root_grant(Root *self, RootRole role,
                const Key *key); /* everywhere, everything, threshold 1 */
Json *root_to_json(const Root *self);
Root *root_parse(const void *bytes, size_t length, GError **error);

/* True when the envelope carries enough signatures of keys that hold `role` over an area on
 * `area_path` (char*, top first). */
bool root_accepts(const Root *self, const Envelope *envelope, RootRole role,
                  const GPtrArray *area_path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A first root that signs itself. */
Root *root_open_first(const Envelope *envelope, GError **error);
/* The successor of `self`: signed by both, one version up. */
Root *root_open_next(const Root *self, const Envelope *envelope, GError **error);

/* A copy that may follow `self`: one version up, in a higher epoch, so that what was signed before
 * cannot come back. Not signed yet. */
Root *root_successor(const Root *self, int64_t now_us);
/* In every grant of `old_id` stands `key` from now on; false where nothing was granted to it. */
bool root_replace_key(Root *self, const char *old_id, const Key *key);

#define ROOT_ERROR (root_error_quark())
typedef enum {
    ROOT_ERROR_FORMAT,
    ROOT_ERROR_KEY,
    ROOT_ERROR_THRESHOLD,
    ROOT_ERROR_VERSION
} RootError;
GQuark root_error_quark(void);
