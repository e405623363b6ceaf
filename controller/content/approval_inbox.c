/* Only what the person could approve this very moment stands in the inbox: not the own bulletin,
 * not one whose sound is still being made, not what waits for a second person after this one. And
 * what came back to its author, until a new version is written or it is withdrawn. */
#include "content/approval_inbox.h"

#include "content/bulletin_room.h"
#include "registry/area_store.h"

#define LOOK_MAX 500 /* looked at for one person and area; beyond, it says that there is more */

static bool add_row(BulletinApi *self, const Request *request, const Bulletin *bulletin,
                    const char *by, InboxRows *rows)
{
    g_autoptr(Area) area = area_store_get(self->parts.database, bulletin->area, NULL);
    const InboxRow row = {.id = bulletin->id,
                          .title = bulletin->title,
                          .area = bulletin->area,
                          .area_name = area != NULL ? area->name : NULL,
                          .by = by,
                          .since_us = bulletin->updated_us,
                          .take_object = bulletin_room_view(self, request, bulletin)};
    return inbox_add(rows, &row);
}

/* One was turned away: what follows need not be judged. */
static bool is_full(const InboxRows *rows)
{
    return rows->more && json_length(rows->items) >= INBOX_LIMIT;
}

static bool add(BulletinApi *self, const Request *request, const Bulletin *bulletin,
                InboxRows *rows, GError **error)
{
    g_auto(ApprovalRight) right = {0};
    if (!bulletin_room_right(self, request, bulletin, &right, error))
        return error == NULL || *error == NULL;
    if (approval_right_waits(&right, bulletin))
        (void)add_row(self, request, bulletin, bulletin->author_name, rows);
    return true;
}

static bool add_area(BulletinApi *self, const Request *request, const char *id, GHashTable *seen,
                     InboxRows *rows, GError **error)
{
    g_autoptr(GPtrArray) areas = g_ptr_array_new();
    g_ptr_array_add(areas, (gpointer)id);
    const ShelfQuery query = {
        .areas = areas, .marks = {bulletin_state_word(BULLETIN_SUBMITTED)}, .limit = LOOK_MAX};
    int64_t next = 0;
    g_autoptr(GPtrArray) list = bulletin_store_page(self->parts.database, &query, &next, error);
    rows->more |= next > 0;
    for (unsigned i = 0; list != NULL && i < list->len && !is_full(rows); i++) {
        const Bulletin *bulletin = g_ptr_array_index(list, i);
        if (g_hash_table_add(seen, g_strdup(bulletin->id)) &&
            !add(self, request, bulletin, rows, error))
            return false;
    }
    return list != NULL;
}

/* Nobody approves for more than the areas of the own roles. */
static GPtrArray *approves_in(const User *user)
{
    GPtrArray *areas = g_ptr_array_new();
    for (unsigned i = 0; i < user->grants->len; i++) {
        const UserGrant *grant = &g_array_index(user->grants, UserGrant, i);
        if (role_may(grant->role, VERB_APPROVE_CONTENT))
            g_ptr_array_add(areas, grant->area);
    }
    return areas;
}

bool approval_inbox_submitted(void *room, const Request *request, InboxRows *rows, GError **error)
{
    BulletinApi *self = room;
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GPtrArray) areas = approves_in(access_user(request));
    for (unsigned i = 0; i < areas->len; i++)
        if (!add_area(self, request, g_ptr_array_index(areas, i), seen, rows, error))
            return false;
    return true;
}

bool approval_inbox_wider(void *room, const Request *request, InboxRows *rows, GError **error)
{
    BulletinApi *self = room;
    if (self->parts.uncovered == NULL ||
        !access_anywhere(access_user(request), VERB_APPROVE_CONTENT))
        return true;
    g_autoptr(GPtrArray) areas = approves_in(access_user(request));
    g_autoptr(GPtrArray) ids =
        self->parts.uncovered(areas, LOOK_MAX + 1, self->parts.changed_user, error);
    rows->more |= ids != NULL && ids->len > LOOK_MAX;
    for (unsigned i = 0; ids != NULL && i < MIN(ids->len, LOOK_MAX) && !is_full(rows); i++) {
        g_autoptr(Bulletin) bulletin =
            bulletin_store_get(self->parts.database, g_ptr_array_index(ids, i), error);
        if (bulletin != NULL && !add(self, request, bulletin, rows, error))
            return false;
    }
    return ids != NULL;
}

bool approval_inbox_sent_back(void *room, const Request *request, InboxRows *rows, GError **error)
{
    BulletinApi *self = room;
    const User *user = access_user(request);
    g_autoptr(GPtrArray) list =
        bulletin_store_sent_back(self->parts.database, user->id, INBOX_LIMIT + 1, error);
    rows->more |= list != NULL && list->len > INBOX_LIMIT;
    for (unsigned i = 0; list != NULL && i < list->len; i++) {
        const Bulletin *bulletin = g_ptr_array_index(list, i);
        if (access_allows(self->parts.database, user, VERB_VIEW, bulletin->area))
            (void)add_row(self, request, bulletin, bulletin->approver_name, rows);
    }
    return list != NULL;
}
