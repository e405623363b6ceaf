/* The way of a bulletin version from draft to the air: one table, asked before every change. */
#pragma once

#include "content/bulletin_store.h"

typedef enum ApprovalAct {
    APPROVAL_SUBMIT,
    APPROVAL_APPROVE,
    APPROVAL_REJECT,
    APPROVAL_WITHDRAW,
    APPROVAL_ACTS
} ApprovalAct;

typedef enum ApprovalAnswer {
    APPROVAL_OK,
    APPROVAL_WRONG_STATE, /* not from where it stands */
    APPROVAL_NO_SOUND,    /* no sound yet, or a sound that failed */
    APPROVAL_OWN,         /* the author may not approve the own bulletin here */
    APPROVAL_ALREADY,     /* the same person cannot be the second one */
} ApprovalAnswer;

typedef struct ApprovalQuestion {
    BulletinState state;
    BulletinAudio audio;
    bool own;                 /* the person asking wrote this version */
    bool one_person_approves; /* the area lets one person do both */
    bool wider;               /* approved, but for less than is wanted now */
    bool already;             /* the person asking has approved it for as much */
    unsigned given, needed;   /* approvals before this one, and in all */
} ApprovalQuestion;

/* `ret_state` is set only on APPROVAL_OK; an approval that another one must follow leaves the state
 * as it is. */
ApprovalAnswer approval_ask(const ApprovalQuestion *question, ApprovalAct act,
                            BulletinState *ret_state);
const char *approval_act_word(ApprovalAct act); /* "bulletin.approve", for the action log */
