/* Rights in one place: who may do what in which area. Every handler asks here and nowhere else.
 *
 * A person holds roles, each in one area, and with it in every area below. The table role x verb
 * stands in role.c. */
#pragma once

#include "db/database.h"
#include "http/request.h"

typedef enum Role {
    ROLE_ADMINISTRATOR, /* everything, everywhere below */
    ROLE_EDITOR,        /* province staff: content and broadcasts for all communes */
    ROLE_AUDITOR,       /* reads everything, changes nothing */
    ROLE_LEADER,        /* commune leader: approves, orders */
    ROLE_OPERATOR,      /* commune operator: creates, schedules */
    ROLE_VILLAGE_HEAD,  /* as operator, for one village */
    ROLE_TECHNICIAN,    /* stations */
    ROLE_VIEWER,
    ROLE_COUNT
} Role;

typedef enum Verb {
    VERB_VIEW, /* see the area's stations, schedule, log */
    VERB_MANAGE_AREAS,
    VERB_MANAGE_USERS,
    VERB_MANAGE_STATIONS, /* accept, rename, move, retire */
    VERB_CREATE_CONTENT,  /* upload, write, submit */
    VERB_APPROVE_CONTENT,
    VERB_SCHEDULE, /* make, change and delete broadcasts */
    VERB_ALERT,    /* emergencies: order, cancel, drill; prepared messages */
    VERB_AUDIT,    /* the system log */
    VERB_COUNT
} Verb;
#define VERBS_ALL ((1u << VERB_COUNT) - 1)

const char *role_word(Role role); /* "commune_leader": the word of the API and the database */
bool role_from_word(const char *word, Role *ret_role);
bool role_may(Role role, Verb verb);
const char *verb_word(Verb verb); /* "manage_users", as in `may` of Me */
bool verb_from_word(const char *word, Verb *ret_verb);
/* For people. */
const char *role_text(Role role, Language language);
const char *verb_text(Verb verb, Language language);

typedef struct UserGrant {
    Role role;
    char *area; /* area id */
} UserGrant;

typedef struct User {
    char *id;
    char *name; /* as shown beside every airing */
    char *login;
    char *phone;
    Language language;
    GArray *grants; /* UserGrant */
    char *session;  /* id of the session row, NULL for a bearer token */
    bool disabled;
    bool has_totp;
    bool must_change;  /* the password is a temporary one */
    unsigned withheld; /* bit set: verbs that the token in use leaves out */
} User;

void user_free(User *user);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(User, user_free)

/* The person behind a request that came through GATE_USER. */
const User *access_user(const Request *request);

/* NULL when the person may, else the 403 (or 404 for an area that is not there). */
Reply *access_check(Database *database, const Request *request, Verb verb, const char *area);
/* The same question without a request. */
bool access_allows(Database *database, const User *user, Verb verb, const char *area);
/* And for an area whose path ("/a1/b2/") is at hand. */
bool access_allows_path(const User *user, Verb verb, const char *path);
/* True when the person holds the verb anywhere. */
bool access_anywhere(const User *user, Verb verb);
/* The area of the first role: where a person's own affairs stand in the system log. Borrowed; NULL
 * for somebody without any role. */
const char *access_home(const User *user);

/* Where the range of area paths at or below `path` ("/a1/") ends: path <= p < end. g_free(). */
char *access_path_end(const char *path);
