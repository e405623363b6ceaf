/* An area's own lead-in tune, else that of the area above. A new one is heard from the next plan on
 * in every programme that follows it. */
#include "schedule/tune_api.h"

#include "access/action_log_store.h"
#include "content/bulletin_store.h"
#include "registry/area_store.h"
#include "schedule/broadcast_api_parts.h"
#include "schedule/programme_store.h"

#define ID_MAX 64

static Json *bulletin_json(Database *database, const char *id)
{
    g_autoptr(Bulletin) bulletin = id ? bulletin_store_get(database, id, NULL) : NULL;
    if (!bulletin)
        return NULL;
    Json *json = json_new_object();
    json_set_text(json, "id", bulletin->id);
    json_set_text(json, "title", bulletin->title);
    json_set_text(json, "state", bulletin_state_word(bulletin->state));
    return json;
}

static void set_tune(Json *body, const char *key, Json *take_tune)
{
    if (take_tune)
        json_set_take(body, key, take_tune);
    else
        json_set_null(body, key);
}

static Reply *answer(Database *database, const char *area)
{
    g_autofree char *own = programme_store_own_tune(database, area);
    g_autofree char *effective = programme_store_tune(database, area);
    Json *body = json_new_object();
    json_set_text(body, "area", area);
    set_tune(body, "own", bulletin_json(database, own));
    set_tune(body, "effective", bulletin_json(database, effective));
    return reply_json_take(200, body);
}

Reply *tune_api_get(void *room, Request *request)
{
    BroadcastApi *self = room;
    const char *area = request_place(request, "id");
    Reply *refusal = access_check(self->database, request, VERB_VIEW, area);
    return refusal ? refusal : answer(self->database, area);
}

static Reply *judge(Database *database, const char *area, const char *id)
{
    g_autoptr(Bulletin) bulletin = id ? bulletin_store_get(database, id, NULL) : NULL;
    if (!id || (bulletin && bulletin->state != BULLETIN_WITHDRAWN &&
                area_store_within(database, area, bulletin->area)))
        return NULL;
    Problem *problem = problem_new(&problem_invalid);
    problem_add(problem, "/bulletin",
                "Nhạc hiệu phải là âm thanh của đơn vị này hoặc cấp trên. Hãy chọn lại.",
                "The tune must be a sound of this area or one above. Choose again.");
    return reply_problem_take(problem);
}

/* Programmes that followed the old one play the new one. */
static bool replan(BroadcastApi *self, const char *area, GError **error)
{
    g_autoptr(GPtrArray) list = broadcast_store_of_tune(self->database, area, error);
    for (unsigned i = 0; list && self->changed && i < list->len; i++)
        self->changed(g_ptr_array_index(list, i), self->user);
    return list != NULL;
}

static bool save(BroadcastApi *self, const Request *request, const char *area, const char *bulletin,
                 GError **error)
{
    const Action action = {.user = access_user(request)->id,
                           .verb = "area.tune",
                           .area = area,
                           .object = bulletin,
                           .remote = request_remote(request)};
    if (!database_begin(self->database, error))
        return false;
    if (programme_store_set_tune(self->database, area, bulletin, error) &&
        replan(self, area, error) &&
        action_log_store_add(self->database, &action, request_now_us(request), error))
        return database_commit(self->database, error);
    database_rollback(self->database);
    return false;
}

Reply *tune_api_put(void *room, Request *request)
{
    BroadcastApi *self = room;
    const char *area = request_place(request, "id");
    g_autoptr(JsonForm) form = json_form_new(request_json(request), "");
    const char *bulletin = json_form_text(form, "bulletin", false, 1, ID_MAX);
    if (!json_form_ok(form, true))
        return reply_problem_take(problem_from_form(form));
    Reply *refusal = access_check(self->database, request, VERB_SCHEDULE, area);
    if (!refusal)
        refusal = judge(self->database, area, bulletin);
    if (refusal)
        return refusal;
    g_autoptr(GError) error = NULL;
    return save(self, request, area, bulletin, &error) ? answer(self->database, area)
                                                       : reply_error(error);
}
