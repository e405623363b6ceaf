/* The scope is found when a broadcast is written and kept with it: an area that moves later does
 * not open or close what people approved. */
#include "schedule/broadcast_scope.h"

#include <string.h>

#include "content/approval_right.h"
#include "registry/area_store.h"
#include "registry/station_store.h"
#include "schedule/rundown.h"

static char *path_of(Database *database, const BroadcastTarget *target)
{
    g_autoptr(Station) station =
        target->kind == TARGET_STATION ? station_store_get(database, target->id, NULL) : NULL;
    g_autoptr(Area) area = area_store_get(database, station ? station->area : target->id, NULL);
    return area ? g_strdup(area->path) : NULL;
}

size_t broadcast_scope_common(const char *path, const char *other)
{
    size_t length = 0, last = 0;
    while (path[length] && path[length] == other[length]) {
        if (path[length] == '/')
            last = length;
        length++;
    }
    return last + 1;
}

char *broadcast_scope_last(const char *path)
{
    g_auto(GStrv) parts = g_strsplit(path, "/", -1);
    const unsigned count = g_strv_length(parts);
    return count > 2 ? g_strdup(parts[count - 2]) : NULL;
}

char *broadcast_scope_of(Database *database, const Broadcast *broadcast)
{
    g_autofree char *common = NULL;
    for (unsigned i = 0; i < broadcast->targets->len; i++) {
        const BroadcastTarget *target = g_ptr_array_index(broadcast->targets, i);
        if (target->exclude)
            continue;
        g_autofree char *path = target->kind == TARGET_GROUP ? NULL : path_of(database, target);
        if (!path)
            return g_strdup(broadcast->area);
        if (common)
            common[broadcast_scope_common(common, path)] = '\0';
        else
            common = g_steal_pointer(&path);
    }
    char *scope = common ? broadcast_scope_last(common) : NULL;
    return scope ? scope : g_strdup(broadcast->area);
}

ApprovalScope broadcast_scope_wish(const Broadcast *broadcast)
{
    return (ApprovalScope){.area = broadcast->scope ? broadcast->scope : broadcast->area,
                           .class = broadcast->class};
}

static bool approve(Database *database, const Bulletin *bulletin, const ApprovalRight *right,
                    const User *user, int64_t now_us, GError **error)
{
    const ApprovalStep step = {.version = bulletin->version,
                               .act = APPROVAL_APPROVE,
                               .scope = right->wanted.area,
                               .class = right->wanted.class,
                               .by = user->id,
                               .by_name = user->name,
                               .at_us = now_us};
    if (!approval_store_add(database, bulletin->id, &step, error))
        return false;
    return right->given->len + 1 < right->needed ||
           approval_store_allow(database, bulletin->version, &right->wanted, now_us, error);
}

bool broadcast_scope_approve(Database *database, const Broadcast *broadcast, const User *user,
                             int64_t now_us, GError **error)
{
    const ApprovalScope wish = broadcast_scope_wish(broadcast);
    g_autoptr(Rundown) rundown = rundown_load(database, broadcast, NULL);
    for (unsigned i = 0; rundown && i < rundown->items->len; i++) {
        const RundownItem *item = &g_array_index(rundown->items, RundownItem, i);
        g_auto(ApprovalRight) right = {0};
        if (!item->waits)
            continue;
        if (!approval_right_read(database, item->bulletin, &wish, user, &right, error))
            return false;
        if (approval_right_waits(&right, item->bulletin) &&
            !approve(database, item->bulletin, &right, user, now_us, error))
            return false;
    }
    return true;
}
