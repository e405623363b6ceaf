/* Me: everything a panel needs to know of the person in front of it to draw its first screen. */
#include "access/me_api.h"

#include "access/own_act.h"
#include "access/user_store.h"
#include "base/clock.h"

static Json *may_json(const User *user)
{
    Json *may = json_new_array();
    for (unsigned verb = 0; verb < VERB_COUNT; verb++) {
        if (access_anywhere(user, (Verb)verb))
            json_append_text(may, verb_word((Verb)verb));
    }
    return may;
}

Json *me_api_grants(const People *people, const User *user)
{
    Json *grants = json_new_array();
    for (unsigned i = 0; i < user->grants->len; i++) {
        const UserGrant *grant = &g_array_index(user->grants, UserGrant, i);
        g_autofree char *name = people->areas->name(people->database, grant->area);
        Json *entry = json_new_object();
        json_set_text(entry, "role", role_word(grant->role));
        json_set_text(entry, "area", grant->area);
        json_set_text(entry, "area_name", name);
        json_append_take(grants, entry);
    }
    return grants;
}

Reply *me_api_reply(People *people, const User *user, unsigned status, int64_t now_us)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *now = clock_format_utc(now_us);
    Json *areas = people->areas->list(people->database, user, &error);
    if (!areas)
        return reply_error(error);
    Json *me = json_new_object();
    json_set_text(me, "id", user->id);
    json_set_text(me, "name", user->name);
    json_set_text(me, "login", user->login);
    json_set_text(me, "phone", user->phone);
    json_set_text(me, "language", language_word(user->language));
    json_set_take(me, "grants", me_api_grants(people, user));
    json_set_take(me, "may", may_json(user));
    json_set_take(me, "areas", areas);
    json_set_bool(me, "password_change_needed", user->must_change);
    json_set_text(me, "server_time", now);
    return reply_json_take(status, me);
}

Reply *me_api_get(void *room, Request *request)
{
    return me_api_reply(room, access_user(request), 200, request_now_us(request));
}

static bool write_person(People *people, Request *request, void *data, GError **error)
{
    return user_store_set_person(people->database, data, error) &&
           own_act_note(people, request, "profile.change", ((User *)data)->id, error);
}

Reply *me_api_patch(void *room, Request *request)
{
    static const char *const words[] = {"vi", "en", NULL};
    People *people = room;
    g_autoptr(GError) error = NULL;
    g_autoptr(JsonForm) form = json_form_new(request_json(request), "");
    const User *caller = access_user(request);
    g_autoptr(User) user = user_store_get(people->database, caller->id, &error);
    if (!user)
        return error ? reply_error(error) : reply_problem(&problem_not_logged_in);
    user->withheld = caller->withheld;
    user->language =
        (Language)json_form_choice(form, "language", false, words, (int)user->language);
    user_store_put_text(&user->name, json_form_text(form, "name", false, 1, USER_NAME_MAX));
    user_store_put_text(&user->phone, json_form_text(form, "phone", false, 0, USER_PHONE_MAX));
    if (!json_form_ok(form, true))
        return reply_problem_take(problem_from_form(form));
    Reply *refusal = own_act(people, request, write_person, user);
    return refusal ? refusal : me_api_reply(people, user, 200, request_now_us(request));
}
