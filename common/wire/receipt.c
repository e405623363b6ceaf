/* A receipt as a structure and back.
 *
 * The bytes that receipt_to_json() prints once are the receipt for good: they are signed, chained
 * by their hash, stored and forwarded, and nobody ever prints them again from a parsed structure.
 */
#include "wire/receipt.h"

#include "digest.h"
#include "relay_format.h"
#include "wire/standing.h"

#include <math.h>

#define ID_MAX         64
#define WORD_MAX       64
#define TIME_MAX       INT64_C(253402300799000000) /* end of the year 9999, µs */
#define CURRENT_MAX_MA 1000000
#define FRAMES_MAX     (INT64_C(48000) * 86400)
#define REPEAT_MAX     1440 /* each minute of a day */
#define SOURCES_MAX    8

const char *const outcome_words[] = {"played", "partial", "missed", "cancelled", "unknown", NULL};
const char *const reason_words[] = {
    "",          "no_power",    "restart",      "no_time", "no_media",   "bad_media",
    "displaced", "expired",     "device_fault", "policy",  "local_stop", "unsupported",
    "late",      "data_budget", "muted",        NULL,
};
const char *const receipt_kind_words[] = {"airing", "alert", "local", "test", "order", NULL};
static const char *const ended_words[] = {"complete", "stopped", "device", "media", "crash", NULL};
static const char *const amplifier_words[] = {"on", "off", "unknown", NULL};
static const char *const known_members[] = {
    "type",     "kind",      "station",    "keyid",    "counter",    "boot_id",
    "airing",   "broadcast", "repeat",     "plan",     "planned_us", "resolved_us",
    "outcome",  "reason",    "late_by_ms", "items",    "gain_mdb",   "clock",
    "evidence", "volatile",  "made_us",    "previous", "critical",   NULL,
};

G_DEFINE_QUARK(loa - receipt - error - quark, receipt_error)

ReceiptItem *receipt_item_new(const char *bulletin_version, const char *sha256)
{
    ReceiptItem *self = g_new0(ReceiptItem, 1);
    self->bulletin_version = g_strdup(bulletin_version);
    self->sha256 = g_strdup(sha256);
    self->segments = g_ptr_array_new();
    self->sources = g_ptr_array_new_with_free_func(g_free);
    self->stands_for = -1;
    return self;
}

void receipt_item_set_source(ReceiptItem *self, const char *url)
{
    g_free(self->source);
    self->source = g_strdup(url);
}

ReceiptSegment *receipt_item_add_segment(ReceiptItem *self)
{
    ReceiptSegment *segment = g_new0(ReceiptSegment, 1);
    segment->source = -1;
    g_ptr_array_add(self->segments, segment);
    return segment;
}

static void segment_free(gpointer data, gpointer unused)
{
    ReceiptSegment *segment = data;
    (void)unused;
    g_free(segment->ended);
    g_free(segment);
}

void receipt_item_free(ReceiptItem *item)
{
    if (!item)
        return;
    g_ptr_array_foreach(item->segments, segment_free, NULL);
    g_ptr_array_unref(item->segments);
    g_ptr_array_unref(item->sources);
    g_free(item->bulletin_version);
    g_free(item->sha256);
    g_free(item->source);
    g_free(item);
}

Receipt *receipt_new(void)
{
    Receipt *self = g_new0(Receipt, 1);
    self->items = g_ptr_array_new_with_free_func((GDestroyNotify)receipt_item_free);
    self->clock_error_ms = -1;
    self->current_ma = INT64_MIN;
    self->rms_dbfs = self->peak_dbfs = -INFINITY;
    memset(self->previous, '0', DIGEST_HEX);
    return self;
}

void receipt_free(Receipt *self)
{
    if (!self)
        return;
    g_free(self->station);
    g_free(self->keyid);
    g_free(self->boot_id);
    g_free(self->airing);
    g_free(self->broadcast);
    g_free(self->amplifier);
    g_free(self->fault);
    g_ptr_array_unref(self->items);
    g_free(self);
}

static Json *segment_to_json(const ReceiptSegment *segment)
{
    Json *json = json_new_object();
    json_set_int(json, "first_us", segment->first_us);
    json_set_int(json, "last_us", segment->last_us);
    json_set_int(json, "offset_frames", segment->offset_frames);
    json_set_int(json, "frames", segment->frames);
    json_set_text(json, "ended", segment->ended);
    if (segment->source >= 0)
        json_set_int(json, "source", segment->source);
    return json;
}

static Json *item_to_json(const ReceiptItem *item)
{
    Json *json = json_new_object();
    json_set_text(json, "bulletin_version", item->bulletin_version);
    if (item->sha256)
        json_set_text(json, "sha256", item->sha256);
    else
        json_set_text(json, "source", item->source ? item->source : "");
    if (item->stands_for >= 0)
        json_set_int(json, "stands_for", item->stands_for);
    Json *sources = item->sources->len ? json_new_array() : NULL;
    for (unsigned i = 0; i < item->sources->len; i++)
        json_append_text(sources, item->sources->pdata[i]);
    if (sources)
        json_set_take(json, "sources", sources);
    Json *segments = json_new_array();
    for (unsigned i = 0; i < item->segments->len; i++)
        json_append_take(segments, segment_to_json(item->segments->pdata[i]));
    json_set_take(json, "segments", segments);
    return json;
}

static Json *evidence_to_json(const Receipt *self)
{
    Json *json = json_new_object();
    json_set_int(json, "grade", self->evidence_grade);
    json_set_real(json, "rms_dbfs", self->rms_dbfs);
    json_set_real(json, "peak_dbfs", self->peak_dbfs);
    json_set_int(json, "starved_frames", self->starved_frames);
    json_set_int(json, "xruns", self->xruns);
    if (self->mixer_present) {
        Json *mixer = json_new_object();
        json_set_real(mixer, "db", self->mixer_db);
        json_set_bool(mixer, "muted", self->mixer_muted);
        json_set_take(json, "mixer", mixer);
    } else {
        json_set_null(json, "mixer");
    }
    json_set_text(json, "amplifier", self->amplifier ? self->amplifier : "unknown");
    if (self->current_ma != INT64_MIN)
        json_set_int(json, "current_ma", self->current_ma);
    json_set_text(json, "fault", self->fault);
    return json;
}

static Json *pair(const char *first, int64_t a, const char *second, int64_t b)
{
    Json *json = json_new_object();
    json_set_int(json, first, a);
    json_set_int(json, second, b);
    return json;
}

Json *receipt_to_json(const Receipt *self)
{
    Json *json = json_new_object();
    json_set_text(json, "type", "receipt");
    json_set_text(json, "kind", receipt_kind_words[self->kind]);
    json_set_text(json, "station", self->station);
    json_set_text(json, "keyid", self->keyid);
    json_set_int(json, "counter", self->counter);
    json_set_text(json, "boot_id", self->boot_id);
    json_set_text(json, "airing", self->airing);
    json_set_text(json, "broadcast", self->broadcast);
    if (self->kind != RECEIPT_AIRING)
        json_set_int(json, "repeat", self->repeat);
    json_set_take(json, "plan", pair("epoch", self->plan_epoch, "version", self->plan_version));
    json_set_int(json, "planned_us", self->planned_us);
    json_set_int(json, "resolved_us", self->resolved_us);
    json_set_text(json, "outcome", outcome_words[self->outcome]);
    json_set_text(json, "reason", reason_words[self->reason]);
    json_set_int(json, "late_by_ms", self->late_by_ms);
    Json *items = json_new_array();
    for (unsigned i = 0; i < self->items->len; i++)
        json_append_take(items, item_to_json(self->items->pdata[i]));
    json_set_take(json, "items", items);
    json_set_int(json, "gain_mdb", self->gain_mdb);
    json_set_take(json, "clock",
                  pair("trust", self->clock_trust, "error_ms", self->clock_error_ms));
    json_set_take(json, "evidence", evidence_to_json(self));
    json_set_bool(json, "volatile", self->is_volatile);
    json_set_int(json, "made_us", self->made_us);
    json_set_text(json, "previous", self->previous);
    return json;
}

static void read_segment(JsonForm *form, ReceiptSegment *segment)
{
    segment->first_us = json_form_int(form, "first_us", true, 0, TIME_MAX, 0);
    segment->last_us = json_form_int(form, "last_us", true, 0, TIME_MAX, 0);
    segment->offset_frames = json_form_int(form, "offset_frames", true, 0, FRAMES_MAX, 0);
    segment->frames = json_form_int(form, "frames", true, 0, FRAMES_MAX, 0);
    segment->ended = g_strdup(ended_words[json_form_choice(form, "ended", true, ended_words, 0)]);
    segment->source = (int)json_form_int(form, "source", false, 0, SOURCES_MAX - 1, -1);
}

static void read_sources(JsonForm *form, ReceiptItem *item)
{
    const Json *list = json_form_array(form, "sources", false, SOURCES_MAX);
    for (size_t i = 0; i < json_length(list); i++) {
        const char *url = json_text(json_at(list, i));
        if (!url || strlen(url) > RELAY_MAX_URL)
            json_form_fault(form, "sources", FORM_FORMAT, NULL);
        else
            g_ptr_array_add(item->sources, g_strdup(url));
    }
}

static void read_items(JsonForm *form, Receipt *self)
{
    const Json *list = json_form_array(form, "items", true, RECEIPT_MAX_ITEMS);
    for (size_t i = 0; i < json_length(list); i++) {
        JsonForm *one = json_form_element(form, "items", i);
        ReceiptItem *item =
            receipt_item_new(json_form_text(one, "bulletin_version", true, 1, ID_MAX),
                             json_form_hex(one, "sha256", false, DIGEST_HEX));
        if (!item->sha256)
            item->source = g_strdup(json_form_text(one, "source", true, 0, RELAY_MAX_URL));
        item->stands_for =
            (int)json_form_int(one, "stands_for", false, 0, RECEIPT_MAX_ITEMS - 1, -1);
        read_sources(one, item);
        g_ptr_array_add(self->items, item);
        const Json *segments = json_form_array(one, "segments", true, RECEIPT_MAX_SEGMENTS);
        for (size_t k = 0; k < json_length(segments); k++)
            read_segment(json_form_element(one, "segments", k), receipt_item_add_segment(item));
    }
}

/* A level, or null where nothing sounded. */
static double read_level(JsonForm *form, const char *key)
{
    const Json *value = json_form_any(form, key);
    double level = -INFINITY;
    if (!json_is_nothing(value) && !json_real_of(value, &level))
        json_form_fault(form, key, FORM_TYPE, NULL);
    return level;
}

static void read_mixer(JsonForm *form, Receipt *self)
{
    self->mixer_present = json_is_object(json_form_any(form, "mixer"));
    if (!self->mixer_present)
        return;
    JsonForm *mixer = json_form_child(form, "mixer", true);
    self->mixer_db = read_level(mixer, "db");
    self->mixer_muted = json_form_bool(mixer, "muted", true, false);
}

static void read_evidence(JsonForm *form, Receipt *self)
{
    self->evidence_grade = json_form_int(form, "grade", true, 0, 5, 0);
    self->rms_dbfs = read_level(form, "rms_dbfs");
    self->peak_dbfs = read_level(form, "peak_dbfs");
    self->starved_frames = json_form_int(form, "starved_frames", true, 0, FRAMES_MAX, 0);
    self->xruns = json_form_int(form, "xruns", true, 0, INT32_MAX, 0);
    read_mixer(form, self);
    int amplifier = json_form_choice(form, "amplifier", true, amplifier_words, 2);
    self->amplifier = g_strdup(amplifier_words[amplifier]);
    self->current_ma =
        json_form_int(form, "current_ma", false, -CURRENT_MAX_MA, CURRENT_MAX_MA, INT64_MIN);
    const Json *fault = json_form_any(form, "fault");
    if (json_is_text(fault))
        self->fault = g_strdup(json_form_text(form, "fault", false, 1, WORD_MAX));
}

static void read_airing(JsonForm *form, Receipt *self)
{
    self->airing = g_strdup(json_form_hex(form, "airing", true, 32));
    self->broadcast = g_strdup(json_form_text(form, "broadcast", true, 1, ID_MAX));
    self->repeat =
        json_form_int(form, "repeat", false, 0,
                      self->kind == RECEIPT_ORDER ? STANDING_GENERATION_MAX : REPEAT_MAX, 0);
    JsonForm *plan = json_form_child(form, "plan", true);
    self->plan_epoch = json_form_int(plan, "epoch", true, 0, INT64_MAX, 0);
    self->plan_version = json_form_int(plan, "version", true, 0, INT64_MAX, 0);
    self->planned_us = json_form_int(form, "planned_us", true, 0, TIME_MAX, 0);
    self->resolved_us = json_form_int(form, "resolved_us", true, 0, TIME_MAX, 0);
    self->outcome = json_form_choice(form, "outcome", true, outcome_words, OUTCOME_MISSED);
    self->reason = json_form_choice(form, "reason", true, reason_words, REASON_NONE);
    self->late_by_ms = json_form_int(form, "late_by_ms", true, 0, INT64_MAX / 1000, 0);
    self->gain_mdb = json_form_int(form, "gain_mdb", true, INT32_MIN, 0, 0);
    if (self->outcome == OUTCOME_UNKNOWN)
        json_form_fault(form, "outcome", FORM_CHOICE, "played partial missed cancelled");
    if (self->outcome == OUTCOME_PLAYED && self->reason != REASON_NONE)
        json_form_fault(form, "reason", FORM_CHOICE, "");
}

static void read_head(JsonForm *form, Receipt *self)
{
    static const char *const types[] = {"receipt", NULL};
    json_form_choice(form, "type", true, types, 0);
    self->kind = json_form_choice(form, "kind", true, receipt_kind_words, RECEIPT_AIRING);
    self->station = g_strdup(json_form_text(form, "station", true, 1, ID_MAX));
    self->keyid = g_strdup(json_form_hex(form, "keyid", true, DIGEST_HEX));
    self->counter = json_form_int(form, "counter", true, 1, INT64_MAX, 1);
    self->boot_id = g_strdup(json_form_hex(form, "boot_id", true, 32));
    JsonForm *clock = json_form_child(form, "clock", true);
    self->clock_trust = json_form_int(clock, "trust", true, 0, 3, 0);
    self->clock_error_ms = json_form_int(clock, "error_ms", true, -1, INT64_MAX, -1);
    self->is_volatile = json_form_bool(form, "volatile", true, false);
    self->made_us = json_form_int(form, "made_us", true, 0, TIME_MAX, 0);
    const char *previous = json_form_hex(form, "previous", true, DIGEST_HEX);
    if (previous)
        g_strlcpy(self->previous, previous, sizeof self->previous);
}

static bool critical_is_known(const Json *json, GError **error)
{
    const Json *critical = json_peek(json, "critical");
    for (size_t i = 0; i < json_length(critical); i++) {
        const char *name = json_text(json_at(critical, i));
        if (name && g_strv_contains(known_members, name))
            continue;
        g_set_error(error, RECEIPT_ERROR, 1,
                    "the receipt relies on \"%s\", which this version does not know",
                    name ? name : "?");
        return false;
    }
    return true;
}

Receipt *receipt_parse(const void *bytes, size_t length, GError **error)
{
    if (length > RECEIPT_MAX_BYTES) {
        g_set_error(error, RECEIPT_ERROR, 0, "a receipt of %zu bytes is too large", length);
        return NULL;
    }
    g_autoptr(Json) json = json_parse(bytes, length, error);
    if (!json || !critical_is_known(json, error))
        return NULL;

    g_autoptr(Receipt) self = receipt_new();
    g_autoptr(JsonForm) form = json_form_new(json, "");
    json_form_array(form, "critical", false, G_N_ELEMENTS(known_members));
    read_head(form, self);
    read_airing(form, self);
    read_items(form, self);
    read_evidence(json_form_child(form, "evidence", true), self);
    return json_form_finish(form, false, error) ? g_steal_pointer(&self) : NULL;
}
