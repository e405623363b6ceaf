/* The versions of a bulletin, newest first, each with what people did to it and when. */
#include "base/clock.h"
#include "content/bulletin_room.h"
#include "content/bulletin_view.h"

static Json *step_json(const ApprovalStep *step)
{
    g_autofree char *at = clock_format_utc(step->at_us);
    Json *json = json_new_object();
    json_set_text(json, "act", approval_step_word(step->act));
    json_set_text(json, "by", step->by_name);
    json_set_text(json, "at", at);
    json_set_text(json, "scope_name", step->scope_name);
    json_set_text(json, "class", class_words[step->class]);
    json_set_text(json, "reason", step->reason);
    return json;
}

static Json *steps_of(const GPtrArray *steps, const char *version)
{
    Json *list = json_new_array();
    for (unsigned i = 0; i < steps->len; i++) {
        const ApprovalStep *step = g_ptr_array_index(steps, i);
        if (g_str_equal(step->version, version))
            json_append_take(list, step_json(step));
    }
    return list;
}

static Json *version_json(const Bulletin *one, const char *airs, const GPtrArray *steps)
{
    g_autofree char *made = clock_format_utc(one->created_us);
    Json *json = json_new_object();
    json_set_text(json, "version", one->version);
    json_set_int(json, "number", one->number);
    json_set_text(json, "title", one->title);
    json_set_text(json, "language", one->language);
    json_set_text(json, "text", one->text);
    json_set_text(json, "state", bulletin_state_word(one->state));
    json_set_text(json, "audio", bulletin_audio_word(one->audio));
    if (one->audio == BULLETIN_AUDIO_READY)
        json_set_int(json, "duration_ms", one->duration_ms);
    else
        json_set_null(json, "duration_ms");
    bulletin_view_validity(json, one);
    json_set_text(json, "author", one->author_name);
    json_set_text(json, "created_at", made);
    json_set_bool(json, "airs", airs != NULL && g_str_equal(airs, one->version));
    json_set_take(json, "steps", steps_of(steps, one->version));
    return json;
}

Reply *bulletin_api_versions(void *room, Request *request)
{
    BulletinApi *self = room;
    g_autoptr(Bulletin) newest = NULL;
    g_autoptr(GError) error = NULL;
    Reply *refusal = bulletin_room_find(self, request, &newest);
    if (refusal != NULL)
        return refusal;
    Database *database = self->parts.database;
    g_autoptr(Bulletin) airing = bulletin_store_get(database, newest->id, &error);
    g_autoptr(GPtrArray) versions = bulletin_store_versions(database, newest->id, &error);
    g_autoptr(GPtrArray) steps = approval_store_list(database, newest->id, &error);
    if (airing == NULL || versions == NULL || steps == NULL)
        return error != NULL ? reply_error(error) : reply_problem(&problem_not_found);
    const char *airs = airing->state == BULLETIN_APPROVED ? airing->version : NULL;
    Json *items = json_new_array();
    for (unsigned i = 0; i < versions->len; i++)
        json_append_take(items, version_json(g_ptr_array_index(versions, i), airs, steps));
    Json *body = json_new_object();
    json_set_take(body, "items", items);
    json_set_null(body, "next");
    return reply_json_take(200, body);
}
