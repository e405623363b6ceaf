/* Wider orders that a leader refused, each for one version of a bulletin. */
#pragma once

#include "content/approval_store.h"
#include "db/database.h"

typedef struct Refusal {
    char *broadcast, *bulletin, *version;
    char *by, *by_name, *reason;
    int64_t at_us;
    /* Of a list for one person only: */
    char *title;
    char *area;               /* that issued the broadcast */
    char *scope, *scope_name; /* how far it was to go */
    AiringClass class;
} Refusal;

void refusal_free(Refusal *refusal);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Refusal, refusal_free)

/* Refuses every broadcast to come that wants `step->version` of the bulletin further, or as a
 * higher class, than it is approved for. */
bool refusal_store_refuse(Database *database, const char *bulletin, const ApprovalStep *step,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Refusal*, of a broadcast, whatever version they are about. */
GPtrArray *refusal_store_list(Database *database, const char *broadcast, GError **error);
/* Refusal*, newest first, of broadcasts to come that the person ordered, or whose bulletin the
 * person wrote. */
GPtrArray *refusal_store_of_user(Database *database, const char *user, int64_t now_us,
                                 unsigned limit, GError **error);
