/* Two changes of a bulletin that airs, made at once and without anybody's approval: it ends sooner
 * than was approved, and what waits behind it is dropped. Both only take away; who may withdraw the
 * bulletin may do them. That it lasts longer is a new version, to be approved like any other. */
#include "access/access.h"
#include "content/amend_store.h"
#include "content/bulletin_room.h"

/* The newest version and the one that airs, which may be the same. */
typedef struct Pair {
    Bulletin *newest, *airs;
} Pair;

static void pair_clear(Pair *self)
{
    bulletin_free(self->newest);
    bulletin_free(self->airs);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Pair, pair_clear)

static Reply *find(BulletinApi *self, const Request *request, Pair *ret)
{
    g_autoptr(GError) error = NULL;
    Reply *refusal = bulletin_room_find(self, request, &ret->newest);
    if (refusal != NULL)
        return refusal;
    ret->airs = bulletin_store_get(self->parts.database, ret->newest->id, &error);
    return error != NULL ? reply_error(error) : NULL;
}

/* Authors may take back their own; otherwise deciding is for those who approve. */
static Reply *check(BulletinApi *self, const Request *request, const Bulletin *version)
{
    const bool own = g_strcmp0(version->author, access_user(request)->id) == 0;
    return access_check(self->parts.database, request,
                        own ? VERB_CREATE_CONTENT : VERB_APPROVE_CONTENT, version->area);
}

static bool airs_now(const Pair *pair)
{
    return pair->airs != NULL && pair->airs->state == BULLETIN_APPROVED;
}

static Reply *judge_end(const Bulletin *airs, int64_t until_us, int64_t now_us)
{
    g_autoptr(Problem) problem = problem_new(&problem_invalid);
    if (until_us <= now_us)
        problem_add(problem, "/valid_until",
                    "Ngày này đã qua. Hãy chọn ngày sắp tới; muốn ngừng ngay thì thu hồi bản tin.",
                    "This day has passed. Choose one to come; to stop at once, withdraw it.");
    else if (until_us <= airs->valid_from_us)
        problem_add(problem, "/valid_until",
                    "Hiệu lực kết thúc trước khi bắt đầu. Hãy sửa lại ngày.",
                    "The validity ends before it begins. Correct the day.");
    else if (airs->valid_until_us != 0 && until_us > airs->valid_until_us)
        problem_add(problem, "/valid_until",
                    "Muốn hiệu lực dài hơn thì phải duyệt lại. Hãy tải lại rồi gửi duyệt.",
                    "A longer validity has to be approved. Reload, and send it for approval.");
    else
        return NULL;
    return reply_problem_take(g_steal_pointer(&problem));
}

/* Ends a transaction that did what was asked, or not. */
static Reply *finish(BulletinApi *self, const Request *request, const char *id, bool done,
                     GError *error)
{
    Database *database = self->parts.database;
    g_autoptr(GError) failed = error;
    if (!done)
        database_rollback(database);
    else
        done = database_commit(database, &failed);
    if (!done)
        return g_error_matches(failed, DATABASE_ERROR, DATABASE_ERROR_CONSTRAINT)
                   ? reply_problem(&problem_bulletin_state)
                   : reply_error(failed);
    panel_events_changed(self->parts.events, "bulletins");
    return bulletin_room_answer(self, request, 200, id);
}

static bool shorten(BulletinApi *self, const Request *request, const Bulletin *airs,
                    int64_t until_us, GError **error)
{
    const User *user = access_user(request);
    const Shortening act = {.by = user->id,
                            .by_name = user->name,
                            .until_us = until_us,
                            .at_us = request_now_us(request)};
    if (!amend_store_shorten(self->parts.database, airs, &act, error) ||
        !bulletin_room_log(self, request, "bulletin.shorten", airs, error))
        return false;
    if (self->parts.changed != NULL)
        self->parts.changed(airs->id, self->parts.changed_user);
    return true;
}

Reply *bulletin_api_shorten(void *room, Request *request)
{
    BulletinApi *self = room;
    g_autoptr(JsonForm) form = json_form_new(request_json(request), "");
    const int64_t until_us = json_form_time(form, "valid_until", true, 0);
    g_auto(Pair) pair = {0};
    Reply *refusal = find(self, request, &pair);
    if (refusal == NULL && pair.airs != NULL)
        refusal = check(self, request, pair.airs);
    if (refusal != NULL)
        return refusal;
    if (!json_form_ok(form, true))
        return reply_problem_take(problem_from_form(form));
    if (!airs_now(&pair))
        return reply_problem(&problem_bulletin_state);
    if ((refusal = judge_end(pair.airs, until_us, request_now_us(request))) != NULL)
        return refusal;
    GError *error = NULL; /* now owned by finish() */
    if (!database_begin(self->parts.database, &error)) {
        g_autoptr(GError) failed = error;
        return reply_error(failed);
    }
    const bool done = shorten(self, request, pair.airs, until_us, &error);
    return finish(self, request, pair.airs->id, done, error);
}

static bool revert(BulletinApi *self, const Request *request, const Pair *pair, GError **error)
{
    const User *user = access_user(request);
    const ApprovalStep step = {
        .version = pair->newest->version,
        .act = APPROVAL_WITHDRAW,
        .scope = pair->newest->area,
        .class = CLASS_NORMAL,
        .by = user->id,
        .by_name = user->name,
        .at_us = request_now_us(request),
    };
    Database *database = self->parts.database;
    return amend_store_revert(database, pair->newest, pair->airs, step.at_us, error) &&
           approval_store_add(database, pair->newest->id, &step, error) &&
           bulletin_room_log(self, request, "bulletin.revert", pair->newest, error);
}

Reply *bulletin_api_revert(void *room, Request *request)
{
    BulletinApi *self = room;
    g_autoptr(JsonForm) form = json_form_new(request_json(request), "");
    g_auto(Pair) pair = {0};
    Reply *refusal = find(self, request, &pair);
    if (refusal == NULL)
        refusal = check(self, request, pair.newest);
    if (refusal != NULL)
        return refusal;
    if (!json_form_ok(form, true))
        return reply_problem_take(problem_from_form(form));
    if (!airs_now(&pair) || g_str_equal(pair.airs->version, pair.newest->version))
        return reply_problem(&problem_bulletin_state);
    GError *error = NULL; /* now owned by finish() */
    if (!database_begin(self->parts.database, &error)) {
        g_autoptr(GError) failed = error;
        return reply_error(failed);
    }
    const bool done = revert(self, request, &pair, &error);
    return finish(self, request, pair.newest->id, done, error);
}
