/* Who may do what: the one table. A role is held in an area and counts there and in every area
 * below, never above and never beside. */
#include "access/access.h"

#include <string.h>

#define MAY(verb) (1u << VERB_##verb)

static const struct {
    const char *word;
    const char *vi, *en;
    unsigned verbs;
} roles[ROLE_COUNT] = {
    [ROLE_ADMINISTRATOR] = {"administrator", "Quản trị", "Administrator", VERBS_ALL},
    [ROLE_EDITOR] = {"editor", "Biên tập cấp tỉnh", "Province editor",
                     MAY(VIEW) | MAY(CREATE_CONTENT) | MAY(APPROVE_CONTENT) | MAY(SCHEDULE) |
                         MAY(ALERT)},
    [ROLE_AUDITOR] = {"auditor", "Kiểm tra, giám sát", "Auditor", MAY(VIEW) | MAY(AUDIT)},
    [ROLE_LEADER] = {"commune_leader", "Lãnh đạo xã", "Commune leader",
                     MAY(VIEW) | MAY(CREATE_CONTENT) | MAY(APPROVE_CONTENT) | MAY(SCHEDULE) |
                         MAY(ALERT)},
    [ROLE_OPERATOR] = {"commune_operator", "Cán bộ truyền thanh xã", "Commune operator",
                       MAY(VIEW) | MAY(CREATE_CONTENT) | MAY(SCHEDULE) | MAY(ALERT)},
    [ROLE_VILLAGE_HEAD] = {"village_head", "Trưởng thôn", "Village head",
                           MAY(VIEW) | MAY(CREATE_CONTENT) | MAY(SCHEDULE)},
    [ROLE_TECHNICIAN] = {"technician", "Kỹ thuật viên", "Technician",
                         MAY(VIEW) | MAY(MANAGE_STATIONS)},
    [ROLE_VIEWER] = {"viewer", "Chỉ xem", "Viewer", MAY(VIEW)},
};

static const struct {
    const char *word;
    const char *vi, *en;
} verbs[VERB_COUNT] = {
    [VERB_VIEW] = {"view", "Xem trạm, lịch phát và nhật ký", "See stations, schedule and log"},
    [VERB_MANAGE_AREAS] = {"manage_areas", "Quản lý đơn vị và quy định",
                           "Manage areas and policies"},
    [VERB_MANAGE_USERS] = {"manage_users", "Quản lý người dùng và vai trò",
                           "Manage users and roles"},
    [VERB_MANAGE_STATIONS] = {"manage_stations", "Ghép, sửa và ngừng dùng trạm loa",
                              "Accept, change and retire stations"},
    [VERB_CREATE_CONTENT] = {"create_content", "Soạn và gửi duyệt bản tin",
                             "Write and submit bulletins"},
    [VERB_APPROVE_CONTENT] = {"approve_content", "Duyệt hoặc trả lại bản tin",
                              "Approve or return bulletins"},
    [VERB_SCHEDULE] = {"schedule", "Hẹn giờ phát, phát ngay, dừng phát",
                       "Schedule, play now, stop"},
    [VERB_ALERT] = {"alert", "Phát, diễn tập và dừng cảnh báo khẩn cấp",
                    "Issue, drill and cancel emergencies"},
    [VERB_AUDIT] = {"audit", "Xem nhật ký hệ thống", "Read the system log"},
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
    return verbs[verb].word;
}

bool verb_from_word(const char *word, Verb *ret_verb)
{
    for (unsigned verb = 0; word && verb < VERB_COUNT; verb++) {
        if (strcmp(verbs[verb].word, word) != 0)
            continue;
        *ret_verb = (Verb)verb;
        return true;
    }
    return false;
}

const char *role_text(Role role, Language language)
{
    return language == LANGUAGE_EN ? roles[role].en : roles[role].vi;
}

const char *verb_text(Verb verb, Language language)
{
    return language == LANGUAGE_EN ? verbs[verb].en : verbs[verb].vi;
}
