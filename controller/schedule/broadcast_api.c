/* Broadcasts over HTTP: order one, look, delete.
 *
 * A broadcast is written, noted in the log of actions and handed to the publisher in one
 * transaction; the stations that it concerns are woken after COMMIT. Whether it airs is not decided
 * here: the planner takes a bulletin only once it is approved. */
#include "schedule/broadcast_api.h"

#include "access/action_log_store.h"
#include "base/clock.h"
#include "crypto.h"
#include "schedule/broadcast_api_parts.h"
#include "schedule/broadcast_form.h"
#include "schedule/broadcast_losses.h"
#include "schedule/broadcast_scope.h"
#include "schedule/check_policy.h"
#include "schedule/losses_view.h"
#include "schedule/recurrence_form.h"
#include "schedule/refusal_store.h"
#include "schedule/relay_reach.h"
#include "schedule/rundown.h"
#include "schedule/scope.h"

#define ID_BYTES           8
#define LIST_MAX           200
#define LIST_BULLETINS_MAX 50

BroadcastApi *broadcast_api_new(Database *database, PanelEvents *events,
                                void (*changed)(const Broadcast *broadcast, void *user), void *user)
{
    BroadcastApi *self = g_new0(BroadcastApi, 1);
    self->database = database;
    self->events = events;
    self->changed = changed;
    self->user = user;
    self->turns = broadcast_turns_new(self);
    self->teller = loss_teller_new(database, events);
    return self;
}

void broadcast_api_watch_areas(BroadcastApi *self, void (*changed)(const char *area, void *user),
                               void *user)
{
    self->area_changed = changed;
    self->area_user = user;
}

void broadcast_api_ask_stations(BroadcastApi *self, StationFacts stations)
{
    self->stations = stations;
}

void broadcast_api_free(BroadcastApi *self)
{
    if (!self)
        return;
    broadcast_turns_free(self->turns);
    loss_teller_free(self->teller);
    g_free(self);
}

static void set_time(Json *object, const char *key, int64_t us)
{
    g_autofree char *text = us ? clock_format_utc(us) : NULL;
    json_set_text(object, key, text);
}

Json *broadcast_api_targets(const Broadcast *broadcast)
{
    Json *targets = json_new_array();
    for (unsigned i = 0; i < broadcast->targets->len; i++) {
        const BroadcastTarget *target = g_ptr_array_index(broadcast->targets, i);
        Json *one = json_new_object();
        json_set_text(one, "kind", target_kind_words[target->kind]);
        json_set_text(one, "id", target->id);
        json_set_bool(one, "exclude", target->exclude);
        json_append_take(targets, one);
    }
    return targets;
}

static const char *state_word(const Broadcast *broadcast, const Rundown *rundown, bool has_next,
                              int64_t now_us)
{
    int64_t duration_us = rundown ? rundown_frames(rundown) * G_USEC_PER_SEC / 48000 : 0;
    if (broadcast->deleted_us)
        return "deleted";
    if (!rundown || !rundown_is_alive(rundown))
        return "ended";
    if (!rundown_is_approved(rundown) && rundown_is_refused(rundown))
        return "rejected";
    if (!rundown_is_approved(rundown))
        return has_next || broadcast->kind == BROADCAST_NOW ? "waiting_approval" : "ended";
    return has_next || now_us < broadcast->start_us + duration_us ? "active" : "ended";
}

/* The newest word against it that still counts. */
static Json *rejection_json(Database *database, const Broadcast *broadcast, const Rundown *rundown)
{
    g_autoptr(GPtrArray) list = rundown && rundown_is_refused(rundown)
                                    ? refusal_store_list(database, broadcast->id, NULL)
                                    : NULL;
    if (!list || list->len == 0)
        return NULL;
    const Refusal *one = g_ptr_array_index(list, 0);
    g_autofree char *at = clock_format_utc(one->at_us);
    Json *by = json_new_object(), *object = json_new_object();
    json_set_text(by, "id", one->by);
    json_set_text(by, "name", one->by_name);
    json_set_text(object, "bulletin", one->bulletin);
    json_set_text(object, "reason", one->reason);
    json_set_take(object, "by", by);
    json_set_text(object, "at", at);
    return object;
}

/* Each once; without tunes, which are approved for themselves. */
static Json *bulletins_json(const Rundown *rundown)
{
    Json *array = json_new_array();
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (unsigned i = 0; rundown && i < rundown->items->len; i++) {
        const RundownItem *item = &g_array_index(rundown->items, RundownItem, i);
        if (!item->is_tune && g_hash_table_add(seen, item->bulletin->id))
            json_append_text(array, item->bulletin->id);
    }
    return array;
}

Json *broadcast_api_json(Database *database, const Broadcast *broadcast, int64_t now_us)
{
    g_autoptr(Rundown) rundown = rundown_load(database, broadcast, NULL);
    const int64_t valid_until_us = rundown ? rundown_valid_until(rundown) : 0;
    Series series = broadcast_series(broadcast);
    SeriesOccurrence next = {0};
    bool has_next = !broadcast->deleted_us && series_next(&series, now_us, &next);
    if (valid_until_us && next.start_us >= valid_until_us)
        has_next = false;
    Json *creator = json_new_object();
    json_set_text(creator, "id", broadcast->created_by);
    json_set_text(creator, "name", broadcast->created_by_name);
    Json *object = json_new_object();
    json_set_text(object, "id", broadcast->id);
    json_set_text(object, "bulletin", broadcast->bulletin);
    json_set_text(object, "programme", broadcast->programme);
    json_set_take(object, "bulletins", bulletins_json(rundown));
    json_set_text(object, "title", rundown ? rundown->title : "");
    json_set_text(object, "area", broadcast->area);
    json_set_take(object, "targets", broadcast_api_targets(broadcast));
    json_set_take(object, "when", recurrence_form_json(broadcast));
    json_set_take(object, "later", recurrence_form_parts(broadcast));
    Json *repeat = json_new_object();
    const SeriesManner manner = has_next ? next.manner : series.manner;
    json_set_int(repeat, "count", MAX(manner.repeats, 1));
    json_set_int(repeat, "gap_s", manner.gap_s);
    json_set_take(object, "repeat", repeat);
    json_set_text(object, "class", class_words[broadcast->class]);
    json_set_text(object, "on_preempt", on_preempt_words[manner.on_preempt]);
    json_set_bool(object, "filler", manner.filler);
    json_set_int(object, "tolerance_s", broadcast->tolerance_s);
    json_set_real(object, "gain_db", broadcast->gain_mdb / 1000.0);
    json_set_text(object, "state", state_word(broadcast, rundown, has_next, now_us));
    json_set_take(object, "rejection", rejection_json(database, broadcast, rundown));
    json_set_take(object, "created_by", creator);
    set_time(object, "created_at", broadcast->created_us);
    set_time(object, "next_start", has_next ? next.start_us : 0);
    return object;
}

/* "a,b" as a JSON array; NULL where nothing is asked. False: too many. */
static bool read_bulletins(const Request *request, char **ret_bulletins)
{
    const char *asked = request_query(request, "bulletin");
    g_auto(GStrv) ids = asked ? g_strsplit(asked, ",", LIST_BULLETINS_MAX + 1) : NULL;
    g_autoptr(Json) array = json_new_array();
    *ret_bulletins = NULL;
    if (!ids)
        return true;
    if (g_strv_length(ids) > LIST_BULLETINS_MAX)
        return false;
    for (char **id = ids; *id; id++)
        json_append_text(array, *id);
    *ret_bulletins = json_print(array, NULL);
    return true;
}

Reply *broadcast_api_list(void *room, Request *request)
{
    BroadcastApi *self = room;
    Reply *refusal = NULL;
    g_autoptr(Area) area = scope_area(self->database, request, &refusal);
    if (!area)
        return refusal;
    unsigned limit;
    Problem *problem = NULL;
    g_autofree char *bulletins = NULL;
    if (!read_bulletins(request, &bulletins)) {
        problem = problem_new(&problem_bad_request);
        problem_set(problem, "why", "bulletin");
        return reply_problem_take(problem);
    }
    BroadcastFilter filter = {
        .area = area->id, .bulletins = bulletins, .holidays = request_query(request, "holidays")};
    const char *from = request_query(request, "from");
    if (from && !clock_parse_rfc3339(from, &filter.from_us, NULL)) {
        problem = problem_new(&problem_bad_request);
        problem_set(problem, "why", "from");
    }
    if (problem || !request_page(request, LIST_MAX, &limit, &filter.after, &problem))
        return reply_problem_take(problem);
    filter.limit = limit + 1;
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) list = broadcast_store_list(self->database, &filter, &error);
    if (!list)
        return reply_error(error);
    Json *items = json_new_array();
    for (unsigned i = 0; i < list->len && i < limit; i++)
        json_append_take(items, broadcast_api_json(self->database, g_ptr_array_index(list, i),
                                                   request_now_us(request)));
    Json *body = json_new_object();
    json_set_take(body, "items", items);
    const Broadcast *last = list->len > limit ? g_ptr_array_index(list, limit - 1) : NULL;
    json_set_text(body, "next", last ? last->id : NULL);
    return reply_json_take(200, body);
}

static bool log_action(BroadcastApi *self, Request *request, const char *verb,
                       const Broadcast *broadcast, GError **error)
{
    Action action = {.user = access_user(request)->id,
                     .verb = verb,
                     .area = broadcast->area,
                     .object = broadcast->id,
                     .remote = request_remote(request)};
    return action_log_store_add(self->database, &action, request_now_us(request), error);
}

static void tell_panels(void *user)
{
    BroadcastApi *self = user;
    panel_events_changed(self->events, "broadcasts");
    panel_events_changed(self->events, "airings");
}

bool broadcast_api_finish(BroadcastApi *self, Request *request, const char *verb,
                          const Broadcast *broadcast, GError **error)
{
    if (!log_action(self, request, verb, broadcast, error))
        return false;
    if (self->changed)
        self->changed(broadcast, self->user);
    database_after_commit(self->database, tell_panels, self);
    return true;
}

bool broadcast_api_store(BroadcastApi *self, Request *request, const char *verb,
                         const Broadcast *broadcast, const Losses *losses, GError **error)
{
    return broadcast_store_add(self->database, broadcast, error) &&
           broadcast_losses_note(self, request, broadcast, losses, error) &&
           broadcast_scope_approve(self->database, broadcast, access_user(request),
                                   request_now_us(request), error) &&
           broadcast_api_finish(self, request, verb, broadcast, error);
}

static bool save_new(BroadcastApi *self, Request *request, const Broadcast *broadcast,
                     const Losses *losses, GError **error)
{
    if (!database_begin(self->database, error))
        return false;
    if (broadcast_api_store(self, request, "broadcast.create", broadcast, losses, error))
        return database_commit(self->database, error);
    database_rollback(self->database);
    return false;
}

static Reply *save_and_answer(BroadcastApi *self, Request *request, const Broadcast *broadcast,
                              const Losses *losses)
{
    g_autoptr(GError) error = NULL;
    if (!save_new(self, request, broadcast, losses, &error))
        return reply_error(error);
    g_autofree char *location = g_strconcat("/api/broadcasts/", broadcast->id, NULL);
    Reply *reply = reply_json_take(
        201, broadcast_api_json(self->database, broadcast, request_now_us(request)));
    reply_header(reply, "Location", location);
    return reply;
}

/* What waits for its judgement. */
typedef struct Pending {
    BroadcastApi *api;
    Request *request;
    BroadcastApiSettle settle;
    void *user;
    GDestroyNotify free_user;
} Pending;

typedef struct Verdict {
    const Pending *pending;
    const Minutes *minutes;
    const GError *error;
} Verdict;

static Reply *settle_pending(void *user)
{
    const Verdict *verdict = user;
    const Pending *pending = verdict->pending;
    return verdict->error
               ? reply_error(verdict->error)
               : pending->settle(pending->api, pending->request, verdict->minutes, pending->user);
}

static void on_judged(Minutes *take_minutes, const GError *error, void *user)
{
    g_autoptr(Minutes) minutes = take_minutes;
    g_autofree Pending *pending = user;
    request_finish_by(pending->request, settle_pending, &(Verdict){pending, minutes, error});
    if (pending->free_user)
        pending->free_user(pending->user);
    broadcast_turns_over(pending->api->turns);
}

Reply *broadcast_api_judge(BroadcastApi *self, Request *request, Minutes *take_minutes,
                           BroadcastApiSettle settle, void *take_user, GDestroyNotify free_user)
{
    g_autoptr(GError) error = NULL;
    Pending *pending = g_new0(Pending, 1);
    *pending = (Pending){self, request, settle, take_user, free_user};
    if (minutes_run(self->database, take_minutes, on_judged, pending, &error)) {
        request_hold(request);
        return NULL;
    }
    g_free(pending);
    if (free_user)
        free_user(take_user);
    return reply_error(error);
}

Reply *broadcast_api_refusal(BroadcastApi *self, const Request *request, const Minutes *minutes,
                             unsigned order)
{
    g_autoptr(GError) error = NULL;
    g_auto(RelayReach) reach = {0};
    Reply *refusal = check_policy_refusal(minutes, order, request_now_us(request));
    if (refusal)
        return refusal;
    if (!relay_reach(self->database, &self->stations, minutes_broadcast(minutes, order), &reach,
                     &error))
        return reply_error(error);
    return relay_reach_refusal(&reach);
}

static Reply *settle_order(BroadcastApi *self, Request *request, const Minutes *minutes,
                           G_GNUC_UNUSED void *user)
{
    const Losses *losses = minutes_losses(minutes, 0);
    const char *confirmed = json_peek_text(request_json(request), "confirm");
    Reply *refusal = broadcast_api_refusal(self, request, minutes, 0);
    if (!refusal)
        refusal = losses_view_refusal(losses, self->database, confirmed);
    return refusal ? refusal
                   : save_and_answer(self, request, minutes_broadcast(minutes, 0), losses);
}

static Reply *create(void *room, Request *request)
{
    BroadcastApi *self = room;
    Reply *refusal = NULL;
    g_autoptr(Broadcast) broadcast = broadcast_form_read(self->database, request, &refusal);
    if (!broadcast)
        return refusal;
    broadcast->id = crypto_random_hex(ID_BYTES);
    g_autoptr(Minutes) minutes = minutes_new(request_now_us(request));
    CheckPolicyOrder how = {.only = {.now_us = request_now_us(request)}};
    refusal = check_policy_add(minutes, self->database, g_steal_pointer(&broadcast),
                               access_user(request), &how);
    return refusal ? refusal
                   : broadcast_api_judge(self, request, g_steal_pointer(&minutes), settle_order,
                                         NULL, NULL);
}

Reply *broadcast_api_create(void *room, Request *request)
{
    BroadcastApi *self = room;
    return broadcast_turns_take(self->turns, request, create);
}

Broadcast *broadcast_api_find(BroadcastApi *self, Request *request, Verb verb, Reply **ret_refusal)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Broadcast) broadcast =
        broadcast_store_get(self->database, request_place(request, "id"), &error);
    if (error)
        *ret_refusal = reply_error(error);
    else if (!broadcast || broadcast->deleted_us)
        *ret_refusal = reply_problem(&problem_not_found);
    else
        *ret_refusal = access_check(self->database, request, verb, broadcast->area);
    return *ret_refusal ? NULL : g_steal_pointer(&broadcast);
}

Reply *broadcast_api_get(void *room, Request *request)
{
    BroadcastApi *self = room;
    Reply *refusal = NULL;
    g_autoptr(Broadcast) broadcast = broadcast_api_find(self, request, VERB_VIEW, &refusal);
    if (!broadcast)
        return refusal;
    return reply_json_take(200,
                           broadcast_api_json(self->database, broadcast, request_now_us(request)));
}

static bool save_delete(BroadcastApi *self, Request *request, Broadcast *broadcast, GError **error)
{
    if (!database_begin(self->database, error))
        return false;
    broadcast->deleted_us = request_now_us(request);
    if (broadcast_store_delete(self->database, broadcast->id, broadcast->deleted_us, error) &&
        broadcast_api_finish(self, request, "broadcast.delete", broadcast, error))
        return database_commit(self->database, error);
    database_rollback(self->database);
    return false;
}

static Reply *delete (void *room, Request *request)
{
    BroadcastApi *self = room;
    Reply *refusal = NULL;
    g_autoptr(Broadcast) broadcast = broadcast_api_find(self, request, VERB_SCHEDULE, &refusal);
    if (!broadcast)
        return refusal;
    g_autoptr(GError) error = NULL;
    if (!save_delete(self, request, broadcast, &error))
        return reply_error(error);
    return reply_empty(204);
}

Reply *broadcast_api_delete(void *room, Request *request)
{
    BroadcastApi *self = room;
    return broadcast_turns_take(self->turns, request, delete);
}

bool broadcast_api_names_group(Database *database, const char *group, int64_t now_us)
{
    g_autoptr(GPtrArray) list = broadcast_store_of_group(database, group, NULL);
    for (unsigned i = 0; list && i < list->len; i++) {
        Series series = broadcast_series(g_ptr_array_index(list, i));
        SeriesOccurrence unused;
        if (series_next(&series, now_us, &unused))
            return true;
    }
    return !list;
}
