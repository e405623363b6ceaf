/* Steps of approval, and what they allow. */
#pragma once

#include "content/approval.h"
#include "db/database.h"
#include "wire/plan.h"

/* How far and as what a bulletin is to be heard. */
typedef struct ApprovalScope {
    char *area; /* NULL = nobody has asked for anything yet */
    AiringClass class;
} ApprovalScope;

void approval_scope_clear(ApprovalScope *scope);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ApprovalScope, approval_scope_clear)

typedef struct ApprovalStep {
    char *version;
    ApprovalAct act;
    char *scope, *scope_name;
    AiringClass class;
    char *by, *by_name;
    int64_t at_us;
    char *reason; /* of a rejection */
} ApprovalStep;

void approval_step_free(ApprovalStep *step);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ApprovalStep, approval_step_free)

const char *approval_step_word(ApprovalAct act); /* "submit" */

bool approval_store_add(Database *database, const char *bulletin, const ApprovalStep *step,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* All steps of a bulletin's versions, oldest first: ApprovalStep*. */
GPtrArray *approval_store_list(Database *database, const char *bulletin, GError **error);
/* Approvals of one version that count for a scope: given for it or for more, each person once. */
GPtrArray *approval_store_given(Database *database, const char *version, const ApprovalScope *scope,
                                GError **error);

/* Enough have approved: the version may air there as that. */
bool approval_store_allow(Database *database, const char *version, const ApprovalScope *scope,
                          int64_t now_us, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool approval_store_covers(Database *database, const char *version, const ApprovalScope *scope,
                           GError **error);
