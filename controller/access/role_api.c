/* The very table that decides, in words: a page that is typed a second time would one day lie. */
#include "access/role_api.h"

#include "access/access.h"

static Json *verbs_of(Role role)
{
    Json *list = json_new_array();
    for (unsigned verb = 0; verb < VERB_COUNT; verb++)
        if (role_may(role, (Verb)verb))
            json_append_text(list, verb_word((Verb)verb));
    return list;
}

Reply *role_api_get(void *room, Request *request)
{
    (void)room;
    const Language language = request_language(request);
    Json *verbs = json_new_array(), *roles = json_new_array();
    for (unsigned verb = 0; verb < VERB_COUNT; verb++) {
        Json *one = json_new_object();
        json_set_text(one, "verb", verb_word((Verb)verb));
        json_set_text(one, "text", verb_text((Verb)verb, language));
        json_append_take(verbs, one);
    }
    for (unsigned role = 0; role < ROLE_COUNT; role++) {
        Json *one = json_new_object();
        json_set_text(one, "role", role_word((Role)role));
        json_set_text(one, "text", role_text((Role)role, language));
        json_set_take(one, "verbs", verbs_of((Role)role));
        json_append_take(roles, one);
    }
    Json *body = json_new_object();
    json_set_take(body, "verbs", verbs);
    json_set_take(body, "roles", roles);
    return reply_json_take(200, body);
}
