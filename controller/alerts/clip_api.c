/* Prepared messages over HTTP. A clip names an approved bulletin; from then on the stations of its
 * area hold the sound, and a button at the pole may start it. Every change is one transaction, and
 * the plans follow. */
#include "alerts/alerts_parts.h"
#include "base/clock.h"
#include "crypto.h"
#include "schedule/scope.h"

#define ID_MAX 64

static const ProblemKind problem_bulletin_unapproved = {
    "bulletin-not-approved", 409,
    "Chỉ bản tin đã duyệt và có âm thanh mới dùng làm tin khẩn. Hãy duyệt bản tin trước.",
    "Only an approved bulletin with sound can be a prepared message. Have it approved first."};
static const ProblemKind problem_clips_full = {
    "too-many-clips", 409, "Đơn vị đã có {max} tin khẩn. Hãy xóa bớt tin không dùng.",
    "The area has {max} prepared messages. Delete those that are not needed."};
static const ProblemKind problem_button_taken = {
    "button-taken", 409, "Nút này đã gắn với tin khẩn khác của đơn vị. Hãy chọn nút khác.",
    "Another message of the area has this button. Choose another one."};

static const char *state_of(const Clip *clip, int64_t now_us)
{
    if (clip_is_ready(clip, now_us))
        return "ready";
    const Bulletin *bulletin = clip->bulletin;
    if (bulletin && bulletin->audio == BULLETIN_AUDIO_WORKING)
        return "working";
    return "withdrawn";
}

static Json *clip_json(Alerts *self, const Clip *clip, const Request *request)
{
    Database *database = self->parts.database;
    int64_t now_us = request_now_us(request);
    g_autoptr(Area) area = area_store_get(database, clip->area, NULL);
    g_autofree char *created = clock_format_utc(clip->created_us);
    Json *json = json_new_object();
    json_set_text(json, "id", clip->id);
    json_set_text(json, "area", clip->area);
    json_set_text(json, "area_name", area ? area->name : NULL);
    json_set_text(json, "bulletin", clip->bulletin ? clip->bulletin->id : NULL);
    json_set_text(json, "title", clip->title);
    json_set_int(json, "severity", clip->severity);
    json_set_int(json, "button", clip->button);
    json_set_int(json, "every_minutes", clip->every_s / 60);
    json_set_bool(json, "drill", clip->drill);
    json_set_text(json, "state", state_of(clip, now_us));
    json_set_int(json, "duration_ms", clip->bulletin ? clip->bulletin->duration_ms : 0);
    json_set_text(json, "created_at", created);
    json_set_bool(json, "may_change",
                  !clip->drill &&
                      access_allows(database, access_user(request), VERB_ALERT, clip->area));
    return json;
}

Reply *clip_api_list(void *alerts, Request *request)
{
    Alerts *self = alerts;
    Reply *refusal = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(Area) area = scope_area(self->parts.database, request, &refusal);
    if (!area)
        return refusal;
    g_autoptr(GPtrArray) clips = clip_store_around(self->parts.database, area->path, &error);
    if (!clips)
        return reply_error(error);
    Json *items = json_new_array();
    for (unsigned i = 0; i < clips->len; i++)
        json_append_take(items, clip_json(self, clips->pdata[i], request));
    Json *body = json_new_object();
    json_set_take(body, "items", items);
    json_set_null(body, "next");
    return reply_json_take(200, body);
}

static void read_form(JsonForm *form, Clip *clip)
{
    const char *title = json_form_text(form, "title", false, 1, CLIP_TITLE_MAX);
    clip->severity =
        (unsigned)json_form_int(form, "severity", false, 1, COMMAND_SEVERITY_MAX, clip->severity);
    clip->button = (unsigned)json_form_int(form, "button", false, 0, PLAN_BUTTONS, clip->button);
    clip->every_s = 60 * json_form_int(form, "every_minutes", false, 0, ALERTS_EVERY_MAX_S / 60,
                                       clip->every_s / 60);
    if (title) {
        g_free(clip->title);
        clip->title = g_strdup(title);
    }
}

static Reply *judge_button(Alerts *self, const Clip *clip, const Area *area)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) all = clip_store_at(self->parts.database, area->path, &error);
    if (!all)
        return reply_error(error);
    unsigned own = 0;
    for (unsigned i = 0; i < all->len; i++) {
        const Clip *other = all->pdata[i];
        if (!g_str_equal(other->area, area->id) || g_strcmp0(other->id, clip->id) == 0)
            continue;
        own++;
        if (clip->button && other->button == clip->button)
            return reply_problem(&problem_button_taken);
    }
    if (own < ALERTS_CLIPS_MAX)
        return NULL;
    Problem *problem = problem_new(&problem_clips_full);
    problem_set(problem, "max", G_STRINGIFY(ALERTS_CLIPS_MAX));
    return reply_problem_take(problem);
}

static Reply *find_bulletin(Alerts *self, const char *id, const Area *area, Clip *clip)
{
    g_autoptr(GError) error = NULL;
    clip->bulletin = bulletin_store_get(self->parts.database, id, &error);
    if (error)
        return reply_error(error);
    if (!clip->bulletin || !area_store_within(self->parts.database, area->id, clip->bulletin->area))
        return reply_problem(&problem_not_found);
    if (!clip->title) {
        glong length = g_utf8_strlen(clip->bulletin->title, -1);
        clip->title = g_utf8_substring(clip->bulletin->title, 0, MIN(length, CLIP_TITLE_MAX));
    }
    return NULL;
}

static void tell_panels(void *user)
{
    Alerts *self = user;
    panel_events_changed(self->parts.events, "alerts");
}

/* Writes a clip (or its end), and plans follow. */
static Reply *save(Alerts *self, const Request *request, const Clip *clip, const Area *area,
                   const char *verb, bool gone)
{
    Database *database = self->parts.database;
    g_autoptr(GError) error = NULL;
    if (!database_begin(database, &error))
        return reply_error(error);
    bool good = gone ? clip_store_delete(database, clip->id, request_now_us(request), &error)
                     : clip_store_put(database, clip, &error) &&
                           drill_prepare(self, request, area->path, &error);
    if (!good || !alerts_log(self, request, verb, area->id, clip->id, NULL, &error)) {
        database_rollback(database);
        return reply_error(error);
    }
    publisher_clips_changed(self->parts.fleet->publisher, area->id);
    database_after_commit(database, tell_panels, self);
    return database_commit(database, &error) ? NULL : reply_error(error);
}

Reply *clip_api_create(void *alerts, Request *request)
{
    Alerts *self = alerts;
    g_autoptr(JsonForm) form = json_form_new(request_json(request), "");
    g_autoptr(Clip) clip = g_new0(Clip, 1);
    g_autoptr(GError) error = NULL;
    clip->severity = COMMAND_SEVERITY_USUAL;
    const char *area_id = json_form_text(form, "area", true, 1, ID_MAX);
    const char *bulletin = json_form_text(form, "bulletin", true, 1, ID_MAX);
    read_form(form, clip);
    if (!json_form_ok(form, true))
        return reply_problem_take(problem_from_form(form));
    Reply *refusal = access_check(self->parts.database, request, VERB_ALERT, area_id);
    if (refusal)
        return refusal;
    g_autoptr(Area) area = area_store_get(self->parts.database, area_id, &error);
    if (!area)
        return error ? reply_error(error) : reply_problem(&problem_not_found);
    clip->area = g_strdup(area->id);
    refusal = find_bulletin(self, bulletin, area, clip);
    if (!refusal && !clip_is_ready(clip, request_now_us(request)))
        refusal = reply_problem(&problem_bulletin_unapproved);
    if (!refusal)
        refusal = judge_button(self, clip, area);
    if (refusal)
        return refusal;
    clip->id = crypto_random_hex(8);
    clip->created_by = g_strdup(access_user(request)->id);
    clip->created_us = request_now_us(request);
    refusal = save(self, request, clip, area, "alert_clip.create", false);
    return refusal ? refusal : reply_json_take(201, clip_json(self, clip, request));
}

static Clip *find(Alerts *self, Request *request, Area **ret_area, Reply **ret_refusal)
{
    Database *database = self->parts.database;
    g_autoptr(GError) error = NULL;
    g_autoptr(Clip) clip = clip_store_get(database, request_place(request, "id"), &error);
    if (clip)
        *ret_area = area_store_get(database, clip->area, &error);
    if (error)
        *ret_refusal = reply_error(error);
    else if (!clip || !*ret_area)
        *ret_refusal = reply_problem(&problem_not_found);
    else
        *ret_refusal = access_check(database, request, VERB_ALERT, clip->area);
    if (!*ret_refusal && clip->drill)
        *ret_refusal = reply_problem(&problem_forbidden);
    return *ret_refusal ? NULL : g_steal_pointer(&clip);
}

Reply *clip_api_change(void *alerts, Request *request)
{
    Alerts *self = alerts;
    Reply *refusal = NULL;
    g_autoptr(Area) area = NULL;
    g_autoptr(Clip) clip = find(self, request, &area, &refusal);
    if (!clip)
        return refusal;
    g_autoptr(JsonForm) form = json_form_new(request_json(request), "");
    read_form(form, clip);
    if (!json_form_ok(form, true))
        return reply_problem_take(problem_from_form(form));
    refusal = judge_button(self, clip, area);
    if (!refusal)
        refusal = save(self, request, clip, area, "alert_clip.change", false);
    return refusal ? refusal : reply_json_take(200, clip_json(self, clip, request));
}

Reply *clip_api_delete(void *alerts, Request *request)
{
    Alerts *self = alerts;
    Reply *refusal = NULL;
    g_autoptr(Area) area = NULL;
    g_autoptr(Clip) clip = find(self, request, &area, &refusal);
    if (!clip)
        return refusal;
    refusal = save(self, request, clip, area, "alert_clip.delete", true);
    return refusal ? refusal : reply_empty(204);
}
