/* Content that a commune makes is approved by its leadership before it airs, and the approver has
 * heard it: so nobody approves what has no finished sound, and by default nobody approves the own
 * work. An area may ask for two people. Submitting may overtake the content worker, so that an
 * operator is done with one tap. */
#include "content/approval.h"

/* [act][state] -> next state, or -1. A rejected version stays rejected: a change makes a new one.
 */
static const int next_state[APPROVAL_ACTS][BULLETIN_WITHDRAWN + 1] = {
    /*                    draft                submitted           approved            rejected
       withdrawn */
    [APPROVAL_SUBMIT] = {BULLETIN_SUBMITTED, -1, -1, -1, -1},
    [APPROVAL_APPROVE] = {-1, BULLETIN_APPROVED, -1, -1, -1},
    [APPROVAL_REJECT] = {-1, BULLETIN_REJECTED, -1, -1, -1},
    [APPROVAL_WITHDRAW] = {BULLETIN_WITHDRAWN, BULLETIN_WITHDRAWN, BULLETIN_WITHDRAWN,
                           BULLETIN_WITHDRAWN, -1},
};

ApprovalAnswer approval_ask(const ApprovalQuestion *question, ApprovalAct act,
                            BulletinState *ret_state)
{
    const bool about_wider = (act == APPROVAL_APPROVE || act == APPROVAL_REJECT) && question->wider;
    const int next = about_wider ? BULLETIN_APPROVED : (int)next_state[act][question->state];
    const BulletinAudio audio = question->audio;
    if (next < 0)
        return APPROVAL_WRONG_STATE;
    if (act == APPROVAL_SUBMIT && audio != BULLETIN_AUDIO_READY && audio != BULLETIN_AUDIO_WORKING)
        return APPROVAL_NO_SOUND;
    if (act == APPROVAL_APPROVE && audio != BULLETIN_AUDIO_READY)
        return APPROVAL_NO_SOUND;
    if (act == APPROVAL_APPROVE && question->own && !question->one_person_approves)
        return APPROVAL_OWN;
    if (act == APPROVAL_APPROVE && question->already)
        return APPROVAL_ALREADY;
    const bool is_last = act != APPROVAL_APPROVE || question->given + 1 >= question->needed;
    *ret_state = is_last ? (BulletinState)next : question->state;
    return APPROVAL_OK;
}

const char *approval_act_word(ApprovalAct act)
{
    static const char *const words[APPROVAL_ACTS] = {
        [APPROVAL_SUBMIT] = "bulletin.submit",
        [APPROVAL_APPROVE] = "bulletin.approve",
        [APPROVAL_REJECT] = "bulletin.reject",
        [APPROVAL_WITHDRAW] = "bulletin.withdraw",
    };
    return words[act];
}
