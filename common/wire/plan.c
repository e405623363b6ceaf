/* The signed plan as a structure and back.
 *
 * Reading collects nothing half: either every member that this version knows is in order, or the
 * whole plan is refused with the JSON pointer of its first mistake, and the station keeps the plan
 * before. What this version does not know is passed over, unless the signer listed it in
 * "critical": then playing without it could be wrong, and the plan is refused as unsupported. */
#include "wire/plan.h"
#include "wire/plan_private.h"

#include "digest.h"

#include <string.h>

#define MEDIA_MAX (INT64_C(1) << 31)

const char *const rank_words[] = {
    "emergency", "live", "priority", "normal", "relay", "filler", NULL,
};
const char *const class_words[] = {"normal", "priority", "emergency", NULL};
const char *const on_preempt_words[] = {"resume", "restart", "drop", NULL};

const char *const plan_item_words[] = {"file", "speech", "relay", "live", NULL};

static const char *const known_members[] = {
    "type",           "station",          "keyid",     "epoch",        "version",    "issued_us",
    "from_us",        "until_us",         "area_path", "utc_offset_s", "volume_mdb", "airings",
    "contents",       "policies",         "offsets",   "clips",        "media",      "critical",
    "data_day_bytes", "data_month_bytes", "standing",  NULL,
};

G_DEFINE_QUARK(loa - plan - error - quark, plan_error)

PlanItem *plan_item_new(void)
{
    return g_new0(PlanItem, 1);
}

void plan_item_free(PlanItem *item)
{
    if (!item)
        return;
    g_free(item->bulletin);
    g_free(item->bulletin_version);
    g_free(item->sha256);
    g_free(item->path);
    if (item->sources)
        g_ptr_array_unref(item->sources);
    if (item->fallback)
        g_ptr_array_unref(item->fallback);
    g_free(item);
}

bool plan_item_is_stream(const PlanItem *item)
{
    return item->kind == ITEM_RELAY || item->kind == ITEM_LIVE;
}

static void source_free(gpointer data)
{
    PlanSource *source = data;
    g_free(source->url);
    g_free(source->format);
    g_free(source);
}

void plan_item_add_source(PlanItem *item, const char *url, const char *format)
{
    PlanSource *source = g_new0(PlanSource, 1);
    source->url = g_strdup(url);
    source->format = g_strdup(format);
    if (!item->sources)
        item->sources = g_ptr_array_new_with_free_func(source_free);
    g_ptr_array_add(item->sources, source);
}

void plan_item_add_fallback(PlanItem *item, PlanItem *take_file)
{
    if (!item->fallback)
        item->fallback = g_ptr_array_new_with_free_func((GDestroyNotify)plan_item_free);
    g_ptr_array_add(item->fallback, take_file);
}

unsigned plan_item_fallbacks(const PlanItem *item)
{
    return item->fallback ? item->fallback->len : 0;
}

PlanItem *plan_item_copy(const PlanItem *item)
{
    PlanItem *copy = plan_item_new();
    copy->kind = item->kind;
    copy->path = g_strdup(item->path);
    for (unsigned i = 0; item->sources && i < item->sources->len; i++) {
        const PlanSource *source = item->sources->pdata[i];
        plan_item_add_source(copy, source->url, source->format);
    }
    for (unsigned i = 0; i < plan_item_fallbacks(item); i++)
        plan_item_add_fallback(copy, plan_item_copy(item->fallback->pdata[i]));
    copy->bulletin = g_strdup(item->bulletin);
    copy->bulletin_version = g_strdup(item->bulletin_version);
    copy->sha256 = g_strdup(item->sha256);
    copy->frames = item->frames;
    copy->gain_mdb = item->gain_mdb;
    return copy;
}

PlanAiring *plan_airing_new(void)
{
    PlanAiring *airing = g_new0(PlanAiring, 1);
    airing->rank = RANK_NORMAL;
    airing->items = g_ptr_array_new_with_free_func((GDestroyNotify)plan_item_free);
    return airing;
}

void plan_airing_free(PlanAiring *airing)
{
    if (!airing)
        return;
    g_free(airing->id);
    g_free(airing->broadcast);
    g_free(airing->title);
    g_free(airing->issuer);
    g_free(airing->author);
    g_free(airing->approver);
    g_ptr_array_unref(airing->items);
    g_free(airing);
}

PlanPolicy *plan_policy_new(const char *area)
{
    PlanPolicy *policy = g_new0(PlanPolicy, 1);
    policy->area = g_strdup(area);
    policy->quiet = g_array_new(FALSE, FALSE, sizeof(TimelineSpan));
    policy->windows = g_array_new(FALSE, FALSE, sizeof(TimelineWindow));
    policy->ceilings = g_array_new(FALSE, FALSE, sizeof(TimelineCeiling));
    return policy;
}

void plan_policy_free(PlanPolicy *policy)
{
    if (!policy)
        return;
    g_free(policy->area);
    g_array_unref(policy->quiet);
    g_array_unref(policy->windows);
    g_array_unref(policy->ceilings);
    g_free(policy);
}

PlanAiring *plan_airing_copy(const PlanAiring *from)
{
    PlanAiring *airing = plan_airing_new();
    g_autoptr(GPtrArray) items = airing->items;
    *airing = *from;
    airing->id = g_strdup(from->id);
    airing->broadcast = g_strdup(from->broadcast);
    airing->title = g_strdup(from->title);
    airing->issuer = g_strdup(from->issuer);
    airing->author = g_strdup(from->author);
    airing->approver = g_strdup(from->approver);
    airing->items = g_steal_pointer(&items);
    for (unsigned i = 0; i < from->items->len; i++)
        g_ptr_array_add(airing->items, plan_item_copy(from->items->pdata[i]));
    return airing;
}

PlanMedia *plan_media_new(const char *sha256, int64_t bytes, int64_t needed_by_us)
{
    PlanMedia *media = g_new0(PlanMedia, 1);
    media->sha256 = g_strdup(sha256);
    media->bytes = bytes;
    media->needed_by_us = needed_by_us;
    return media;
}

void plan_media_free(PlanMedia *media)
{
    if (!media)
        return;
    g_free(media->sha256);
    g_free(media);
}

PlanClip *plan_clip_new(void)
{
    PlanClip *clip = g_new0(PlanClip, 1);
    clip->item = plan_item_new();
    return clip;
}

void plan_clip_free(PlanClip *clip)
{
    if (!clip)
        return;
    g_free(clip->id);
    g_free(clip->title);
    plan_item_free(clip->item);
    g_free(clip);
}

Plan *plan_new(void)
{
    Plan *self = g_new0(Plan, 1);
    self->holders = 1;
    self->area_path = g_ptr_array_new_with_free_func(g_free);
    self->policies = g_ptr_array_new_with_free_func((GDestroyNotify)plan_policy_free);
    self->offsets = g_array_new(FALSE, FALSE, sizeof(TimelineOffset));
    self->airings = g_ptr_array_new_with_free_func((GDestroyNotify)plan_airing_free);
    self->media = g_ptr_array_new_with_free_func((GDestroyNotify)plan_media_free);
    self->clips = g_ptr_array_new_with_free_func((GDestroyNotify)plan_clip_free);
    return self;
}

Plan *plan_hold(Plan *self)
{
    self->holders++;
    return self;
}

void plan_free(Plan *self)
{
    if (!self || self->holders-- > 1)
        return;
    g_free(self->station);
    g_ptr_array_unref(self->area_path);
    g_ptr_array_unref(self->policies);
    g_array_unref(self->offsets);
    g_ptr_array_unref(self->airings);
    g_ptr_array_unref(self->media);
    g_ptr_array_unref(self->clips);
    g_free(self);
}

static Json *media_to_json(const PlanMedia *media)
{
    Json *json = json_new_object();
    json_set_text(json, "sha256", media->sha256);
    json_set_int(json, "bytes", media->bytes);
    json_set_int(json, "needed_by_us", media->needed_by_us);
    return json;
}

static Json *clip_to_json(const PlanClip *clip)
{
    Json *json = plan_item_to_json(clip->item);
    json_set_text(json, "id", clip->id);
    json_set_text(json, "title", clip->title ? clip->title : "");
    json_set_int(json, "severity", clip->severity);
    json_set_int(json, "button", clip->button);
    json_set_bool(json, "drill", clip->drill);
    return json;
}

static Json *clips_to_json(const Plan *self)
{
    Json *clips = json_new_array();
    for (unsigned i = 0; i < self->clips->len; i++)
        json_append_take(clips, clip_to_json(self->clips->pdata[i]));
    return clips;
}

/* Members behind the airings are the same for all stations that share a plan. */
Json *plan_frame_to_json(const Plan *self, unsigned *ret_contents)
{
    Json *json = json_new_object();
    json_set_text(json, "type", "plan");
    json_set_text(json, "station", self->station);
    if (self->keyid[0])
        json_set_text(json, "keyid", self->keyid);
    json_set_int(json, "epoch", self->epoch);
    json_set_int(json, "version", self->version);
    json_set_int(json, "issued_us", self->issued_us);
    json_set_int(json, "from_us", self->from_us);
    json_set_int(json, "until_us", self->until_us);
    Json *path = json_new_array();
    for (unsigned i = 0; i < self->area_path->len; i++)
        json_append_text(path, self->area_path->pdata[i]);
    json_set_take(json, "area_path", path);
    json_set_int(json, "utc_offset_s", self->utc_offset_s);
    json_set_int(json, "volume_mdb", self->volume_mdb);
    standing_to_json(&self->standing, json);
    plan_data_to_json(self->data_day_bytes, self->data_month_bytes, json);
    json_set_take(json, "airings", json_new_array());
    json_set_take(json, "contents", plan_contents_to_json(self, ret_contents));
    plan_rules_to_json(self, json);
    if (self->clips->len > 0)
        json_set_take(json, "clips", clips_to_json(self));
    Json *media = json_new_array();
    for (unsigned i = 0; i < self->media->len; i++)
        json_append_take(media, media_to_json(self->media->pdata[i]));
    json_set_take(json, "media", media);
    return json;
}

Json *plan_to_json(const Plan *self)
{
    g_autofree unsigned *contents = g_new(unsigned, self->airings->len + 1);
    Json *json = plan_frame_to_json(self, contents);
    Json *airings = json_new_array();
    for (unsigned i = 0; i < self->airings->len; i++)
        json_append_take(airings, plan_airing_to_json(self->airings->pdata[i], contents[i]));
    json_set_take(json, "airings", airings);
    return json;
}

static void read_media(JsonForm *form, Plan *self)
{
    const Json *list = json_form_array(form, "media", true, PLAN_MAX_MEDIA);
    for (size_t i = 0; i < json_length(list); i++) {
        JsonForm *one = json_form_element(form, "media", i);
        const char *sha256 = json_form_hex(one, "sha256", true, DIGEST_HEX);
        int64_t bytes = json_form_int(one, "bytes", true, 1, MEDIA_MAX, 1);
        int64_t needed_by_us = json_form_int(one, "needed_by_us", true, 0, TIME_MAX, 0);
        g_ptr_array_add(self->media, plan_media_new(sha256, bytes, needed_by_us));
    }
}

static void read_clips(JsonForm *form, Plan *self)
{
    const Json *list = json_form_array(form, "clips", false, PLAN_MAX_CLIPS);
    for (size_t i = 0; i < json_length(list); i++) {
        PlanClip *clip = plan_clip_new();
        g_ptr_array_add(self->clips, clip);
        JsonForm *one = json_form_element(form, "clips", i);
        plan_item_read(one, clip->item);
        clip->id = g_strdup(json_form_text(one, "id", true, 1, ID_MAX));
        clip->title = g_strdup(json_form_text(one, "title", false, 0, TITLE_MAX));
        clip->severity = (unsigned)json_form_int(one, "severity", false, 1, 5, 3);
        clip->button = (unsigned)json_form_int(one, "button", false, 0, PLAN_BUTTONS, 0);
        clip->drill = json_form_bool(one, "drill", false, false);
    }
}

static void read_area_path(JsonForm *form, Plan *self)
{
    const Json *list = json_form_array(form, "area_path", true, PLAN_MAX_DEPTH);
    for (size_t i = 0; i < json_length(list); i++) {
        const char *id = json_text(json_at(list, i));
        if (!id || !*id || strlen(id) > ID_MAX)
            json_form_fault(form, "area_path", FORM_FORMAT, NULL);
        else
            g_ptr_array_add(self->area_path, g_strdup(id));
    }
}

static void read_head(JsonForm *form, Plan *self)
{
    static const char *const types[] = {"plan", NULL};
    json_form_choice(form, "type", true, types, 0);
    self->station = g_strdup(json_form_text(form, "station", true, 1, ID_MAX));
    const char *keyid = json_form_hex(form, "keyid", false, DIGEST_HEX);
    if (keyid)
        g_strlcpy(self->keyid, keyid, sizeof self->keyid);
    self->epoch = json_form_int(form, "epoch", true, 1, INT64_MAX, 1);
    self->version = json_form_int(form, "version", true, 1, INT64_MAX, 1);
    self->issued_us = json_form_int(form, "issued_us", true, 0, TIME_MAX, 0);
    self->from_us = json_form_int(form, "from_us", true, 0, TIME_MAX, 0);
    self->until_us = json_form_int(form, "until_us", true, 0, TIME_MAX, 0);
    if (self->until_us < self->from_us)
        json_form_fault(form, "until_us", FORM_RANGE, "from_us");
    self->utc_offset_s = json_form_int(form, "utc_offset_s", false, -64800, 64800, 0);
    self->volume_mdb = json_form_int(form, "volume_mdb", false, GAIN_MIN, 0, 0);
    standing_read(form, &self->standing);
    plan_data_read(form, &self->data_day_bytes, &self->data_month_bytes);
}

static bool critical_is_known(const Json *json, GError **error)
{
    const Json *critical = json_peek(json, "critical");
    for (size_t i = 0; i < json_length(critical); i++) {
        const char *name = json_text(json_at(critical, i));
        if (name && g_strv_contains(known_members, name))
            continue;
        g_set_error(error, PLAN_ERROR, PLAN_ERROR_UNSUPPORTED,
                    "the plan relies on \"%s\", which this version does not know",
                    name ? name : "?");
        return false;
    }
    return true;
}

static int by_start(gconstpointer a, gconstpointer b)
{
    const PlanAiring *left = *(PlanAiring *const *)a, *right = *(PlanAiring *const *)b;
    if (left->start_us != right->start_us)
        return left->start_us < right->start_us ? -1 : 1;
    if (left->order != right->order)
        return left->order < right->order ? -1 : 1;
    return strcmp(left->id, right->id);
}

Plan *plan_parse(const void *bytes, size_t length, GError **error)
{
    if (length > PLAN_MAX_BYTES) {
        g_set_error(error, PLAN_ERROR, PLAN_ERROR_FORMAT, "a plan of %zu bytes is too large",
                    length);
        return NULL;
    }
    g_autoptr(Json) json = json_parse(bytes, length, error);
    if (!json || !critical_is_known(json, error))
        return NULL;

    g_autoptr(Plan) self = plan_new();
    g_autoptr(JsonForm) form = json_form_new(json, "");
    json_form_array(form, "critical", false, G_N_ELEMENTS(known_members));
    read_head(form, self);
    read_area_path(form, self);
    plan_airings_read(form, self);
    plan_rules_read(form, self);
    read_media(form, self);
    read_clips(form, self);
    if (!json_form_finish(form, false, error))
        return NULL;
    g_ptr_array_sort(self->airings, by_start);
    return g_steal_pointer(&self);
}

char *plan_airing_id(const char *series, int64_t recurrence_us, unsigned repeat,
                     const char *station)
{
    g_autoptr(GString) stem = g_string_new(NULL);
    g_autoptr(Digest) digest = digest_new();
    char *id = g_malloc(sizeof(AiringId));
    airing_id_stem(stem, series, recurrence_us, repeat);
    airing_id_make(digest, stem->str, stem->len, station, id);
    return id;
}
