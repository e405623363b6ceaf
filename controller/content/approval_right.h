/* How far a version's approval has come, and what one person may do about it. */
#pragma once

#include "access/access.h"
#include "content/approval_store.h"

typedef struct ApprovalRight {
    ApprovalScope wanted; /* at least the bulletin's own area and class normal where nobody asks */
    char *scope_name;
    unsigned needed;  /* people, by the policy of the bulletin's area */
    GPtrArray *given; /* ApprovalStep*: approvals that count for what is wanted */
    bool covered;     /* the version may air as wanted */
    bool own;         /* the person wrote this version */
    bool already;     /* the person is among `given` */
    bool one_person;  /* the area lets authors approve their own */
    bool may;         /* the person approves content in the bulletin's area */
} ApprovalRight;

void approval_right_clear(ApprovalRight *right);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ApprovalRight, approval_right_clear)

/* `wanted` by broadcasts: borrowed; an area of NULL stands for the bulletin's own. */
bool approval_right_read(Database *database, const Bulletin *bulletin, const ApprovalScope *wanted,
                         const User *user, ApprovalRight *ret_right, GError **error);
/* As approval_ask() wants it. */
ApprovalQuestion approval_right_question(const ApprovalRight *right, const Bulletin *bulletin);
/* True when this person's word would count now, and so it belongs into the inbox. */
bool approval_right_waits(const ApprovalRight *right, const Bulletin *bulletin);
/* `approval` of docs/api.md. */
Json *approval_right_json(const ApprovalRight *right, const Bulletin *bulletin);
