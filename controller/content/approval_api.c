/* Submitting, approving, rejecting and withdrawing over HTTP. What may happen next is approval's to
 * say; the move, the action log and what follows from it (plans of stations) are one transaction.
 */
#include "access/access.h"
#include "content/approval.h"
#include "content/bulletin_room.h"

static const ProblemKind problem_no_sound = {
    "bulletin-without-sound", 409, "Bản tin chưa có âm thanh dùng được. Hãy ghi âm hoặc gửi tệp.",
    "The bulletin has no usable sound yet. Record or upload one."};
static const ProblemKind problem_own_bulletin = {
    "own-bulletin", 403,
    "Người soạn không được tự duyệt bản tin của mình. Hãy nhờ người khác duyệt.",
    "Authors may not approve their own bulletins. Ask somebody else to approve it."};

static const ProblemKind problem_already = {
    "already-approved", 409,
    "Bạn đã duyệt bản tin này. Đơn vị cần hai người duyệt, hãy chờ người thứ hai.",
    "You have approved this bulletin. The area asks for two people: wait for the second one."};

static Reply *refuse(ApprovalAnswer verdict)
{
    switch (verdict) {
    case APPROVAL_OK: break;
    case APPROVAL_WRONG_STATE: return reply_problem(&problem_bulletin_state);
    case APPROVAL_NO_SOUND: return reply_problem(&problem_no_sound);
    case APPROVAL_OWN: return reply_problem(&problem_own_bulletin);
    case APPROVAL_ALREADY: return reply_problem(&problem_already);
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

/* One act on one version, judged. */
typedef struct Deed {
    const Bulletin *bulletin;
    ApprovalAct act;
    ApprovalRight right;
    BulletinState to;
    const char *reason;
} Deed;

/* Everybody who approved, this one last: "A, B". */
static char *approvers(const Deed *deed, const User *user)
{
    GString *names = g_string_new(NULL);
    for (unsigned i = 0; i < deed->right.given->len; i++) {
        const ApprovalStep *step = g_ptr_array_index(deed->right.given, i);
        g_string_append_printf(names, "%s, ", step->by_name);
    }
    g_string_append(names, user->name);
    return g_string_free(names, FALSE);
}

static bool move_state(BulletinApi *self, const Request *request, const Deed *deed, GError **error)
{
    const User *user = access_user(request);
    const bool decides = deed->act == APPROVAL_APPROVE || deed->act == APPROVAL_REJECT;
    g_autofree char *names = decides ? approvers(deed, user) : NULL;
    const BulletinMove step = {
        .bulletin = deed->bulletin->id,
        .version = deed->bulletin->version,
        .from = deed->bulletin->state,
        .to = deed->to,
        .by = decides ? user->id : NULL,
        .by_name = names,
        .reason = deed->reason,
        .now_us = request_now_us(request),
    };
    return bulletin_store_move(self->parts.database, &step, error);
}

/* What airs goes on airing; what wants it further is told no. */
static bool refuses_wider(const Deed *deed)
{
    return deed->act == APPROVAL_REJECT && deed->bulletin->state == BULLETIN_APPROVED;
}

static bool note(BulletinApi *self, const Request *request, const Deed *deed, GError **error)
{
    const User *user = access_user(request);
    const ApprovalStep step = {
        .version = deed->bulletin->version,
        .act = deed->act,
        .scope = deed->right.wanted.area,
        .class = deed->right.wanted.class,
        .by = user->id,
        .by_name = user->name,
        .at_us = request_now_us(request),
        .reason = (char *)deed->reason,
    };
    if (!approval_store_add(self->parts.database, deed->bulletin->id, &step, error))
        return false;
    if (!refuses_wider(deed))
        return bulletin_room_log(self, request, approval_act_word(deed->act), deed->bulletin,
                                 error);
    return (!self->parts.refuse_wider ||
            self->parts.refuse_wider(deed->bulletin->id, &step, self->parts.changed_user, error)) &&
           bulletin_room_log(self, request, "bulletin.reject_wider", deed->bulletin, error);
}

/* The last of the approvals that are needed opens the air. */
static bool is_allowed(const Deed *deed)
{
    return deed->act == APPROVAL_APPROVE && deed->to == BULLETIN_APPROVED &&
           deed->right.given->len + 1 >= deed->right.needed;
}

static bool write_deed(BulletinApi *self, const Request *request, const Deed *deed, GError **error)
{
    Database *database = self->parts.database;
    if (deed->to != deed->bulletin->state && !move_state(self, request, deed, error))
        return false;
    if (is_allowed(deed) &&
        !approval_store_allow(database, deed->bulletin->version, &deed->right.wanted,
                              request_now_us(request), error))
        return false;
    return note(self, request, deed, error);
}

static bool carry_out(BulletinApi *self, const Request *request, const Deed *deed, GError **error)
{
    Database *database = self->parts.database;
    const bool airs = is_allowed(deed) || deed->act == APPROVAL_WITHDRAW;
    if (!database_begin(database, error))
        return false;
    if (!write_deed(self, request, deed, error)) {
        database_rollback(database);
        return false;
    }
    if (airs && self->parts.changed != NULL)
        self->parts.changed(deed->bulletin->id, self->parts.changed_user);
    if (!database_commit(database, error))
        return false;
    panel_events_changed(self->parts.events, "bulletins");
    if (refuses_wider(deed))
        panel_events_changed(self->parts.events, "broadcasts");
    return true;
}

/* Approving and rejecting are about the version that was submitted; where none is, about the one
 * that airs and is wanted further. */
static Reply *find(BulletinApi *self, const Request *request, ApprovalAct act, Bulletin **ret)
{
    g_autoptr(Bulletin) newest = NULL;
    Reply *refusal = bulletin_room_find(self, request, &newest);
    if (refusal != NULL)
        return refusal;
    const bool decides = act == APPROVAL_APPROVE || act == APPROVAL_REJECT;
    if (decides && newest->state != BULLETIN_SUBMITTED) {
        g_autoptr(GError) error = NULL;
        *ret = bulletin_store_get(self->parts.database, newest->id, &error);
        return error != NULL ? reply_error(error) : NULL;
    }
    *ret = g_steal_pointer(&newest);
    return NULL;
}

static Reply *judge(BulletinApi *self, const Request *request, Deed *deed)
{
    g_autoptr(GError) error = NULL;
    if (!bulletin_room_right(self, request, deed->bulletin, &deed->right, &error))
        return error != NULL ? reply_error(error) : reply_problem(&problem_not_found);
    Reply *refusal = access_check(self->parts.database, request,
                                  verb_of(deed->act, deed->right.own), deed->bulletin->area);
    if (refusal != NULL)
        return refusal;
    const ApprovalQuestion question = approval_right_question(&deed->right, deed->bulletin);
    return refuse(approval_ask(&question, deed->act, &deed->to));
}

static Reply *act_on(BulletinApi *self, Request *request, ApprovalAct act, const char *reason)
{
    g_autoptr(Bulletin) bulletin = NULL;
    g_autoptr(GError) error = NULL;
    Reply *refusal = find(self, request, act, &bulletin);
    if (refusal != NULL)
        return refusal;
    Deed deed = {.bulletin = bulletin, .act = act, .reason = reason};
    refusal = judge(self, request, &deed);
    const bool done = refusal == NULL && carry_out(self, request, &deed, &error);
    approval_right_clear(&deed.right);
    if (refusal != NULL)
        return refusal;
    if (!done)
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
