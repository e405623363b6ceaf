/* Submitting, approving, rejecting and withdrawing over HTTP. What may happen next is approval's to
 * say; the move, the action log and what follows from it (plans of stations) are one transaction.
 */
#include "access/access.h"
#include "content/approval.h"
#include "content/bulletin_room.h"
#include "registry/area_store.h"

static const ProblemKind problem_no_sound = {
    "bulletin-without-sound", 409, "Bản tin chưa có âm thanh dùng được. Hãy ghi hoặc tải lên.",
    "The bulletin has no usable sound yet. Record or upload one."};
static const ProblemKind problem_own_bulletin = {
    "own-bulletin", 403,
    "Người soạn không được tự duyệt bản tin của mình. Hãy nhờ người khác duyệt.",
    "Authors may not approve their own bulletins. Ask somebody else to approve it."};

static Reply *refuse(ApprovalAnswer verdict)
{
    switch (verdict) {
    case APPROVAL_OK: break;
    case APPROVAL_WRONG_STATE: return reply_problem(&problem_bulletin_state);
    case APPROVAL_NO_SOUND: return reply_problem(&problem_no_sound);
    case APPROVAL_OWN: return reply_problem(&problem_own_bulletin);
    }
    return NULL;
}

/* Authors may take back their own; otherwise deciding is for those who approve. */
static Verb verb_of(ApprovalAct act, bool own)
{
    if (act == APPROVAL_SUBMIT || (act == APPROVAL_WITHDRAW && own))
        return VERB_CREATE_CONTENT;
    return VERB_APPROVE_CONTENT;
}

static bool move(BulletinApi *self, const Request *request, const Bulletin *bulletin,
                 ApprovalAct act, const BulletinMove *step, GError **error)
{
    Database *database = self->parts.database;
    const bool airs = act == APPROVAL_APPROVE || act == APPROVAL_WITHDRAW;
    if (!database_begin(database, error))
        return false;
    if (!bulletin_store_move(database, step, error) ||
        !bulletin_room_log(self, request, approval_act_word(act), bulletin, error)) {
        database_rollback(database);
        return false;
    }
    if (airs && self->parts.changed != NULL)
        self->parts.changed(bulletin->id, self->parts.changed_user);
    if (!database_commit(database, error))
        return false;
    panel_events_changed(self->parts.events, "bulletins");
    return true;
}

static Reply *act_on(BulletinApi *self, Request *request, ApprovalAct act, const char *reason)
{
    g_autoptr(Bulletin) bulletin = NULL;
    g_autoptr(GError) error = NULL;
    const User *user = access_user(request);
    Reply *refusal = bulletin_room_find(self, request, &bulletin);
    if (refusal != NULL)
        return refusal;
    g_autoptr(Area) area = area_store_get(self->parts.database, bulletin->area, NULL);
    const bool own = g_strcmp0(bulletin->author, user->id) == 0;
    const ApprovalQuestion question = {
        .state = bulletin->state,
        .audio = bulletin->audio,
        .own = own,
        .one_person_approves = area != NULL && area->one_person_approves,
    };
    BulletinMove step = {
        .bulletin = bulletin->id,
        .version = bulletin->version,
        .from = bulletin->state,
        .reason = reason,
        .now_us = request_now_us(request),
    };
    refusal = access_check(self->parts.database, request, verb_of(act, own), bulletin->area);
    if (refusal == NULL)
        refusal = refuse(approval_ask(&question, act, &step.to));
    if (refusal != NULL)
        return refusal;
    if (act == APPROVAL_APPROVE || act == APPROVAL_REJECT) {
        step.by = user->id;
        step.by_name = user->name;
    }
    if (!move(self, request, bulletin, act, &step, &error))
        return g_error_matches(error, DATABASE_ERROR, DATABASE_ERROR_CONSTRAINT)
                   ? reply_problem(&problem_bulletin_state)
                   : reply_error(error);
    return bulletin_room_answer(self, request, 200, bulletin->id);
}

/* The orders without words take {} and nothing else. */
static Reply *act_plainly(void *room, Request *request, ApprovalAct act)
{
    g_autoptr(JsonForm) form = json_form_new(request_json(request), "");
    if (!json_form_ok(form, true))
        return reply_problem_take(problem_from_form(form));
    return act_on(room, request, act, NULL);
}

Reply *bulletin_api_submit(void *room, Request *request)
{
    return act_plainly(room, request, APPROVAL_SUBMIT);
}

Reply *bulletin_api_approve(void *room, Request *request)
{
    return act_plainly(room, request, APPROVAL_APPROVE);
}

Reply *bulletin_api_reject(void *room, Request *request)
{
    g_autoptr(JsonForm) form = json_form_new(request_json(request), "");
    const char *reason = json_form_text(form, "reason", true, 1, BULLETIN_REASON_MAX);
    if (!json_form_ok(form, true))
        return reply_problem_take(problem_from_form(form));
    return act_on(room, request, APPROVAL_REJECT, reason);
}

Reply *bulletin_api_withdraw(void *room, Request *request)
{
    return act_plainly(room, request, APPROVAL_WITHDRAW);
}
