/* Who orders something and confirms what falls silent through it has said so; whose broadcast that
 * is hears of it here, whether or not anybody tells them. One entry for each pair of broadcasts; it
 * is about the two as they were saved last. */
#include "schedule/broadcast_losses.h"

#include "access/action_log_store.h"
#include "base/clock.h"
#include "registry/area_store.h"
#include "schedule/loss_store.h"
#include "schedule/losses_view.h"
#include "schedule/rundown.h"

static bool log_action(BroadcastApi *self, Request *request, const Action *said, GError **error)
{
    Action action = *said;
    action.user = access_user(request)->id;
    action.remote = request_remote(request);
    return action_log_store_add(self->database, &action, request_now_us(request), error);
}

bool broadcast_losses_note(BroadcastApi *self, Request *request, const Broadcast *broadcast,
                           const Losses *losses, GError **error)
{
    if (!losses)
        return true;
    if (!loss_store_forget(self->database, broadcast->id, error))
        return false;
    if (losses_length(losses) == 0)
        return true;
    g_autofree char *detail = losses_view_detail(losses);
    const Action action = {.verb = "broadcast.displace",
                           .area = broadcast->area,
                           .object = broadcast->id,
                           .detail = detail};
    g_autoptr(GPtrArray) list = losses_list(losses);
    bool ok = log_action(self, request, &action, error);
    const LossWord word = {.displaced_by = broadcast->id,
                           .by_user = access_user(request)->id,
                           .by_name = access_user(request)->name,
                           .remote = request_remote(request),
                           .at_us = request_now_us(request)};
    return ok && loss_teller_take(self->teller, list, &word, error);
}

static char *title_of(Database *database, char *bulletin, char *programme)
{
    Broadcast named = {.bulletin = bulletin, .programme = programme, .area = (char *)""};
    g_autoptr(Rundown) rundown = rundown_load(database, &named, NULL);
    return g_strdup(rundown ? rundown->title : "");
}

static Json *object_of(Database *database, const LossRow *row)
{
    g_autofree char *other = title_of(database, row->by_bulletin, row->by_programme);
    g_autofree char *first = clock_format_utc(row->first_us);
    Json *object = json_new_object();
    json_set_text(object, "broadcast", row->broadcast);
    json_set_text(object, "displaced_by", row->displaced_by);
    json_set_text(object, "displaced_by_title", other);
    json_set_text(object, "outcome", row->outcome);
    json_set_int(object, "starts", row->starts);
    json_set_int(object, "stations", row->stations);
    json_set_text(object, "first", first);
    json_set_text(object, "why_vi", row->why_vi);
    json_set_text(object, "why_en", row->why_en);
    return object;
}

static bool holds_here(const User *user, const char *area)
{
    for (unsigned i = 0; i < user->grants->len; i++) {
        const UserGrant *grant = &g_array_index(user->grants, UserGrant, i);
        if (role_may(grant->role, VERB_SCHEDULE) && g_str_equal(grant->area, area))
            return true;
    }
    return false;
}

bool broadcast_losses_inbox(void *room, const Request *request, InboxRows *rows, GError **error)
{
    BroadcastApi *self = room;
    const User *user = access_user(request);
    g_autoptr(GPtrArray) list = loss_store_of_user(self->database, user->id,
                                                   request_now_us(request), INBOX_LIMIT + 1, error);
    rows->more |= list && list->len > INBOX_LIMIT;
    for (unsigned i = 0; list && i < list->len; i++) {
        const LossRow *one = g_ptr_array_index(list, i);
        bool concerned = g_str_equal(one->created_by, user->id) || holds_here(user, one->area);
        if (!concerned || !access_allows(self->database, user, VERB_SCHEDULE, one->area))
            continue;
        g_autoptr(Area) area = area_store_get(self->database, one->area, NULL);
        g_autofree char *title = title_of(self->database, one->bulletin, one->programme);
        const InboxRow row = {.id = one->broadcast,
                              .title = title,
                              .area = one->area,
                              .area_name = area ? area->name : NULL,
                              .by = one->by_name,
                              .since_us = one->at_us,
                              .take_object = object_of(self->database, one)};
        if (!inbox_add(rows, &row))
            break;
    }
    return list != NULL;
}

static bool see(BroadcastApi *self, Request *request, const Broadcast *broadcast, bool *ret_found,
                GError **error)
{
    const Action action = {
        .verb = "broadcast.loss_seen", .area = broadcast->area, .object = broadcast->id};
    g_autoptr(GError) failed = NULL;
    if (!database_begin(self->database, error))
        return false;
    *ret_found = loss_store_see(self->database, broadcast->id, request_place(request, "other"),
                                request_now_us(request), &failed);
    if (failed)
        g_propagate_error(error, g_steal_pointer(&failed));
    else if (!*ret_found || log_action(self, request, &action, error))
        return database_commit(self->database, error);
    database_rollback(self->database);
    return false;
}

Reply *broadcast_losses_seen(void *room, Request *request)
{
    BroadcastApi *self = room;
    Reply *refusal = NULL;
    g_autoptr(Broadcast) broadcast = broadcast_api_find(self, request, VERB_SCHEDULE, &refusal);
    if (!broadcast)
        return refusal;
    g_autoptr(JsonForm) form = json_form_new(request_json(request), "");
    if (!json_form_ok(form, true))
        return reply_problem_take(problem_from_form(form));
    g_autoptr(GError) error = NULL;
    bool found = false;
    if (!see(self, request, broadcast, &found, &error))
        return reply_error(error);
    return found ? reply_empty(204) : reply_problem(&problem_not_found);
}
