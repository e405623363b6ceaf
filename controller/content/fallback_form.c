/* Only a stored sound can stand in: a relay that falls back on a relay is a list of sources, which
 * has its own place. What is not approved yet may be named; it stands in once it is. */
#include "content/fallback_form.h"

#include <string.h>

#include "content/bulletin_store.h"
#include "registry/area_store.h"

#define ID_MAX 64

GPtrArray *fallback_form_read(JsonForm *form)
{
    const Json *list = json_form_array(form, "fallback", false, FALLBACK_MAX);
    if (list == NULL)
        return NULL;
    GPtrArray *ids = g_ptr_array_new_with_free_func(g_free);
    for (size_t i = 0; i < json_length(list); i++) {
        const char *id = json_text(json_at(list, i));
        if (id == NULL || *id == '\0' || strlen(id) > ID_MAX)
            json_form_fault(form, "fallback", FORM_FORMAT, NULL);
        else
            g_ptr_array_add(ids, g_strdup(id));
    }
    return ids;
}

static bool judge_one(Database *database, const char *area, const char *own, const char *id,
                      Problem *problem, const char *pointer)
{
    g_autoptr(Bulletin) bulletin = bulletin_store_get(database, id, NULL);
    if (bulletin == NULL || !area_store_within(database, area, bulletin->area))
        problem_add(problem, pointer, "Không có bản tin dự phòng này cho đơn vị. Hãy chọn lại.",
                    "There is no such stand-in for this area. Choose it again.");
    else if (bulletin->source != NULL || g_strcmp0(own, id) == 0)
        problem_add(problem, pointer,
                    "Nội dung dự phòng phải là một bản tin khác, đã ghi sẵn, không phải tiếp âm.",
                    "What stands in is another bulletin, one that is recorded, not a relay.");
    else if (bulletin->state == BULLETIN_WITHDRAWN)
        problem_add(problem, pointer, "Bản tin dự phòng đã bị thu hồi. Hãy chọn bản tin khác.",
                    "The stand-in was withdrawn. Choose another bulletin.");
    else
        return true;
    return false;
}

Reply *fallback_form_judge(Database *database, const char *area, const char *bulletin,
                           const GPtrArray *fallback)
{
    g_autoptr(Problem) problem = problem_new(&problem_invalid);
    bool right = true;
    for (unsigned i = 0; fallback != NULL && i < fallback->len; i++) {
        g_autofree char *pointer = g_strdup_printf("/fallback/%u", i);
        if (!judge_one(database, area, bulletin, g_ptr_array_index(fallback, i), problem, pointer))
            right = false;
    }
    return right ? NULL : reply_problem_take(g_steal_pointer(&problem));
}

static bool stands_in(Database *database, const Bulletin *bulletin, const ApprovalScope *wanted)
{
    return bulletin != NULL && bulletin->state == BULLETIN_APPROVED && bulletin->sha256 != NULL &&
           wanted->area != NULL && approval_store_covers(database, bulletin->version, wanted, NULL);
}

Json *fallback_form_json(Database *database, const char *version, const ApprovalScope *wanted)
{
    g_autoptr(GPtrArray) ids = fallback_store_list(database, version, NULL);
    Json *list = json_new_array();
    for (unsigned i = 0; ids != NULL && i < ids->len; i++) {
        const char *id = g_ptr_array_index(ids, i);
        g_autoptr(Bulletin) bulletin = bulletin_store_get(database, id, NULL);
        Json *one = json_new_object();
        json_set_text(one, "bulletin", id);
        json_set_text(one, "title", bulletin != NULL ? bulletin->title : NULL);
        json_set_text(one, "state", bulletin != NULL ? bulletin_state_word(bulletin->state) : NULL);
        json_set_bool(one, "stands_in", stands_in(database, bulletin, wanted));
        json_append_take(list, one);
    }
    return list;
}
