/* A few texts that every screen and every printed report may show. Everybody reads them; only who
 * manages users at the top area changes them. An empty text takes one away. */
#include "access/settings_api.h"

#include "access/own_act.h"
#include "access/setting_store.h"
#include "access/user_store.h"

#define TEXT_MAX 400

static const struct {
    const char *member; /* of the API */
    const char *name;   /* of the row */
} settings[] = {
    {"report_heading", "organisation.report_heading"}, /* the official lines above a report */
    {"report_place", "organisation.report_place"},     /* "Hưng Yên", before the date */
    {"support", "organisation.support"},               /* whom to call when something fails */
};

static Reply *answer(People *people, const Request *request)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *top = user_store_top_area(people->database, &error);
    if (error)
        return reply_error(error);
    Json *body = json_new_object();
    for (size_t i = 0; i < G_N_ELEMENTS(settings); i++) {
        g_autofree char *value = setting_store_get(people->database, settings[i].name, NULL);
        json_set_text(body, settings[i].member, value ? value : "");
    }
    json_set_bool(body, "may_change",
                  access_allows(people->database, access_user(request), VERB_MANAGE_USERS, top));
    return reply_json_take(200, body);
}

Reply *settings_api_get(void *room, Request *request)
{
    return answer(room, request);
}

static bool write_settings(People *people, Request *request, void *data, GError **error)
{
    const char **values = data;
    for (size_t i = 0; i < G_N_ELEMENTS(settings); i++)
        if (values[i] && !setting_store_set(people->database, settings[i].name, values[i], error))
            return false;
    return own_act_note(people, request, "settings.change", NULL, error);
}

Reply *settings_api_patch(void *room, Request *request)
{
    People *people = room;
    g_autoptr(GError) error = NULL;
    g_autofree char *top = user_store_top_area(people->database, &error);
    if (error)
        return reply_error(error);
    Reply *refusal = access_check(people->database, request, VERB_MANAGE_USERS, top);
    if (refusal)
        return refusal;
    g_autoptr(JsonForm) form = json_form_new(request_json(request), "");
    const char *values[G_N_ELEMENTS(settings)];
    for (size_t i = 0; i < G_N_ELEMENTS(settings); i++)
        values[i] = json_form_text(form, settings[i].member, false, 0, TEXT_MAX);
    if (!json_form_ok(form, true))
        return reply_problem_take(problem_from_form(form));
    refusal = own_act(people, request, write_settings, values);
    return refusal ? refusal : answer(people, request);
}
