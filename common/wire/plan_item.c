/* One item of an airing on the wire: a file by its hash, or a stream by its addresses. */
#include "wire/plan_private.h"

#include "digest.h"
#include "relay_format.h"

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
    Json *sources = item->sources ? json_new_array() : NULL;
    for (unsigned i = 0; item->sources && i < item->sources->len; i++) {
        const PlanSource *source = item->sources->pdata[i];
        Json *one = json_new_object();
        json_set_text(one, "url", source->url);
        json_set_text(one, "format", source->format);
        json_append_take(sources, one);
    }
    if (sources)
        json_set_take(json, "sources", sources);
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

void plan_item_read(JsonForm *form, PlanItem *item)
{
    item->bulletin = g_strdup(json_form_text(form, "bulletin", true, 1, ID_MAX));
    item->bulletin_version = g_strdup(json_form_text(form, "bulletin_version", true, 1, ID_MAX));
    item->kind = json_form_choice(form, "kind", false, plan_item_words, ITEM_FILE);
    item->sha256 = g_strdup(json_form_hex(form, "sha256", !plan_item_is_stream(item), DIGEST_HEX));
    read_sources(form, item);
    item->frames = json_form_int(form, "frames", true, 1, FRAMES_MAX, 1);
    item->gain_mdb = json_form_int(form, "gain_mdb", false, GAIN_MIN, 0, 0);
}
