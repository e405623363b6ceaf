/* Airings on the wire: each names its content, which stands once however often it airs.
 *
 * A plan of five weeks says the same few titles, names and files hundreds of times; told once, it
 * fits and signs quickly. An airing that carries its content itself, as the first plans did, is
 * still read: such plans stand in ledgers for good. */
#include "wire/plan_private.h"

#include "digest.h"

#include <string.h>

#define TOLERANCE_MAX (INT64_C(86400) * G_USEC_PER_SEC)

/* ---- alike ---- */

static guint hash_content(gconstpointer key)
{
    const PlanAiring *airing = key;
    return g_str_hash(airing->broadcast) ^ (guint)airing->gain_mdb ^
           (guint)(airing->start_by_us - airing->start_us) ^ airing->items->len;
}

static bool same_item(const PlanItem *a, const PlanItem *b)
{
    if (a->kind != b->kind || a->frames != b->frames || a->gain_mdb != b->gain_mdb ||
        g_strcmp0(a->sha256, b->sha256) || g_strcmp0(a->bulletin, b->bulletin) ||
        g_strcmp0(a->bulletin_version, b->bulletin_version))
        return false;
    unsigned left = a->sources ? a->sources->len : 0, right = b->sources ? b->sources->len : 0;
    for (unsigned i = 0; left == right && i < left; i++) {
        const PlanSource *one = a->sources->pdata[i], *other = b->sources->pdata[i];
        if (g_strcmp0(one->url, other->url) || g_strcmp0(one->format, other->format))
            return false;
    }
    return left == right;
}

static bool same_order(const PlanAiring *a, const PlanAiring *b)
{
    return a->start_by_us - a->start_us == b->start_by_us - b->start_us &&
           a->valid_until_us == b->valid_until_us && a->level == b->level &&
           a->came_us == b->came_us && a->outputs == b->outputs && a->rank == b->rank &&
           a->class == b->class && a->on_preempt == b->on_preempt && a->gain_mdb == b->gain_mdb;
}

static gboolean same_content(gconstpointer left, gconstpointer right)
{
    const PlanAiring *a = left, *b = right;
    if (!same_order(a, b) || a->items->len != b->items->len ||
        g_strcmp0(a->broadcast, b->broadcast) || g_strcmp0(a->title, b->title) ||
        g_strcmp0(a->issuer, b->issuer) || g_strcmp0(a->author, b->author) ||
        g_strcmp0(a->approver, b->approver))
        return FALSE;
    for (unsigned i = 0; i < a->items->len; i++)
        if (!same_item(a->items->pdata[i], b->items->pdata[i]))
            return FALSE;
    return TRUE;
}

/* ---- printed ---- */

/* What is left out reads as 0: plans travel over paid data, and each byte of one is signed. */
static void set_unless_zero(Json *json, const char *name, int64_t value)
{
    if (value)
        json_set_int(json, name, value);
}

static Json *content_to_json(const PlanAiring *airing)
{
    Json *json = json_new_object();
    json_set_text(json, "broadcast", airing->broadcast);
    json_set_int(json, "tolerance_us", airing->start_by_us - airing->start_us);
    set_unless_zero(json, "valid_until_us", airing->valid_until_us);
    set_unless_zero(json, "level", airing->level);
    set_unless_zero(json, "came_us", airing->came_us);
    set_unless_zero(json, "outputs", airing->outputs);
    json_set_text(json, "rank", rank_words[airing->rank]);
    json_set_text(json, "class", class_words[airing->class]);
    if (airing->on_preempt != PREEMPT_RESUME)
        json_set_text(json, "on_preempt", on_preempt_words[airing->on_preempt]);
    set_unless_zero(json, "gain_mdb", airing->gain_mdb);
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

Json *plan_contents_to_json(const Plan *self, unsigned *ret_contents)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(hash_content, same_content);
    Json *contents = json_new_array();
    for (unsigned i = 0; i < self->airings->len; i++) {
        PlanAiring *airing = self->airings->pdata[i];
        gpointer index;
        if (!g_hash_table_lookup_extended(seen, airing, NULL, &index)) {
            index = GUINT_TO_POINTER(g_hash_table_size(seen));
            g_hash_table_insert(seen, airing, index);
            json_append_take(contents, content_to_json(airing));
        }
        ret_contents[i] = GPOINTER_TO_UINT(index);
    }
    return contents;
}

Json *plan_airing_to_json(const PlanAiring *airing, unsigned content)
{
    Json *json = json_new_object();
    json_set_text(json, "id", airing->id);
    json_set_int(json, "content", content);
    json_set_int(json, "start_us", airing->start_us);
    set_unless_zero(json, "order", airing->order);
    return json;
}

void plan_airing_print_tail(const PlanAiring *airing, unsigned content, GString *text)
{
    g_string_append_printf(text, ",\"content\":%u,\"start_us\":%" G_GINT64_FORMAT, content,
                           airing->start_us);
    if (airing->order)
        g_string_append_printf(text, ",\"order\":%d", airing->order);
    g_string_append_c(text, '}');
}

/* ---- read ---- */

static void read_items(JsonForm *form, PlanAiring *airing)
{
    const Json *items = json_form_array(form, "items", true, PLAN_MAX_ITEMS);
    if (items && json_length(items) == 0)
        json_form_fault(form, "items", FORM_TOO_SHORT, "1");
    for (size_t i = 0; i < json_length(items); i++) {
        PlanItem *item = plan_item_new();
        g_ptr_array_add(airing->items, item);
        plan_item_read(json_form_element(form, "items", i), item);
    }
}

/* Everything but id, start and order. */
static void read_content(JsonForm *form, PlanAiring *airing)
{
    airing->broadcast = g_strdup(json_form_text(form, "broadcast", true, 1, ID_MAX));
    airing->valid_until_us = json_form_int(form, "valid_until_us", false, 0, TIME_MAX, 0);
    airing->level = (int)json_form_int(form, "level", false, 0, PLAN_MAX_DEPTH, 0);
    airing->came_us = json_form_int(form, "came_us", false, 0, TIME_MAX, 0);
    airing->outputs = (uint32_t)json_form_int(form, "outputs", false, 0, UINT32_MAX, 0);
    airing->rank = json_form_choice(form, "rank", true, rank_words, RANK_NORMAL);
    airing->class = json_form_choice(form, "class", true, class_words, CLASS_NORMAL);
    airing->on_preempt =
        json_form_choice(form, "on_preempt", false, on_preempt_words, PREEMPT_RESUME);
    airing->gain_mdb = json_form_int(form, "gain_mdb", false, GAIN_MIN, 0, 0);
    airing->title = g_strdup(json_form_text(form, "title", false, 0, TITLE_MAX));
    airing->issuer = g_strdup(json_form_text(form, "issuer", false, 0, ID_MAX));
    airing->author = g_strdup(json_form_text(form, "author", false, 0, PERSON_MAX));
    airing->approver = g_strdup(json_form_text(form, "approver", false, 0, PERSON_MAX));
    read_items(form, airing);
}

/* A content holds its tolerance where an airing holds its latest start. */
static GPtrArray *read_contents(JsonForm *form)
{
    GPtrArray *contents = g_ptr_array_new_with_free_func((GDestroyNotify)plan_airing_free);
    const Json *list = json_form_array(form, "contents", false, PLAN_MAX_AIRINGS);
    for (size_t i = 0; i < json_length(list); i++) {
        PlanAiring *content = plan_airing_new();
        JsonForm *one = json_form_element(form, "contents", i);
        g_ptr_array_add(contents, content);
        read_content(one, content);
        content->start_by_us = json_form_int(one, "tolerance_us", true, 0, TOLERANCE_MAX, 0);
    }
    return contents;
}

/* The items are shared: nobody changes a plan that was read. */
static void take_content(PlanAiring *airing, const PlanAiring *content)
{
    g_ptr_array_unref(airing->items);
    char *id = airing->id;
    int64_t start_us = airing->start_us;
    int order = airing->order;
    *airing = *content;
    airing->id = id;
    airing->start_us = start_us;
    airing->order = order;
    airing->start_by_us = start_us + content->start_by_us;
    airing->broadcast = g_strdup(content->broadcast);
    airing->title = g_strdup(content->title);
    airing->issuer = g_strdup(content->issuer);
    airing->author = g_strdup(content->author);
    airing->approver = g_strdup(content->approver);
    airing->items = g_ptr_array_ref(content->items);
}

static void read_own_content(JsonForm *form, PlanAiring *airing)
{
    read_content(form, airing);
    airing->start_by_us = json_form_int(form, "start_by_us", true, 1, TIME_MAX, 1);
    if (airing->start_by_us < airing->start_us ||
        airing->start_by_us > airing->start_us + TOLERANCE_MAX)
        json_form_fault(form, "start_by_us", FORM_RANGE, "start_us");
}

static void read_airing(JsonForm *form, const GPtrArray *contents, PlanAiring *airing)
{
    airing->id = g_strdup(json_form_hex(form, "id", true, AIRING_ID_HEX));
    airing->start_us = json_form_int(form, "start_us", true, 1, TIME_MAX, 1);
    airing->order = json_form_int(form, "order", false, 0, INT32_MAX, 0);
    int64_t content = json_form_int(form, "content", false, 0, PLAN_MAX_AIRINGS, -1);
    if (content < 0)
        read_own_content(form, airing);
    else if (content < contents->len)
        take_content(airing, contents->pdata[content]);
    else
        json_form_fault(form, "content", FORM_RANGE, "contents");
}

/* Two airings of one id would be one outcome for two sounds. */
void plan_airings_read(JsonForm *form, Plan *self)
{
    g_autoptr(GHashTable) ids = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GPtrArray) contents = read_contents(form);
    const Json *list = json_form_array(form, "airings", true, PLAN_MAX_AIRINGS);
    for (size_t i = 0; i < json_length(list); i++) {
        PlanAiring *airing = plan_airing_new();
        g_ptr_array_add(self->airings, airing);
        JsonForm *one = json_form_element(form, "airings", i);
        read_airing(one, contents, airing);
        if (airing->id && !g_hash_table_add(ids, airing->id))
            json_form_fault(one, "id", FORM_FORMAT, "unique");
    }
}
