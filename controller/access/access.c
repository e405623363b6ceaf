/* The question every handler asks before it acts. Rights follow the tree of areas: a role held in
 * an area counts wherever that area stands in the path of the one asked about. */
#include "access/access.h"

#include <string.h>

#include "access/user_store.h"

void user_free(User *user)
{
    if (!user)
        return;
    g_free(user->id);
    g_free(user->name);
    g_free(user->login);
    g_free(user->phone);
    g_free(user->session);
    if (user->grants)
        g_array_unref(user->grants);
    g_free(user);
}

const User *access_user(const Request *request)
{
    return request_caller(request);
}

/* `path` is ids from the top, "/a1/b2/". */
static bool path_holds(const char *path, const char *area)
{
    g_autofree char *piece = g_strconcat("/", area, "/", NULL);
    return strstr(path, piece) != NULL;
}

/* What a token leaves out its user has no right to while it is in use. */
static bool is_offered(const User *user, Verb verb)
{
    return !(user->withheld & (1u << verb));
}

static bool may_on_path(const User *user, Verb verb, const char *path)
{
    for (unsigned i = 0; is_offered(user, verb) && i < user->grants->len; i++) {
        const UserGrant *grant = &g_array_index(user->grants, UserGrant, i);
        if (role_may(grant->role, verb) && path_holds(path, grant->area))
            return true;
    }
    return false;
}

bool access_allows_path(const User *user, Verb verb, const char *path)
{
    return may_on_path(user, verb, path);
}

bool access_allows(Database *database, const User *user, Verb verb, const char *area)
{
    g_autofree char *path = area ? user_store_area_path(database, area) : NULL;
    return path && user && may_on_path(user, verb, path);
}

/* Who may not even see an area is not told that it is there. */
Reply *access_check(Database *database, const Request *request, Verb verb, const char *area)
{
    const User *user = access_user(request);
    g_autofree char *path = area ? user_store_area_path(database, area) : NULL;
    if (!user)
        return reply_problem(&problem_not_logged_in);
    if (!path || !may_on_path(user, VERB_VIEW, path))
        return reply_problem(&problem_not_found);
    return may_on_path(user, verb, path) ? NULL : reply_problem(&problem_forbidden);
}

bool access_anywhere(const User *user, Verb verb)
{
    for (unsigned i = 0; user && is_offered(user, verb) && i < user->grants->len; i++) {
        if (role_may(g_array_index(user->grants, UserGrant, i).role, verb))
            return true;
    }
    return false;
}

const char *access_home(const User *user)
{
    return user->grants->len ? g_array_index(user->grants, UserGrant, 0).area : NULL;
}

/* '0' follows '/' and ids are hexadecimal: "/a1/" up to, not including, "/a10". */
char *access_path_end(const char *path)
{
    char *end = g_strdup(path);
    end[strlen(end) - 1] = '/' + 1;
    return end;
}
