/* Who may do what: the one table. A role is held in an area and counts there and in every area
 * below, never above and never beside. */
#include "access/access.h"

#include <string.h>

#define MAY(verb) (1u << VERB_##verb)

static const struct {
    const char *word;
    unsigned verbs;
} roles[ROLE_COUNT] = {
    [ROLE_ADMINISTRATOR] = {"administrator", VERBS_ALL},
    [ROLE_EDITOR] = {"editor", MAY(VIEW) | MAY(CREATE_CONTENT) | MAY(APPROVE_CONTENT) |
                                   MAY(SCHEDULE) | MAY(ALERT)},
    [ROLE_AUDITOR] = {"auditor", MAY(VIEW) | MAY(AUDIT)},
    [ROLE_LEADER] = {"commune_leader", MAY(VIEW) | MAY(CREATE_CONTENT) | MAY(APPROVE_CONTENT) |
                                           MAY(SCHEDULE) | MAY(ALERT)},
    [ROLE_OPERATOR] = {"commune_operator",
                       MAY(VIEW) | MAY(CREATE_CONTENT) | MAY(SCHEDULE) | MAY(ALERT)},
    [ROLE_VILLAGE_HEAD] = {"village_head", MAY(VIEW) | MAY(CREATE_CONTENT) | MAY(SCHEDULE)},
    [ROLE_TECHNICIAN] = {"technician", MAY(VIEW) | MAY(MANAGE_STATIONS)},
    [ROLE_VIEWER] = {"viewer", MAY(VIEW)},
};

static const char *const verb_words[VERB_COUNT] = {
    [VERB_VIEW] = "view",
    [VERB_MANAGE_AREAS] = "manage_areas",
    [VERB_MANAGE_USERS] = "manage_users",
    [VERB_MANAGE_STATIONS] = "manage_stations",
    [VERB_CREATE_CONTENT] = "create_content",
    [VERB_APPROVE_CONTENT] = "approve_content",
    [VERB_SCHEDULE] = "schedule",
    [VERB_ALERT] = "alert",
    [VERB_AUDIT] = "audit",
};

const char *role_word(Role role)
{
    return roles[role].word;
}

bool role_from_word(const char *word, Role *ret_role)
{
    for (unsigned role = 0; word && role < ROLE_COUNT; role++) {
        if (strcmp(roles[role].word, word) != 0)
            continue;
        *ret_role = (Role)role;
        return true;
    }
    return false;
}

bool role_may(Role role, Verb verb)
{
    return role < ROLE_COUNT && (roles[role].verbs & (1u << verb));
}

const char *verb_word(Verb verb)
{
    return verb_words[verb];
}

bool verb_from_word(const char *word, Verb *ret_verb)
{
    for (unsigned verb = 0; word && verb < VERB_COUNT; verb++) {
        if (strcmp(verb_words[verb], word) != 0)
            continue;
        *ret_verb = (Verb)verb;
        return true;
    }
    return false;
}
