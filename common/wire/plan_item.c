/* One item of an airing on the wire: a file by its hash, or a stream by its addresses; and the
 * files that stand in where it cannot be heard, which have none behind them. */
#include "wire/plan_private.h"

#include "digest.h"
#include "relay_format.h"

static Json *sources_to_json(const GPtrArray *sources)
{
    Json *list = json_new_array();
    for (unsigned i = 0; i < sources->len; i++) {
        const PlanSource *source = sources->pdata[i];
        Json *one = json_new_object();
        json_set_text(one, "url", source->url);
        json_set_text(one, "format", source->format);
        json_append_take(list, one);
    }
    return list;
}

Json *plan_item_to_json(const PlanItem *item)
{
    Json *json = json_new_object();
    json_set_text(json, "bulletin", item->bulletin);
    json_set_text(json, "bulletin_version", item->bulletin_version);
    if (item->kind != ITEM_FILE)
        json_set_text(json, "kind", plan_item_words[item->kind]);
    if (item->sha256)
        json_set_text(json, "sha256", item->sha256);
    json_set_int(json, "frames", item->frames);
    json_set_int(json, "gain_mdb", item->gain_mdb);
    if (item->sources)
        json_set_take(json, "sources", sources_to_json(item->sources));
    Json *fallback = item->fallback ? json_new_array() : NULL;
    for (unsigned i = 0; i < plan_item_fallbacks(item); i++)
        json_append_take(fallback, plan_item_to_json(item->fallback->pdata[i]));
    if (fallback)
        json_set_take(json, "fallback", fallback);
    return json;
}

static void read_sources(JsonForm *form, PlanItem *item)
{
    const Json *list = json_form_array(form, "sources", false, PLAN_MAX_SOURCES);
    for (size_t i = 0; i < json_length(list); i++) {
        JsonForm *one = json_form_element(form, "sources", i);
        const char *url = json_form_text(one, "url", true, 1, RELAY_MAX_URL);
        const char *format = json_form_text(one, "format", true, 1, ID_MAX);
        if (url && !relay_format_url_is_good(url))
            json_form_fault(one, "url", FORM_FORMAT, "http or https");
        if (format && !relay_format_named(format))
            json_form_fault(one, "format", FORM_CHOICE, NULL);
        plan_item_add_source(item, url, format);
    }
}

static void read_alone(JsonForm *form, PlanItem *item)
{
    item->bulletin = g_strdup(json_form_text(form, "bulletin", true, 1, ID_MAX));
    item->bulletin_version = g_strdup(json_form_text(form, "bulletin_version", true, 1, ID_MAX));
    item->kind = json_form_choice(form, "kind", false, plan_item_words, ITEM_FILE);
    item->sha256 = g_strdup(json_form_hex(form, "sha256", !plan_item_is_stream(item), DIGEST_HEX));
    read_sources(form, item);
    item->frames = json_form_int(form, "frames", true, 1, FRAMES_MAX, 1);
    item->gain_mdb = json_form_int(form, "gain_mdb", false, GAIN_MIN, 0, 0);
}

void plan_item_read(JsonForm *form, PlanItem *item)
{
    read_alone(form, item);
    const Json *fallback = json_form_array(form, "fallback", false, PLAN_MAX_FALLBACK);
    for (size_t i = 0; i < json_length(fallback); i++) {
        PlanItem *file = plan_item_new();
        plan_item_add_fallback(item, file);
        JsonForm *one = json_form_element(form, "fallback", i);
        read_alone(one, file);
        if (plan_item_is_stream(file))
            json_form_fault(one, "kind", FORM_CHOICE, "file speech");
    }
}
