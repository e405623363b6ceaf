/* Lists of airings and broadcasts are always about one area and all below it. Without ?area= a
 * person sees the highest area of the own roles; somebody with two areas side by side asks twice.
 */
#include "schedule/scope.h"

#include <string.h>

static Area *widest(Database *database, const User *user)
{
    Area *best = NULL;
    for (unsigned i = 0; i < user->grants->len; i++) {
        const UserGrant *grant = &g_array_index(user->grants, UserGrant, i);
        if (!role_may(grant->role, VERB_VIEW))
            continue;
        g_autoptr(Area) area = area_store_get(database, grant->area, NULL);
        if (!area || (best && strlen(best->path) <= strlen(area->path)))
            continue;
        area_free(best);
        best = g_steal_pointer(&area);
    }
    return best;
}

Area *scope_area(Database *database, const Request *request, Reply **ret_refusal)
{
    const char *asked = request_query(request, "area");
    if (!asked || !*asked) {
        Area *area = widest(database, access_user(request));
        if (!area)
            *ret_refusal = reply_problem(&problem_forbidden);
        return area;
    }
    *ret_refusal = access_check(database, request, VERB_VIEW, asked);
    if (*ret_refusal)
        return NULL;
    g_autoptr(GError) error = NULL;
    Area *area = area_store_get(database, asked, &error);
    if (!area)
        *ret_refusal = error ? reply_error(error) : reply_problem(&problem_not_found);
    return area;
}
