/* Items over the wire. A kind that nobody could hear is refused here, with the reason, so that no
 * programme waits for something that will never sound. */
#include "schedule/programme_form.h"

#include <math.h>

#include "access/access.h"
#include "content/bulletin_store.h"
#include "registry/area_store.h"
#include "schedule/broadcast.h"

#define ID_MAX 64

static void read_item(JsonForm *form, bool is_template, Programme *programme)
{
    const ProgrammeKind kind = (ProgrammeKind)json_form_choice(
        form, "kind", true, programme_kind_words, PROGRAMME_BULLETIN);
    const char *bulletin = json_form_text(form, "bulletin", false, 1, ID_MAX);
    const double gain_db = json_form_real(form, "gain_db", false, 0);
    const bool named = kind == PROGRAMME_BULLETIN || kind == PROGRAMME_RELAY;
    if (named && !bulletin && !is_template)
        json_form_fault(form, "bulletin", FORM_MISSING, NULL);
    if (!(gain_db >= BROADCAST_GAIN_MIN_MDB / 1000.0 && gain_db <= 0))
        json_form_fault(form, "gain_db", FORM_RANGE, "-60..0");
    else
        programme_add(programme, kind, bulletin, (int)lround(gain_db * 1000));
}

void programme_form_items(JsonForm *form, bool is_template, Programme *programme)
{
    const Json *items = json_form_array(form, "items", true, PROGRAMME_ITEMS_MAX);
    bool says_something = false;
    for (size_t i = 0; items && i < json_length(items); i++) {
        const unsigned before = programme->items->len;
        read_item(json_form_element(form, "items", i), is_template, programme);
        if (programme->items->len == before)
            return;
        const ProgrammeItem *item = g_ptr_array_index(programme->items, before);
        says_something = says_something || item->kind != PROGRAMME_TUNE;
    }
    if (items && !says_something)
        json_form_fault(form, "items", FORM_TOO_SHORT, "1");
}

bool programme_form_playable(Database *database, const char *path, ProgrammeKind kind,
                             ProgrammeSpeakers *ret_speakers, GError **error)
{
    const ProgrammeKindFacts *facts = programme_kind_facts(kind);
    const bool always = kind == PROGRAMME_BULLETIN || kind == PROGRAMME_TUNE;
    return programme_store_speakers(database, path, facts->format, ret_speakers, error) &&
           facts->planned && (always || ret_speakers->speaking > 0);
}

static bool judge_bulletin(Database *database, const Request *request, const Programme *programme,
                           const char *id, const char *pointer, Problem *problem)
{
    g_autoptr(Bulletin) bulletin = bulletin_store_get(database, id, NULL);
    const bool known =
        bulletin && (access_allows(database, access_user(request), VERB_VIEW, bulletin->area) ||
                     area_store_within(database, programme->area, bulletin->area));
    if (!known)
        problem_add(problem, pointer, "Không có bản tin này. Hãy chọn lại bản tin.",
                    "There is no such bulletin. Choose it again.");
    else if (!area_store_within(database, programme->area, bulletin->area))
        problem_add(problem, pointer,
                    "Bản tin này chỉ dùng cho đơn vị đã soạn và các cấp dưới. Hãy chọn bản tin "
                    "khác.",
                    "This bulletin is for the area that made it and those below. Choose another.");
    else if (bulletin->state == BULLETIN_WITHDRAWN)
        problem_add(problem, pointer, "Bản tin đã bị thu hồi. Hãy chọn bản tin khác.",
                    "The bulletin was withdrawn. Choose another one.");
    else if (bulletin->audio == BULLETIN_AUDIO_FAILED || bulletin->audio == BULLETIN_AUDIO_NONE)
        problem_add(problem, pointer, "Bản tin chưa có âm thanh dùng được. Hãy gửi lại âm thanh.",
                    "The bulletin has no usable audio. Upload its audio again.");
    else
        return true;
    return false;
}

static bool judge_kind(Database *database, const Area *area, ProgrammeKind kind,
                       const char *pointer, Problem *problem)
{
    ProgrammeSpeakers speakers = {0};
    if (programme_form_playable(database, area->path, kind, &speakers, NULL))
        return true;
    problem_add(problem, pointer,
                "Chưa có trạm loa nào của đơn vị phát được loại nội dung này. Hãy bỏ mục này, hoặc "
                "ghi âm thành bản tin.",
                "No station of the area can play this kind yet. Leave it out, or record it as a "
                "bulletin.");
    return false;
}

bool programme_form_judge(Database *database, const Request *request, const Programme *programme,
                          Problem *problem, GError **error)
{
    g_autoptr(Area) area = area_store_get(database, programme->area, error);
    if (!area)
        return false;
    bool right = true;
    for (unsigned i = 0; i < programme->items->len; i++) {
        const ProgrammeItem *item = g_ptr_array_index(programme->items, i);
        g_autofree char *kind = g_strdup_printf("/items/%u/kind", i);
        g_autofree char *bulletin = g_strdup_printf("/items/%u/bulletin", i);
        if (!judge_kind(database, area, item->kind, kind, problem))
            right = false;
        else if (item->bulletin &&
                 !judge_bulletin(database, request, programme, item->bulletin, bulletin, problem))
            right = false;
    }
    return right;
}

static Json *item_json(Database *database, const ProgrammeItem *item, const char *tune)
{
    const bool follows = item->kind == PROGRAMME_TUNE && !item->bulletin;
    const char *id = follows ? tune : item->bulletin;
    g_autoptr(Bulletin) bulletin = id ? bulletin_store_get(database, id, NULL) : NULL;
    Json *json = json_new_object();
    json_set_text(json, "kind", programme_kind_words[item->kind]);
    json_set_text(json, "bulletin", item->bulletin);
    json_set_real(json, "gain_db", item->gain_mdb / 1000.0);
    json_set_text(json, "title", bulletin ? bulletin->title : NULL);
    json_set_text(json, "language", bulletin ? bulletin->language : NULL);
    json_set_text(json, "state", bulletin ? bulletin_state_word(bulletin->state) : NULL);
    if (bulletin && bulletin->audio == BULLETIN_AUDIO_READY)
        json_set_int(json, "duration_ms", bulletin->duration_ms);
    else
        json_set_null(json, "duration_ms");
    return json;
}

Json *programme_form_items_json(Database *database, const Programme *programme)
{
    g_autofree char *tune = programme_store_tune(database, programme->area);
    Json *items = json_new_array();
    for (unsigned i = 0; i < programme->items->len; i++)
        json_append_take(items, item_json(database, g_ptr_array_index(programme->items, i), tune));
    return items;
}
