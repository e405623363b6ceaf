/* Every state, act, sound and person: the whole table, against the rule said in words. */
#include "content/approval.h"

static bool fits(BulletinState state, ApprovalAct act)
{
    switch (act) {
    case APPROVAL_SUBMIT: return state == BULLETIN_DRAFT;
    case APPROVAL_APPROVE:
    case APPROVAL_REJECT: return state == BULLETIN_SUBMITTED;
    case APPROVAL_WITHDRAW: return state != BULLETIN_WITHDRAWN;
    case APPROVAL_ACTS: break;
    }
    return false;
}

static void check(const ApprovalQuestion *question, ApprovalAct act)
{
    BulletinState next = BULLETIN_DRAFT;
    const ApprovalAnswer answer = approval_ask(question, act, &next);
    const bool ready = question->audio == BULLETIN_AUDIO_READY;
    const bool coming = ready || question->audio == BULLETIN_AUDIO_WORKING;
    if (!fits(question->state, act))
        g_assert_cmpint(answer, ==, APPROVAL_WRONG_STATE);
    else if ((act == APPROVAL_SUBMIT && !coming) || (act == APPROVAL_APPROVE && !ready))
        g_assert_cmpint(answer, ==, APPROVAL_NO_SOUND);
    else if (act == APPROVAL_APPROVE && question->own && !question->one_person_approves)
        g_assert_cmpint(answer, ==, APPROVAL_OWN);
    else
        g_assert_cmpint(answer, ==, APPROVAL_OK);
    static const BulletinState targets[] = {BULLETIN_SUBMITTED, BULLETIN_APPROVED,
                                            BULLETIN_REJECTED, BULLETIN_WITHDRAWN};
    if (answer == APPROVAL_OK)
        g_assert_cmpint(next, ==, targets[act]);
}

static void test_the_whole_table(void)
{
    for (int state = 0; state <= BULLETIN_WITHDRAWN; state++)
        for (int audio = 0; audio <= BULLETIN_AUDIO_FAILED; audio++)
            for (int act = 0; act < APPROVAL_ACTS; act++)
                for (int person = 0; person < 4; person++) {
                    const ApprovalQuestion question = {
                        .state = (BulletinState)state,
                        .audio = (BulletinAudio)audio,
                        .own = (person & 1) != 0,
                        .one_person_approves = (person & 2) != 0,
                    };
                    check(&question, (ApprovalAct)act);
                }
}

static ApprovalQuestion submitted(void)
{
    return (ApprovalQuestion){
        .state = BULLETIN_SUBMITTED, .audio = BULLETIN_AUDIO_READY, .needed = 1};
}

static void test_two_people_where_two_are_asked_for(void)
{
    BulletinState next = BULLETIN_DRAFT;
    ApprovalQuestion question = submitted();
    question.needed = 2;
    g_assert_cmpint(approval_ask(&question, APPROVAL_APPROVE, &next), ==, APPROVAL_OK);
    g_assert_cmpint(next, ==, BULLETIN_SUBMITTED);
    question.given = 1;
    question.already = true;
    g_assert_cmpint(approval_ask(&question, APPROVAL_APPROVE, &next), ==, APPROVAL_ALREADY);
    question.already = false;
    g_assert_cmpint(approval_ask(&question, APPROVAL_APPROVE, &next), ==, APPROVAL_OK);
    g_assert_cmpint(next, ==, BULLETIN_APPROVED);
}

static void test_an_approved_one_is_approved_again_only_for_more(void)
{
    BulletinState next = BULLETIN_DRAFT;
    ApprovalQuestion question = submitted();
    question.state = BULLETIN_APPROVED;
    g_assert_cmpint(approval_ask(&question, APPROVAL_APPROVE, &next), ==, APPROVAL_WRONG_STATE);
    question.wider = true;
    g_assert_cmpint(approval_ask(&question, APPROVAL_APPROVE, &next), ==, APPROVAL_OK);
    g_assert_cmpint(next, ==, BULLETIN_APPROVED);
    question.own = true;
    g_assert_cmpint(approval_ask(&question, APPROVAL_APPROVE, &next), ==, APPROVAL_OWN);
    /* The wider order is refused; what airs stays approved. */
    next = BULLETIN_DRAFT;
    g_assert_cmpint(approval_ask(&question, APPROVAL_REJECT, &next), ==, APPROVAL_OK);
    g_assert_cmpint(next, ==, BULLETIN_APPROVED);
    question.wider = false;
    g_assert_cmpint(approval_ask(&question, APPROVAL_REJECT, &next), ==, APPROVAL_WRONG_STATE);
}

static void test_nobody_approves_the_own_bulletin_by_default(void)
{
    BulletinState next = BULLETIN_DRAFT;
    const ApprovalQuestion question = {
        .state = BULLETIN_SUBMITTED, .audio = BULLETIN_AUDIO_READY, .own = true};
    g_assert_cmpint(approval_ask(&question, APPROVAL_APPROVE, &next), ==, APPROVAL_OWN);
    g_assert_cmpint(next, ==, BULLETIN_DRAFT);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/approval/two_people", test_two_people_where_two_are_asked_for);
    g_test_add_func("/approval/wider", test_an_approved_one_is_approved_again_only_for_more);
    g_test_add_func("/approval/the whole table", test_the_whole_table);
    g_test_add_func("/approval/nobody approves the own bulletin by default",
                    test_nobody_approves_the_own_bulletin_by_default);
    return g_test_run();
}
