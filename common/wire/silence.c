/* The entry as a structure and back.
 *
 * Entries are chained as receipts are, so that one that is taken out shows; and each says how far
 * the receipts of its stations had come, so that a receipt which the controller held cannot stand
 * beside the claim that there is none. Older entries have neither and are read as such. */
#include "wire/silence.h"

#define ID_MAX      100
#define TIME_MAX    INT64_C(253402300799000000) /* end of the year 9999, µs */
#define COUNTER_MAX (INT64_C(1) << 53)

static void airing_free(void *data)
{
    SilenceAiring *self = data;
    g_free(self->airing);
    g_free(self->station);
    g_free(self->broadcast);
    g_free(self);
}

static void head_free(void *data)
{
    SilenceHead *self = data;
    g_free(self->station);
    g_free(self);
}

Silence *silence_new(void)
{
    Silence *self = g_new0(Silence, 1);
    self->airings = g_ptr_array_new_with_free_func(airing_free);
    self->heads = g_ptr_array_new_with_free_func(head_free);
    return self;
}

void silence_free(Silence *self)
{
    if (!self)
        return;
    g_ptr_array_unref(self->airings);
    g_ptr_array_unref(self->heads);
    g_free(self);
}

SilenceAiring *silence_add(Silence *self, const char *station, const char *airing,
                           const char *broadcast, int64_t planned_us)
{
    SilenceAiring *one = g_new0(SilenceAiring, 1);
    one->station = g_strdup(station);
    one->airing = g_strdup(airing);
    one->broadcast = g_strdup(broadcast);
    one->planned_us = planned_us;
    g_ptr_array_add(self->airings, one);
    return one;
}

void silence_add_head(Silence *self, const char *station, const char *keyid, int64_t counter,
                      const char *sha256)
{
    SilenceHead *head = g_new0(SilenceHead, 1);
    head->station = g_strdup(station);
    g_strlcpy(head->keyid, keyid, sizeof head->keyid);
    head->counter = counter;
    g_strlcpy(head->sha256, sha256, sizeof head->sha256);
    g_ptr_array_add(self->heads, head);
}

static Json *airing_json(const SilenceAiring *airing)
{
    Json *one = json_new_object();
    json_set_text(one, "airing", airing->airing);
    json_set_text(one, "station", airing->station);
    json_set_text(one, "broadcast", airing->broadcast);
    json_set_int(one, "planned_us", airing->planned_us);
    if (*airing->plan_sha256) {
        Json *plan = json_new_object();
        json_set_int(plan, "epoch", airing->plan_epoch);
        json_set_int(plan, "version", airing->plan_version);
        json_set_text(plan, "sha256", airing->plan_sha256);
        json_set_take(one, "plan", plan);
    }
    return one;
}

static Json *head_json(const SilenceHead *head)
{
    Json *one = json_new_object();
    json_set_text(one, "station", head->station);
    json_set_text(one, "keyid", head->keyid);
    json_set_int(one, "counter", head->counter);
    json_set_text(one, "sha256", head->sha256);
    return one;
}

Json *silence_to_json(const Silence *self)
{
    Json *json = json_new_object();
    json_set_text(json, "type", "unreported");
    if (self->number) {
        json_set_int(json, "number", self->number);
        json_set_text(json, "previous", self->previous);
    }
    json_set_int(json, "made_us", self->made_us);
    Json *airings = json_new_array();
    for (unsigned i = 0; i < self->airings->len; i++)
        json_append_take(airings, airing_json(self->airings->pdata[i]));
    json_set_take(json, "airings", airings);
    Json *heads = json_new_array();
    for (unsigned i = 0; i < self->heads->len; i++)
        json_append_take(heads, head_json(self->heads->pdata[i]));
    json_set_take(json, "heads", heads);
    return json;
}

static void read_airing(Silence *self, JsonForm *form)
{
    const char *airing = json_form_hex(form, "airing", true, 32);
    const char *station = json_form_text(form, "station", true, 1, ID_MAX);
    const char *broadcast = json_form_text(form, "broadcast", true, 1, ID_MAX);
    int64_t planned_us = json_form_int(form, "planned_us", true, 0, TIME_MAX, 0);
    SilenceAiring *one = silence_add(self, station, airing, broadcast, planned_us);
    JsonForm *plan = json_form_child(form, "plan", false);
    if (!plan)
        return;
    one->plan_epoch = json_form_int(plan, "epoch", true, 0, COUNTER_MAX, 0);
    one->plan_version = json_form_int(plan, "version", true, 0, COUNTER_MAX, 0);
    g_strlcpy(one->plan_sha256, json_form_hex(plan, "sha256", true, 64), sizeof one->plan_sha256);
}

static void read_head(Silence *self, JsonForm *form)
{
    const char *station = json_form_text(form, "station", true, 1, ID_MAX);
    const char *keyid = json_form_hex(form, "keyid", true, 64);
    int64_t counter = json_form_int(form, "counter", true, 0, COUNTER_MAX, 0);
    silence_add_head(self, station, keyid, counter, json_form_hex(form, "sha256", true, 64));
}

static void read_members(Silence *self, JsonForm *form)
{
    const char *const types[] = {"unreported", NULL};
    json_form_choice(form, "type", true, types, 0);
    json_form_array(form, "critical", false, 0); /* nothing may be: all that is known is read */
    self->made_us = json_form_int(form, "made_us", true, 0, TIME_MAX, 0);
    self->number = json_form_int(form, "number", false, 1, COUNTER_MAX, 0);
    if (self->number)
        g_strlcpy(self->previous, json_form_hex(form, "previous", true, 64), sizeof self->previous);
    const Json *airings = json_form_array(form, "airings", true, SILENCE_MAX_AIRINGS);
    for (size_t i = 0; airings && i < json_length(airings); i++)
        read_airing(self, json_form_element(form, "airings", i));
    const Json *heads = json_form_array(form, "heads", self->number > 0, SILENCE_MAX_HEADS);
    for (size_t i = 0; heads && i < json_length(heads); i++)
        read_head(self, json_form_element(form, "heads", i));
}

Silence *silence_parse(const void *bytes, size_t length, GError **error)
{
    g_autoptr(Json) document = json_parse(bytes, length, error);
    if (!document)
        return NULL;
    g_autoptr(JsonForm) form = json_form_new(document, "");
    g_autoptr(Silence) self = silence_new();
    read_members(self, form);
    if (!json_form_finish(form, false, error)) {
        g_prefix_error(error, "entry about silence: ");
        return NULL;
    }
    return g_steal_pointer(&self);
}
