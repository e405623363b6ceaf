/* An origin is checked before anything is written: an upload is whole, the caller's own and free; a
 * source is one that the area may relay, and somebody there can play it. */
#include "content/bulletin_origin.h"

#include "access/access.h"
#include "content/source_store.h"
#include "content/speech_text.h"
#include "content/upload_store.h"
#include "registry/area_store.h"

#include <string.h>

#define FRAMES_A_MINUTE (INT64_C(48000) * 60)

static const ProblemKind problem_upload_unknown = {
    "upload-unknown", 422, "Không tìm thấy tệp đã gửi. Hãy gửi lại tệp.",
    "The upload is no longer there. Upload the file again."};
static const ProblemKind problem_upload_incomplete = {
    "upload-incomplete", 409, "Tệp chưa gửi xong. Hãy chờ gửi xong rồi lưu.",
    "The upload is not complete yet. Wait until it is, then save."};
static const ProblemKind problem_upload_taken = {
    "upload-taken", 409, "Tệp này đã thuộc một bản tin khác. Hãy gửi lại tệp.",
    "A bulletin is already being made from this upload. Upload the file again."};
static const ProblemKind problem_intake_full = {
    "intake-full", 503, "Quá nhiều bản tin đang chờ xử lý. Hãy thử lại sau vài phút.",
    "Too many bulletins are waiting to be processed. Try again in a few minutes."};

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
    *ret_upload = g_steal_pointer(&upload);
    return NULL;
}

void bulletin_origin_clear(BulletinOrigin *self)
{
    g_clear_pointer(&self->upload, upload_free);
}

static void read_relay(BulletinOrigin *self, JsonForm *form)
{
    JsonForm *relay = json_form_child(form, "relay", false);
    if (relay == NULL)
        return;
    self->relay = json_form_text(relay, "source", true, 1, 64);
    self->minutes = json_form_int(relay, "minutes", true, 1, BULLETIN_RELAY_MINUTES_MAX, 1);
}

void bulletin_origin_read(BulletinOrigin *self, JsonForm *form, const char *language)
{
    self->upload_id = json_form_hex(form, "upload", false, 32);
    self->text = json_form_text(form, "text", false, 1, SPEECH_TEXT_MAX);
    read_relay(self, form);
    if ((self->text != NULL) + (self->upload_id != NULL) + (self->relay != NULL) > 1)
        json_form_fault(form, self->text != NULL ? "text" : "upload", FORM_CHOICE,
                        "upload, text, relay");
    else if (self->text != NULL && g_strcmp0(language, "vi") != 0)
        json_form_fault(form, "language", FORM_CHOICE, "vi");
}

bool bulletin_origin_is_given(const BulletinOrigin *self)
{
    return self->upload_id != NULL || self->text != NULL || self->relay != NULL;
}

static Reply *refuse(const char *vi, const char *en)
{
    Problem *problem = problem_new(&problem_invalid);
    problem_add(problem, "/relay/source", vi, en);
    return reply_problem_take(problem);
}

static Reply *find_source(const BulletinOrigin *self, Database *database, const char *area)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Source) source = source_store_get(database, self->relay, &error);
    if (error != NULL)
        return reply_error(error);
    if (source == NULL || source->deleted_us || !area_store_within(database, area, source->area))
        return refuse("Không có nguồn tiếp âm này. Hãy chọn lại nguồn.",
                      "There is no such relay source. Choose it again.");
    return NULL;
}

Reply *bulletin_origin_find(BulletinOrigin *self, BulletinApi *room, const Request *request,
                            const char *area)
{
    if (self->relay != NULL)
        return find_source(self, room->parts.database, area);
    if (self->upload_id == NULL && self->text == NULL)
        return NULL;
    if (intake_is_full(room->parts.intake))
        return reply_problem(&problem_intake_full);
    return self->upload_id == NULL ? NULL
                                   : find_upload(room, request, self->upload_id, &self->upload);
}

static void set_text(char **place, const char *text)
{
    char *copy = g_strdup(text);
    g_free(*place);
    *place = copy;
}

void bulletin_origin_use(const BulletinOrigin *self, Bulletin *bulletin)
{
    const bool relay = self->relay != NULL;
    bulletin->audio = relay ? BULLETIN_AUDIO_READY : BULLETIN_AUDIO_WORKING;
    bulletin->frames = relay ? self->minutes * FRAMES_A_MINUTE : 0;
    set_text(&bulletin->source, self->relay);
    set_text(&bulletin->upload, self->upload != NULL ? self->upload->id : NULL);
    set_text(&bulletin->original_name, self->upload != NULL ? self->upload->filename : NULL);
    set_text(&bulletin->text, self->text);
    set_text(&bulletin->sha256, NULL);
    set_text(&bulletin->original_sha256, NULL);
    bulletin->bytes = bulletin->loudness_mlufs = bulletin->peak_mdbtp = 0;
}
