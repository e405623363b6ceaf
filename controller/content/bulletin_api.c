/* Every change is one transaction: the version, the action log and what follows from it (plans of
 * stations) commit together or not at all. Rights are asked through access; what may happen next
 * through approval. A version's sound is made after the commit, by the intake. */
#include "content/bulletin_api.h"

#include "access/access.h"
#include "access/action_log_store.h"
#include "content/approval.h"
#include "content/bulletin_view.h"
#include "content/upload_store.h"
#include "crypto.h"
#include "registry/area_store.h"

#include <string.h>

static const ProblemKind problem_upload_unknown = {
    "upload-unknown", 422, "Không tìm thấy tệp đã tải lên. Hãy tải lên lại.",
    "The upload is not there (any more). Upload the file again."};
static const ProblemKind problem_upload_incomplete = {
    "upload-incomplete", 409, "Tệp chưa tải lên xong. Hãy chờ tải xong rồi lưu.",
    "The upload is not complete yet. Wait until it is, then save."};
static const ProblemKind problem_upload_taken = {
    "upload-taken", 409, "Tệp này đã thuộc một bản tin khác. Hãy tải lên lại.",
    "A bulletin is already being made from this upload. Upload the file again."};
static const ProblemKind problem_intake_full = {
    "intake-full", 503, "Quá nhiều bản tin đang chờ xử lý. Hãy thử lại sau vài phút.",
    "Too many bulletins are waiting to be processed. Try again in a few minutes."};
static const ProblemKind problem_bulletin_state = {
    "bulletin-state", 409, "Bản tin đã đổi trạng thái nên không làm được việc này. Hãy tải lại.",
    "The bulletin has changed its state, so this cannot be done. Reload it."};
static const ProblemKind problem_no_sound = {
    "bulletin-without-sound", 409, "Bản tin chưa có âm thanh dùng được. Hãy ghi hoặc tải lên.",
    "The bulletin has no usable sound yet. Record or upload one."};
static const ProblemKind problem_own_bulletin = {
    "own-bulletin", 403,
    "Người soạn không được tự duyệt bản tin của mình. Hãy nhờ người khác duyệt.",
    "Authors may not approve their own bulletins. Ask somebody else to approve it."};

struct BulletinApi {
    BulletinApiParts parts;
};

BulletinApi *bulletin_api_new(const BulletinApiParts *parts)
{
    BulletinApi *self = g_new0(BulletinApi, 1);
    self->parts = *parts;
    return self;
}

void bulletin_api_free(BulletinApi *self)
{
    g_free(self);
}

static Json *view(BulletinApi *self, const Request *request, const Bulletin *bulletin)
{
    g_autoptr(Area) area = area_store_get(self->parts.database, bulletin->area, NULL);
    return bulletin_view(bulletin, area != NULL ? area->name : NULL,
                         intake_progress(self->parts.intake, bulletin->version),
                         request_language(request));
}

/* The newest version as it is now. */
static Reply *answer(BulletinApi *self, const Request *request, unsigned status, const char *id)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Bulletin) bulletin = bulletin_store_newest(self->parts.database, id, &error);
    if (bulletin == NULL)
        return error != NULL ? reply_error(error) : reply_problem(&problem_not_found);
    return reply_json_take(status, view(self, request, bulletin));
}

/* The newest version of the bulletin in the path, if the caller may see it. */
static Reply *find(BulletinApi *self, const Request *request, Bulletin **ret_bulletin)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Bulletin) bulletin =
        bulletin_store_newest(self->parts.database, request_place(request, "id"), &error);
    if (error != NULL)
        return reply_error(error);
    if (bulletin == NULL ||
        !access_allows(self->parts.database, access_user(request), VERB_VIEW, bulletin->area))
        return reply_problem(&problem_not_found);
    *ret_bulletin = g_steal_pointer(&bulletin);
    return NULL;
}

static bool log_action(BulletinApi *self, const Request *request, const char *verb,
                       const Bulletin *bulletin, GError **error)
{
    const Action action = {
        .user = access_user(request)->id,
        .verb = verb,
        .area = bulletin->area,
        .object = bulletin->id,
        .remote = request_remote(request),
    };
    return action_log_store_add(self->parts.database, &action, request_now_us(request), error);
}

/* An upload that is whole, the caller's own and free. */
static Reply *find_upload(BulletinApi *self, const Request *request, const char *id,
                          Upload **ret_upload)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Upload) upload =
        upload_store_get(self->parts.database, id, request_now_us(request), &error);
    if (error != NULL)
        return reply_error(error);
    if (upload == NULL || strcmp(upload->user, access_user(request)->id) != 0)
        return reply_problem(&problem_upload_unknown);
    if (upload->received != upload->length)
        return reply_problem(&problem_upload_incomplete);
    if (upload_store_in_use(self->parts.database, id))
        return reply_problem(&problem_upload_taken);
    if (intake_is_full(self->parts.intake))
        return reply_problem(&problem_intake_full);
    *ret_upload = g_steal_pointer(&upload);
    return NULL;
}

static void set_text(char **place, const char *text)
{
    char *copy = g_strdup(text);
    g_free(*place);
    *place = copy;
}

static void use_upload(Bulletin *bulletin, const Upload *upload)
{
    bulletin->audio = BULLETIN_AUDIO_WORKING;
    set_text(&bulletin->upload, upload->id);
    set_text(&bulletin->original_name, upload->filename);
    set_text(&bulletin->sha256, NULL);
    set_text(&bulletin->original_sha256, NULL);
    bulletin->bytes = bulletin->frames = 0;
    bulletin->loudness_mlufs = bulletin->peak_mdbtp = 0;
}

/* The members that both POST and PATCH know. */
static const char *read_form(JsonForm *form, Bulletin *bulletin, bool is_new)
{
    const char *title = json_form_text(form, "title", is_new, 1, BULLETIN_TITLE_MAX);
    const char *upload = json_form_hex(form, "upload", false, 32);
    const int64_t from_us = json_form_time(form, "valid_from", false, bulletin->valid_from_us);
    const int64_t until_us = json_form_time(form, "valid_until", false, bulletin->valid_until_us);
    if (title != NULL)
        set_text(&bulletin->title, title);
    if (from_us != 0 && until_us != 0 && until_us <= from_us)
        json_form_fault(form, "valid_until", FORM_RANGE, "valid_from");
    bulletin->valid_from_us = from_us;
    bulletin->valid_until_us = until_us;
    return upload;
}

typedef bool (*AddVersion)(Database *database, const Bulletin *bulletin, GError **error);

/* Writes a version and, once it is committed, has its sound made. */
static bool save(BulletinApi *self, const Request *request, const Bulletin *bulletin,
                 AddVersion add, const char *verb, GError **error)
{
    Database *database = self->parts.database;
    if (!database_begin(database, error))
        return false;
    if (!add(database, bulletin, error) || !log_action(self, request, verb, bulletin, error)) {
        database_rollback(database);
        return false;
    }
    if (!database_commit(database, error))
        return false;
    if (bulletin->audio == BULLETIN_AUDIO_WORKING)
        intake_add(self->parts.intake, bulletin->version);
    panel_events_changed(self->parts.events, "bulletins");
    return true;
}

static void sign_version(Bulletin *bulletin, const Request *request)
{
    const User *user = access_user(request);
    g_free(bulletin->version);
    bulletin->version = crypto_random_hex(8);
    set_text(&bulletin->author, user->id);
    set_text(&bulletin->author_name, user->name);
    bulletin->created_us = request_now_us(request);
}

Reply *bulletin_api_create(void *room, Request *request)
{
    BulletinApi *self = room;
    g_autoptr(JsonForm) form = json_form_new(request_json(request), "");
    g_autoptr(Bulletin) bulletin = g_new0(Bulletin, 1);
    g_autoptr(Upload) upload = NULL;
    g_autoptr(GError) error = NULL;
    const char *area = json_form_text(form, "area", true, 1, 64);
    const char *language = json_form_text(form, "language", false, 2, 16);
    const char *upload_id = read_form(form, bulletin, true);
    if (!json_form_ok(form, true))
        return reply_problem_take(problem_from_form(form));
    Reply *refusal = access_check(self->parts.database, request, VERB_CREATE_CONTENT, area);
    if (refusal == NULL && upload_id != NULL)
        refusal = find_upload(self, request, upload_id, &upload);
    if (refusal != NULL)
        return refusal;
    bulletin->id = crypto_random_hex(8);
    set_text(&bulletin->area, area);
    set_text(&bulletin->language, language != NULL ? language : "vi");
    sign_version(bulletin, request);
    if (upload != NULL)
        use_upload(bulletin, upload);
    if (!save(self, request, bulletin, bulletin_store_add, "bulletin.create", &error))
        return reply_error(error);
    return answer(self, request, 201, bulletin->id);
}

/* A change makes the next version, back to draft; what stations may play stays approved. */
Reply *bulletin_api_change(void *room, Request *request)
{
    BulletinApi *self = room;
    g_autoptr(JsonForm) form = json_form_new(request_json(request), "");
    g_autoptr(Bulletin) bulletin = NULL;
    g_autoptr(Upload) upload = NULL;
    g_autoptr(GError) error = NULL;
    Reply *refusal = find(self, request, &bulletin);
    if (refusal == NULL)
        refusal = access_check(self->parts.database, request, VERB_CREATE_CONTENT, bulletin->area);
    if (refusal != NULL)
        return refusal;
    const char *upload_id = read_form(form, bulletin, false);
    if (!json_form_ok(form, true))
        return reply_problem_take(problem_from_form(form));
    if (upload_id != NULL)
        refusal = find_upload(self, request, upload_id, &upload);
    if (refusal != NULL)
        return refusal;
    if (upload == NULL && bulletin->audio == BULLETIN_AUDIO_WORKING)
        return reply_problem(&problem_bulletin_state); /* its sound belongs to the version before */
    sign_version(bulletin, request);
    if (upload != NULL)
        use_upload(bulletin, upload);
    else if (bulletin->audio == BULLETIN_AUDIO_FAILED)
        bulletin->audio = BULLETIN_AUDIO_NONE;
    if (!save(self, request, bulletin, bulletin_store_add_version, "bulletin.change", &error))
        return reply_error(error);
    return answer(self, request, 200, bulletin->id);
}

Reply *bulletin_api_get(void *room, Request *request)
{
    BulletinApi *self = room;
    g_autoptr(Bulletin) bulletin = NULL;
    Reply *refusal = find(self, request, &bulletin);
    return refusal != NULL ? refusal : reply_json_take(200, view(self, request, bulletin));
}

Reply *bulletin_api_audio(void *room, Request *request)
{
    BulletinApi *self = room;
    g_autoptr(Bulletin) bulletin = NULL;
    Reply *refusal = find(self, request, &bulletin);
    if (refusal != NULL)
        return refusal;
    g_autofree char *path = media_store_path(self->parts.media, bulletin->sha256);
    if (path == NULL)
        return reply_problem(&problem_not_found);
    return reply_file(path, "audio/ogg", bulletin->sha256, false);
}

/* ---- lists ---- */

/* "<created_us>-<id>" of the last bulletin of the page before. */
static bool read_after(const char *after, BulletinFilter *filter)
{
    char *end = NULL;
    if (after == NULL)
        return true;
    filter->before_us = g_ascii_strtoll(after, &end, 10);
    if (filter->before_us <= 0 || end == NULL || *end != '-')
        return false;
    filter->before_id = end + 1;
    return true;
}

static bool read_filter(BulletinApi *self, const Request *request, Area **ret_area,
                        BulletinFilter *filter)
{
    BulletinState state = BULLETIN_DRAFT;
    const char *area = request_query(request, "area");
    filter->path = "";
    filter->state = request_query(request, "state");
    if (filter->state != NULL && !bulletin_state_from_word(filter->state, &state))
        return false;
    if (area == NULL)
        return true;
    *ret_area = area_store_get(self->parts.database, area, NULL);
    if (*ret_area != NULL)
        filter->path = (*ret_area)->path;
    return *ret_area != NULL;
}

/* Pages may hold areas that the caller does not see; those rows are passed over. */
static bool fill_page(BulletinApi *self, const Request *request, BulletinFilter *filter,
                      unsigned limit, Json *items, char **ret_next, GError **error)
{
    g_autofree char *last_id = NULL;
    filter->limit = limit + 1;
    while (true) {
        g_autoptr(GPtrArray) page = bulletin_store_list(self->parts.database, filter, error);
        if (page == NULL)
            return false;
        for (unsigned i = 0; i < page->len; i++) {
            const Bulletin *bulletin = g_ptr_array_index(page, i);
            if (json_length(items) == limit) {
                *ret_next = g_strdup_printf("%" G_GINT64_FORMAT "-%s", filter->before_us,
                                            filter->before_id);
                return true;
            }
            if (access_allows(self->parts.database, access_user(request), VERB_VIEW,
                              bulletin->area))
                json_append_take(items, view(self, request, bulletin));
            g_free(last_id);
            last_id = g_strdup(bulletin->id);
            filter->before_us = bulletin->created_us;
            filter->before_id = last_id;
        }
        if (page->len < filter->limit)
            return true;
    }
}

Reply *bulletin_api_list(void *room, Request *request)
{
    BulletinApi *self = room;
    g_autoptr(Area) area = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *next = NULL;
    Problem *problem = NULL;
    const char *after = NULL;
    unsigned limit = 0;
    BulletinFilter filter = {0};
    if (!request_page(request, BULLETIN_PAGE_MAX, &limit, &after, &problem))
        return reply_problem_take(problem);
    if (!read_filter(self, request, &area, &filter) || !read_after(after, &filter)) {
        problem = problem_new(&problem_bad_request);
        problem_set(problem, "why", "area, state, after");
        return reply_problem_take(problem);
    }
    g_autoptr(Json) items = json_new_array();
    if (!fill_page(self, request, &filter, limit, items, &next, &error))
        return reply_error(error);
    Json *body = json_new_object();
    json_set_take(body, "items", g_steal_pointer(&items));
    json_set_text(body, "next", next);
    return reply_json_take(200, body);
}

/* ---- approval ---- */

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
        !log_action(self, request, approval_act_word(act), bulletin, error)) {
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
    Reply *refusal = find(self, request, &bulletin);
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
    return answer(self, request, 200, bulletin->id);
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
