/* Making, changing and hearing bulletins. Every change is one transaction: the version and
 * the action log commit together or not at all. A version's sound is made after the commit, by the
 * intake, from an upload or from the typed text. */
#include "content/bulletin_origin.h"

#include "access/access.h"
#include "content/fallback_form.h"
#include "content/language_tag.h"
#include "content/peaks.h"
#include "content/peaks_store.h"
#include "content/validity.h"
#include "crypto.h"

#include <string.h>

static void set_text(char **place, const char *text)
{
    char *copy = g_strdup(text);
    g_free(*place);
    *place = copy;
}

/* The members that both POST and PATCH know. */
static void read_form(JsonForm *form, const Json *body, Bulletin *bulletin, bool is_new,
                      BulletinOrigin *origin)
{
    const char *title = json_form_text(form, "title", is_new, 1, BULLETIN_TITLE_MAX);
    const char *language = json_form_text(form, "language", false, 2, LANGUAGE_TAG_MAX);
    if (title != NULL)
        set_text(&bulletin->title, title);
    if (language != NULL && !language_tag_is_valid(language))
        json_form_fault(form, "language", FORM_FORMAT, "vi, tyz, hmn");
    else if (language != NULL)
        set_text(&bulletin->language, language);
    validity_read(form, body, bulletin);
    bulletin->fallback = fallback_form_read(form);
    bulletin_origin_read(origin, form, bulletin->language);
}

typedef bool (*AddVersion)(Database *database, const Bulletin *bulletin, GError **error);

/* Writes a version and, once it is committed, has its sound made. */
static bool save(BulletinApi *self, const Request *request, const Bulletin *bulletin,
                 AddVersion add, const char *verb, GError **error)
{
    Database *database = self->parts.database;
    if (!database_begin(database, error))
        return false;
    if (!add(database, bulletin, error) ||
        !bulletin_room_log(self, request, verb, bulletin, error)) {
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
    g_auto(BulletinOrigin) origin = {0};
    g_autoptr(GError) error = NULL;
    const char *area = json_form_text(form, "area", true, 1, 64);
    set_text(&bulletin->language, "vi");
    read_form(form, request_json(request), bulletin, true, &origin);
    if (!json_form_ok(form, true))
        return reply_problem_take(problem_from_form(form));
    Reply *refusal = access_check(self->parts.database, request, VERB_CREATE_CONTENT, area);
    if (refusal == NULL)
        refusal = validity_judge(bulletin, 0, request_now_us(request));
    if (refusal == NULL)
        refusal = bulletin_origin_find(&origin, self, request, area);
    if (refusal == NULL)
        refusal = fallback_form_judge(self->parts.database, area, NULL, bulletin->fallback);
    if (refusal != NULL)
        return refusal;
    bulletin->id = crypto_random_hex(8);
    set_text(&bulletin->area, area);
    sign_version(bulletin, request);
    if (bulletin_origin_is_given(&origin))
        bulletin_origin_use(&origin, bulletin);
    if (!save(self, request, bulletin, bulletin_store_add, "bulletin.create", &error))
        return reply_error(error);
    return bulletin_room_answer(self, request, 201, bulletin->id);
}

/* The next version falls back on what the one before did, unless the change says otherwise. */
static Reply *keep_fallback(BulletinApi *self, Bulletin *bulletin)
{
    Database *database = self->parts.database;
    g_autoptr(GError) error = NULL;
    if (bulletin->fallback != NULL)
        return fallback_form_judge(database, bulletin->area, bulletin->id, bulletin->fallback);
    bulletin->fallback = fallback_store_list(database, bulletin->version, &error);
    return bulletin->fallback != NULL ? NULL : reply_error(error);
}

/* A change makes the next version, back to draft; what stations may play stays approved. */
Reply *bulletin_api_change(void *room, Request *request)
{
    BulletinApi *self = room;
    g_autoptr(JsonForm) form = json_form_new(request_json(request), "");
    g_autoptr(Bulletin) bulletin = NULL;
    g_auto(BulletinOrigin) origin = {0};
    g_autoptr(GError) error = NULL;
    Reply *refusal = bulletin_room_find(self, request, &bulletin);
    if (refusal == NULL)
        refusal = access_check(self->parts.database, request, VERB_CREATE_CONTENT, bulletin->area);
    if (refusal != NULL)
        return refusal;
    const int64_t until_us = bulletin->valid_until_us;
    read_form(form, request_json(request), bulletin, false, &origin);
    if (!json_form_ok(form, true))
        return reply_problem_take(problem_from_form(form));
    refusal = validity_judge(bulletin, until_us, request_now_us(request));
    if (refusal == NULL)
        refusal = bulletin_origin_find(&origin, self, request, bulletin->area);
    if (refusal == NULL)
        refusal = keep_fallback(self, bulletin);
    if (refusal != NULL)
        return refusal;
    const bool sounds_new = bulletin_origin_is_given(&origin);
    if (!sounds_new && bulletin->audio == BULLETIN_AUDIO_WORKING)
        return reply_problem(&problem_bulletin_state); /* its sound belongs to the version before */
    sign_version(bulletin, request);
    if (sounds_new)
        bulletin_origin_use(&origin, bulletin);
    else if (bulletin->audio == BULLETIN_AUDIO_FAILED)
        bulletin->audio = BULLETIN_AUDIO_NONE;
    if (!save(self, request, bulletin, bulletin_store_add_version, "bulletin.change", &error))
        return reply_error(error);
    return bulletin_room_answer(self, request, 200, bulletin->id);
}

Reply *bulletin_api_get(void *room, Request *request)
{
    BulletinApi *self = room;
    g_autoptr(Bulletin) bulletin = NULL;
    Reply *refusal = bulletin_room_find(self, request, &bulletin);
    return refusal != NULL ? refusal
                           : reply_json_take(200, bulletin_room_view(self, request, bulletin));
}

/* ?version= of the same bulletin instead of the newest. */
static Reply *find_version(BulletinApi *self, const Request *request, Bulletin **ret_bulletin)
{
    const char *version = request_query(request, "version");
    Reply *refusal = bulletin_room_find(self, request, ret_bulletin);
    if (refusal != NULL || version == NULL)
        return refusal;
    g_autoptr(GError) error = NULL;
    g_autoptr(Bulletin) asked = bulletin_store_version(self->parts.database, version, &error);
    if (asked == NULL || strcmp(asked->id, (*ret_bulletin)->id) != 0)
        return error != NULL ? reply_error(error) : reply_problem(&problem_not_found);
    bulletin_free(*ret_bulletin);
    *ret_bulletin = g_steal_pointer(&asked);
    return NULL;
}

Reply *bulletin_api_audio(void *room, Request *request)
{
    BulletinApi *self = room;
    g_autoptr(Bulletin) bulletin = NULL;
    Reply *refusal = find_version(self, request, &bulletin);
    if (refusal != NULL)
        return refusal;
    g_autofree char *path = media_store_path(self->parts.media, bulletin->sha256);
    if (path == NULL)
        return reply_problem(&problem_not_found);
    return reply_file(path, "audio/ogg", bulletin->sha256, false);
}

static Json *outline(const Bulletin *bulletin, const int8_t *pairs, unsigned parts)
{
    Json *body = json_new_object();
    Json *peaks = json_new_array();
    for (unsigned i = 0; i < 2 * parts; i++)
        json_append_int(peaks, pairs[i]);
    json_set_int(body, "duration_ms", bulletin->duration_ms);
    json_set_take(body, "peaks", peaks);
    return body;
}

Reply *bulletin_api_peaks(void *room, Request *request)
{
    BulletinApi *self = room;
    g_autoptr(Bulletin) bulletin = NULL;
    g_autoptr(GError) error = NULL;
    int8_t pairs[2 * PEAKS_PARTS];
    unsigned parts = 0;
    Reply *refusal = bulletin_room_find(self, request, &bulletin);
    if (refusal != NULL)
        return refusal;
    g_autofree char *text = bulletin->sha256 != NULL
                                ? peaks_store_get(self->parts.database, bulletin->sha256, &error)
                                : NULL;
    if (error != NULL)
        return reply_error(error);
    if (!peaks_from_text(text, pairs, &parts))
        return reply_problem(&problem_not_found);
    return reply_json_take(200, outline(bulletin, pairs, parts));
}
