/* What making and approving bulletins have in common: the room itself, the way from the address to
 * the newest version that the caller may see, and the answer with that version. */
#include "content/bulletin_room.h"

#include "access/access.h"
#include "access/action_log_store.h"
#include "content/bulletin_view.h"
#include "content/fallback_form.h"
#include "registry/area_store.h"

const ProblemKind problem_bulletin_state = {
    "bulletin-state", 409, "Bản tin đã đổi trạng thái nên không làm được việc này. Hãy tải lại.",
    "The bulletin has changed its state, so this cannot be done. Reload it."};

BulletinApi *bulletin_api_new(const BulletinApiParts *parts)
{
    BulletinApi *self = g_new0(BulletinApi, 1);
    self->parts = *parts;
    return self;
}

void bulletin_api_free(BulletinApi *self)
{
    g_free(self);
}

static bool sounds_alike(const Bulletin *one, const Bulletin *other)
{
    return g_strcmp0(one->sha256, other->sha256) == 0 &&
           g_strcmp0(one->source, other->source) == 0 && one->frames == other->frames;
}

/* What may air meanwhile: the version that was approved last. NULL: none. */
static Json *airs_json(BulletinApi *self, const Bulletin *bulletin, const ApprovalScope *wanted)
{
    g_autoptr(Bulletin) airs = bulletin_store_get(self->parts.database, bulletin->id, NULL);
    if (airs == NULL || airs->state != BULLETIN_APPROVED)
        return NULL;
    Json *view = json_new_object();
    json_set_text(view, "version", airs->version);
    json_set_int(view, "number", airs->number);
    json_set_text(view, "title", airs->title);
    json_set_bool(view, "same_sound", sounds_alike(airs, bulletin));
    bulletin_view_validity(view, airs);
    json_set_take(view, "fallback",
                  fallback_form_json(self->parts.database, airs->version, wanted));
    return view;
}

Json *bulletin_room_row(BulletinApi *self, const Request *request, const Bulletin *bulletin)
{
    g_autoptr(Area) area = area_store_get(self->parts.database, bulletin->area, NULL);
    Json *view = bulletin_view(bulletin, area != NULL ? area->name : NULL,
                               intake_progress(self->parts.intake, bulletin->version),
                               request_language(request));
    g_auto(ApprovalRight) right = {0};
    if (bulletin_room_right(self, request, bulletin, &right, NULL))
        json_set_take(view, "approval", approval_right_json(&right, bulletin));
    else
        json_set_null(view, "approval");
    json_set_take(view, "fallback",
                  fallback_form_json(self->parts.database, bulletin->version, &right.wanted));
    Json *airs = airs_json(self, bulletin, &right.wanted);
    if (airs != NULL)
        json_set_take(view, "airs", airs);
    else
        json_set_null(view, "airs");
    return view;
}

Json *bulletin_room_view(BulletinApi *self, const Request *request, const Bulletin *bulletin)
{
    Json *view = bulletin_room_row(self, request, bulletin);
    json_set_text(view, "text", bulletin->text);
    return view;
}

bool bulletin_room_right(BulletinApi *self, const Request *request, const Bulletin *bulletin,
                         ApprovalRight *ret_right, GError **error)
{
    g_auto(ApprovalScope) wanted = {0};
    if (self->parts.wanted != NULL &&
        !self->parts.wanted(bulletin->id, &wanted, self->parts.changed_user, error))
        return false;
    return approval_right_read(self->parts.database, bulletin, &wanted, access_user(request),
                               ret_right, error);
}

Reply *bulletin_room_answer(BulletinApi *self, const Request *request, unsigned status,
                            const char *id)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Bulletin) bulletin = bulletin_store_newest(self->parts.database, id, &error);
    if (bulletin == NULL)
        return error != NULL ? reply_error(error) : reply_problem(&problem_not_found);
    return reply_json_take(status, bulletin_room_view(self, request, bulletin));
}

Reply *bulletin_room_find(BulletinApi *self, const Request *request, Bulletin **ret_bulletin)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Bulletin) bulletin =
        bulletin_store_newest(self->parts.database, request_place(request, "id"), &error);
    if (error != NULL)
        return reply_error(error);
    if (bulletin == NULL ||
        !access_allows(self->parts.database, access_user(request), VERB_VIEW, bulletin->area))
        return reply_problem(&problem_not_found);
    *ret_bulletin = g_steal_pointer(&bulletin);
    return NULL;
}

bool bulletin_room_log(BulletinApi *self, const Request *request, const char *verb,
                       const Bulletin *bulletin, GError **error)
{
    const Action action = {
        .user = access_user(request)->id,
        .verb = verb,
        .area = bulletin->area,
        .object = bulletin->id,
        .remote = request_remote(request),
    };
    return action_log_store_add(self->parts.database, &action, request_now_us(request), error);
}
