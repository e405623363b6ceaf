/* Who this station is once it was accepted: its id, its place, and the root it trusts. */
#pragma once

#include "wire/root.h"

typedef struct Identity {
    char *station;
    GPtrArray *area_path; /* char*, top first */
    Root *root;
    Root *previous; /* the one before `root`; NULL = none */
} Identity;

/* From an answer to an enrolment poll. The root must sign itself. */
Identity *identity_from_json(const Json *answer, GError **error);
/* Keeps the answer in `dir`, durably. */
bool identity_save(const Json *answer, const char *dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* With every root that was followed since. G_FILE_ERROR_NOENT when the station was never accepted.
 */
Identity *identity_load(const char *dir, GError **error);
/* Takes the root after the one in force: verified, kept in `dir` durably, then used. What does not
 * follow changes nothing. */
bool identity_follow(Identity *self, const char *dir, const char *text, size_t length,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
void identity_free(Identity *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Identity, identity_free)
