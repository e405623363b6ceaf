/* The versions of a bulletin, newest first, each with what people did to it and when: the steps of
 * its approval, and that it was let end sooner. */
#include "base/clock.h"
#include "content/amend_store.h"
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
    json_set_null(json, "valid_until");
    return json;
}

static Json *shortening_json(const Shortening *one)
{
    g_autofree char *at = clock_format_utc(one->at_us);
    g_autofree char *until = clock_format_utc(one->until_us);
    Json *json = json_new_object();
    json_set_text(json, "act", "shorten");
    json_set_text(json, "by", one->by_name);
    json_set_text(json, "at", at);
    json_set_null(json, "scope_name");
    json_set_null(json, "class");
    json_set_null(json, "reason");
    json_set_text(json, "valid_until", until);
    return json;
}

/* What was done to the versions, each list oldest first. */
typedef struct Deeds {
    GPtrArray *steps, *shortenings;
} Deeds;

static void deeds_clear(Deeds *self)
{
    g_clear_pointer(&self->steps, g_ptr_array_unref);
    g_clear_pointer(&self->shortenings, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Deeds, deeds_clear)

/* Appends what shortened a version before `until_us`, from `*at` on. */
static void append_shortenings(Json *list, const GPtrArray *shortenings, const char *version,
                               unsigned *at, int64_t until_us)
{
    for (; *at < shortenings->len; (*at)++) {
        const Shortening *one = g_ptr_array_index(shortenings, *at);
        if (one->at_us > until_us)
            return;
        if (g_str_equal(one->version, version))
            json_append_take(list, shortening_json(one));
    }
}

static Json *steps_of(const Deeds *deeds, const char *version)
{
    Json *list = json_new_array();
    unsigned at = 0;
    for (unsigned i = 0; i < deeds->steps->len; i++) {
        const ApprovalStep *step = g_ptr_array_index(deeds->steps, i);
        append_shortenings(list, deeds->shortenings, version, &at, step->at_us);
        if (g_str_equal(step->version, version))
            json_append_take(list, step_json(step));
    }
    append_shortenings(list, deeds->shortenings, version, &at, INT64_MAX);
    return list;
}

static Json *version_json(const Bulletin *one, const char *airs, const Deeds *deeds)
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
    json_set_take(json, "steps", steps_of(deeds, one->version));
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
    g_auto(Deeds) deeds = {approval_store_list(database, newest->id, &error), NULL};
    if (airing != NULL && versions != NULL && deeds.steps != NULL)
        deeds.shortenings = amend_store_shortenings(database, newest->id, &error);
    if (deeds.shortenings == NULL)
        return error != NULL ? reply_error(error) : reply_problem(&problem_not_found);
    const char *airs = airing->state == BULLETIN_APPROVED ? airing->version : NULL;
    Json *items = json_new_array();
    for (unsigned i = 0; i < versions->len; i++)
        json_append_take(items, version_json(g_ptr_array_index(versions, i), airs, &deeds));
    Json *body = json_new_object();
    json_set_take(body, "items", items);
    json_set_null(body, "next");
    return reply_json_take(200, body);
}
