/* The signed plan as a structure and back.
 *
 * Reading collects nothing half: either every member that this version knows is in order, or the
 * whole plan is refused with the JSON pointer of its first mistake, and the station keeps the plan
 * before. What this version does not know is passed over, unless the signer listed it in
 * "critical": then playing without it could be wrong, and the plan is refused as unsupported. */
#include "wire/plan.h"

#include "digest.h"

#include <string.h>

#define ID_MAX     64
#define TITLE_MAX  500
#define PERSON_MAX 200
#define GAIN_MIN   (-96000) /* 1/1000 dB: the quietest that 16 bits can still say */
#define TIME_MAX   INT64_C(253402300799000000) /* end of the year 9999, µs */
#define FRAMES_MAX (INT64_C(48000) * 86400)
#define MEDIA_MAX  (INT64_C(1) << 31)

const char *const rank_words[] = {
    "emergency", "live", "priority", "normal", "relay", "filler", NULL,
};
const char *const class_words[] = {"normal", "priority", "emergency", NULL};
const char *const on_preempt_words[] = {"resume", "restart", "drop", NULL};

const char *const plan_item_words[] = {"file", "speech", "relay", "live", NULL};

static const char *const known_members[] = {
    "type",    "station",  "keyid",     "epoch",        "version",    "issued_us",
    "from_us", "until_us", "area_path", "utc_offset_s", "volume_mdb", "airings",
    "media",   "clips",    "critical",  NULL,
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
    g_free(item);
}

bool plan_item_is_stream(const PlanItem *item)
{
    return item->kind == ITEM_RELAY || item->kind == ITEM_LIVE;
}

PlanItem *plan_item_copy(const PlanItem *item)
{
    PlanItem *copy = plan_item_new();
    copy->kind = item->kind;
    copy->path = g_strdup(item->path);
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
    self->fallback = g_ptr_array_new_with_free_func((GDestroyNotify)plan_item_free);
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
    g_ptr_array_unref(self->fallback);
    g_ptr_array_unref(self->airings);
    g_ptr_array_unref(self->media);
    g_ptr_array_unref(self->clips);
    g_free(self);
}

Json *plan_item_to_json(const PlanItem *item)
{
    Json *json = json_new_object();
    json_set_text(json, "bulletin", item->bulletin);
    json_set_text(json, "bulletin_version", item->bulletin_version);
    json_set_text(json, "sha256", item->sha256);
    json_set_int(json, "frames", item->frames);
    json_set_int(json, "gain_mdb", item->gain_mdb);
    return json;
}

static Json *airing_to_json(const PlanAiring *airing)
{
    Json *json = json_new_object();
    json_set_text(json, "id", airing->id);
    json_set_text(json, "broadcast", airing->broadcast);
    json_set_int(json, "start_us", airing->start_us);
    json_set_int(json, "start_by_us", airing->start_by_us);
    json_set_int(json, "valid_until_us", airing->valid_until_us);
    json_set_int(json, "order", airing->order);
    json_set_text(json, "rank", rank_words[airing->rank]);
    json_set_text(json, "class", class_words[airing->class]);
    json_set_text(json, "on_preempt", on_preempt_words[airing->on_preempt]);
    json_set_int(json, "gain_mdb", airing->gain_mdb);
    json_set_text(json, "title", airing->title ? airing->title : "");
    json_set_text(json, "issuer", airing->issuer ? airing->issuer : "");
    json_set_text(json, "author", airing->author ? airing->author : "");
    json_set_text(json, "approver", airing->approver ? airing->approver : "");
    Json *items = json_new_array();
    for (unsigned i = 0; i < airing->items->len; i++)
        json_append_take(items, plan_item_to_json(airing->items->pdata[i]));
    json_set_take(json, "items", items);
    return json;
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

Json *plan_to_json(const Plan *self)
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
    if (self->clips->len > 0)
        json_set_take(json, "clips", clips_to_json(self));
    Json *airings = json_new_array();
    for (unsigned i = 0; i < self->airings->len; i++)
        json_append_take(airings, airing_to_json(self->airings->pdata[i]));
    json_set_take(json, "airings", airings);
    Json *media = json_new_array();
    for (unsigned i = 0; i < self->media->len; i++)
        json_append_take(media, media_to_json(self->media->pdata[i]));
    json_set_take(json, "media", media);
    return json;
}

void plan_item_read(JsonForm *form, PlanItem *item)
{
    item->bulletin = g_strdup(json_form_text(form, "bulletin", true, 1, ID_MAX));
    item->bulletin_version = g_strdup(json_form_text(form, "bulletin_version", true, 1, ID_MAX));
    item->sha256 = g_strdup(json_form_hex(form, "sha256", true, DIGEST_HEX));
    item->frames = json_form_int(form, "frames", true, 1, FRAMES_MAX, 1);
    item->gain_mdb = json_form_int(form, "gain_mdb", false, GAIN_MIN, 0, 0);
}

static void read_times(JsonForm *form, PlanAiring *airing)
{
    airing->start_us = json_form_int(form, "start_us", true, 1, TIME_MAX, 1);
    airing->start_by_us = json_form_int(form, "start_by_us", true, 1, TIME_MAX, 1);
    airing->valid_until_us = json_form_int(form, "valid_until_us", false, 0, TIME_MAX, 0);
    if (airing->start_by_us < airing->start_us)
        json_form_fault(form, "start_by_us", FORM_RANGE, "start_us");
}

static void read_airing(JsonForm *form, PlanAiring *airing)
{
    airing->id = g_strdup(json_form_hex(form, "id", true, AIRING_ID_HEX));
    airing->broadcast = g_strdup(json_form_text(form, "broadcast", true, 1, ID_MAX));
    read_times(form, airing);
    airing->order = json_form_int(form, "order", false, 0, INT32_MAX, 0);
    airing->rank = json_form_choice(form, "rank", true, rank_words, RANK_NORMAL);
    airing->class = json_form_choice(form, "class", true, class_words, CLASS_NORMAL);
    airing->on_preempt =
        json_form_choice(form, "on_preempt", false, on_preempt_words, PREEMPT_RESUME);
    airing->gain_mdb = json_form_int(form, "gain_mdb", false, GAIN_MIN, 0, 0);
    airing->title = g_strdup(json_form_text(form, "title", false, 0, TITLE_MAX));
    airing->issuer = g_strdup(json_form_text(form, "issuer", false, 0, ID_MAX));
    airing->author = g_strdup(json_form_text(form, "author", false, 0, PERSON_MAX));
    airing->approver = g_strdup(json_form_text(form, "approver", false, 0, PERSON_MAX));

    const Json *items = json_form_array(form, "items", true, PLAN_MAX_ITEMS);
    if (items && json_length(items) == 0)
        json_form_fault(form, "items", FORM_TOO_SHORT, "1");
    for (size_t i = 0; i < json_length(items); i++) {
        PlanItem *item = plan_item_new();
        g_ptr_array_add(airing->items, item);
        plan_item_read(json_form_element(form, "items", i), item);
    }
}

/* Two airings of one id would be one outcome for two sounds. */
static void read_airings(JsonForm *form, Plan *self)
{
    g_autoptr(GHashTable) ids = g_hash_table_new(g_str_hash, g_str_equal);
    const Json *list = json_form_array(form, "airings", true, PLAN_MAX_AIRINGS);
    for (size_t i = 0; i < json_length(list); i++) {
        PlanAiring *airing = plan_airing_new();
        g_ptr_array_add(self->airings, airing);
        JsonForm *one = json_form_element(form, "airings", i);
        read_airing(one, airing);
        if (airing->id && !g_hash_table_add(ids, airing->id))
            json_form_fault(one, "id", FORM_FORMAT, "unique");
    }
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
    read_airings(form, self);
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
    g_autofree char *text = g_strdup_printf("loa airing v1\n%s\n%" G_GINT64_FORMAT "\n%u\n%s\n",
                                            series, recurrence_us, repeat, station);
    char *id = digest_hex_of(text, strlen(text));
    id[AIRING_ID_HEX] = '\0';
    return id;
}
