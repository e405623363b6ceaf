/* Changing a series without breaking it: "this one", "this and all following", "all".
 *
 * The broadcast keeps its row and its rule; what differs is written beside it under the
 * RECURRENCE-ID it is about, so every airing keeps its id, its receipts and its place in the log.
 * "All" means all that are still to come: what has sounded is history. Nothing that has started can
 * be changed here, and nothing can be moved into the past. */
#include "schedule/series_api.h"

#include "base/clock.h"
#include "schedule/broadcast_api_parts.h"
#include "schedule/broadcast_form.h"
#include "schedule/broadcast_losses.h"
#include "schedule/check_policy.h"
#include "schedule/losses_view.h"
#include "schedule/recurrence_form.h"
#include "schedule/rundown.h"
#include "schedule/series_store.h"

#include <math.h>

#define SECOND_US INT64_C(1000000)

typedef enum { SCOPE_THIS, SCOPE_FOLLOWING, SCOPE_ALL } Scope;
static const char *const scope_words[] = {"this", "following", "all", NULL};

typedef struct Edit {
    Scope scope;
    int64_t recurrence_us; /* 0 = not said */
    int64_t at_us;         /* 0 = stays */
    bool cancelled;
    bool restored; /* one that was taken out plays after all */
    SeriesOverride row;
    Broadcast *rule; /* takes over from this one on; NULL = the rule stays */
    bool sets_holidays, sets_exdates, sets_rdates; /* of `rule`: said, be it with nothing */
} Edit;

static void edit_free(Edit *edit)
{
    if (!edit)
        return;
    broadcast_free(edit->rule);
    g_free(edit);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Edit, edit_free)

static bool sets_manner(const SeriesOverride *row)
{
    return row->sets_repeat || row->sets_preempt || row->sets_filler;
}

/* A new rule for this one and all following. What `when` does not name stays as it is; null and []
 * take it away. */
static void read_rule(JsonForm *form, const Json *body, Edit *edit, int64_t now_us)
{
    JsonForm *when = json_form_child(form, "when", false);
    if (!when)
        return;
    const Json *said = json_peek(body, "when");
    edit->rule = broadcast_new();
    broadcast_form_read_when(when, edit->rule, now_us);
    edit->sets_holidays = json_peek(said, "holidays") != NULL;
    edit->sets_exdates = json_peek(said, "exdates") != NULL;
    edit->sets_rdates = json_peek(said, "rdates") != NULL;
    if (!broadcast_repeats(edit->rule))
        json_form_fault(when, "kind", FORM_CHOICE, "daily, rule");
    if (edit->scope == SCOPE_THIS)
        json_form_fault(form, "scope", FORM_CHOICE, "following, all");
}

/* How it sounds from one on; a single occurrence has no manner of its own. */
static void read_manner(JsonForm *form, const Json *body, Edit *edit, AiringClass class)
{
    edit->row.manner = broadcast_form_read_manner(form, class);
    edit->row.sets_repeat = !json_is_nothing(json_peek(body, "repeat"));
    edit->row.sets_preempt = !json_is_nothing(json_peek(body, "on_preempt"));
    edit->row.sets_filler = !json_is_nothing(json_peek(body, "filler"));
    if (edit->scope == SCOPE_THIS && sets_manner(&edit->row))
        json_form_fault(form, "scope", FORM_CHOICE, "following, all");
}

static void read_edit(JsonForm *form, const Json *body, Edit *edit, AiringClass class,
                      int64_t now_us)
{
    edit->scope = (Scope)json_form_choice(form, "scope", true, scope_words, SCOPE_THIS);
    edit->recurrence_us = json_form_time(form, "recurrence_id", edit->scope != SCOPE_ALL, 0);
    edit->at_us = json_form_time(form, "at", false, 0);
    edit->cancelled = json_form_bool(form, "cancelled", false, false);
    edit->row.tolerance_s =
        json_form_int(form, "tolerance_s", false, -1, BROADCAST_TOLERANCE_MAX_S, -1);
    edit->row.sets_tolerance = edit->row.tolerance_s >= 0;
    double gain_db = json_form_real(form, "gain_db", false, 1);
    edit->row.sets_gain = gain_db <= 0;
    if (gain_db < BROADCAST_GAIN_MIN_MDB / 1000.0 || (gain_db > 0 && gain_db != 1))
        json_form_fault(form, "gain_db", FORM_RANGE, "-60..0");
    else if (edit->row.sets_gain)
        edit->row.gain_mdb = (int)lround(gain_db * 1000);
    edit->row.moves = edit->at_us != 0;
    broadcast_form_read_confirm(form);
    read_manner(form, body, edit, class);
    read_rule(form, body, edit, now_us);
    if (edit->rule && edit->row.moves)
        json_form_fault(form, "at", FORM_CHOICE, "at | when");
    bool nothing = !edit->rule && !edit->row.moves && !edit->row.sets_gain &&
                   !edit->row.sets_tolerance && !sets_manner(&edit->row);
    edit->restored = nothing && !edit->cancelled && !json_is_nothing(json_peek(body, "cancelled"));
    if (edit->restored && edit->scope != SCOPE_THIS)
        json_form_fault(form, "scope", FORM_CHOICE, "this");
    if (nothing != (edit->cancelled || edit->restored))
        json_form_fault(form, edit->cancelled ? "cancelled" : "at", FORM_CHOICE,
                        "cancelled | at, gain_db, tolerance_s, repeat, on_preempt, filler");
}

static const char *judge_at(const Edit *edit, const Rundown *rundown, int64_t now_us,
                            Problem *problem)
{
    int64_t away_us = edit->at_us - edit->row.recurrence_us;
    if (edit->at_us < now_us)
        problem_add(problem, "/at", "Giờ phát đã qua. Hãy chọn giờ sắp tới.",
                    "This start has passed. Choose a later time.");
    else if (away_us > SERIES_SHIFT_MAX_S * SECOND_US || away_us < -SERIES_SHIFT_MAX_S * SECOND_US)
        problem_add(problem, "/at",
                    "Chỉ dời được tối đa 7 ngày so với lịch. Hãy chọn ngày gần hơn.",
                    "A start can be moved by 7 days at most. Choose a nearer day.");
    else if (rundown && rundown_valid_until(rundown) && edit->at_us >= rundown_valid_until(rundown))
        problem_add(problem, "/at",
                    "Giờ phát nằm ngoài thời hạn hiệu lực của bản tin. Hãy đổi giờ hoặc thời hạn.",
                    "This start lies outside the bulletin's validity. Change the time or the "
                    "validity.");
    else
        return NULL;
    return "/at";
}

/* The occurrence an edit is about; false with an entry in `problem`. */
static bool find_occurrence(const Series *series, const Edit *edit, int64_t now_us,
                            SeriesOccurrence *ret_found, Problem *problem)
{
    bool found = edit->scope == SCOPE_ALL
                     ? series_next(series, now_us, ret_found)
                     : series_find(series, edit->recurrence_us, ret_found) &&
                           (ret_found->fate == SERIES_DELETED) == edit->restored;
    if (!found)
        problem_add(problem, "/recurrence_id",
                    "Không có lần phát này trong lịch. Hãy tải lại lịch và chọn lại.",
                    "The series has no such occurrence. Load the schedule again and choose anew.");
    else if (ret_found->start_us < now_us)
        problem_add(problem, "/recurrence_id",
                    "Lần phát này đã bắt đầu hoặc đã qua. Chỉ sửa được các lần sắp tới.",
                    "This one has started or is over. Only those to come can be changed.");
    else
        return true;
    return false;
}

static int64_t wall_distance(const char *zone_name, int64_t from_us, int64_t to_us)
{
    g_autoptr(GTimeZone) zone = recurrence_zone_open(zone_name);
    return recurrence_zone_wall_s(zone, recurrence_floor_s(to_us)) -
           recurrence_zone_wall_s(zone, recurrence_floor_s(from_us));
}

static bool judge_limits(const Broadcast *broadcast, bool restored, Problem *problem)
{
    unsigned rows = broadcast->overrides ? broadcast->overrides->len : 0;
    unsigned exdates = broadcast->exdates ? broadcast->exdates->len : 0;
    if (restored || (rows < SERIES_OVERRIDES_MAX && exdates < SERIES_EXDATES_MAX))
        return true;
    problem_add(problem, "/scope",
                "Lịch này đã có quá nhiều thay đổi riêng lẻ. Hãy tạo lịch phát mới.",
                "This series has too many single changes. Make a new broadcast.");
    return false;
}

/* Zone and holidays that the edit does not name are those of the rule before. */
static void inherit(const Broadcast *broadcast, Edit *edit)
{
    const GPtrArray *parts = broadcast->parts;
    const BroadcastPart *last = NULL;
    for (unsigned i = 0; parts && i < parts->len; i++) {
        const BroadcastPart *part = g_ptr_array_index(parts, i);
        last = part->from_us <= edit->row.recurrence_us ? part : last;
    }
    if (!edit->rule->zone)
        edit->rule->zone = g_strdup(last ? last->zone : broadcast->zone);
    if (edit->sets_holidays)
        return;
    edit->rule->calendar = g_strdup(last ? last->calendar : broadcast->calendar);
    edit->rule->holidays_mode = last ? last->holidays_mode : broadcast->holidays_mode;
}

/* What lies before the change is history: it may be repeated, and nothing be added to it. */
static bool judge_dates(const GArray *dates, const GArray *known, int64_t from_us,
                        const char *pointer, Problem *problem)
{
    for (unsigned i = 0; dates && i < dates->len; i++) {
        int64_t at_us = g_array_index(dates, int64_t, i);
        if (at_us >= from_us || broadcast_has_date(known, at_us))
            continue;
        problem_add(problem, pointer,
                    "Ngày này ở trước lần phát bắt đầu thay đổi. Chỉ sửa được từ lần đó trở đi.",
                    "This date lies before the change begins. Only what follows can be changed.");
        return false;
    }
    return true;
}

/* The new rule has starts to come from the occurrence on, and room beside those there are. */
static bool judge_rule(Database *database, const Broadcast *broadcast, Edit *edit, int64_t now_us,
                       Problem *problem)
{
    g_autoptr(GError) error = NULL;
    Recurrence rule;
    int64_t start_us, from_us = edit->row.recurrence_us;
    inherit(broadcast, edit);
    if (!judge_dates(edit->rule->exdates, broadcast->exdates, from_us, "/when/exdates", problem) ||
        !judge_dates(edit->rule->rdates, broadcast->rdates, from_us, "/when/rdates", problem) ||
        !recurrence_form_judge(database, edit->rule, problem, &error))
        return false;
    rule = broadcast_rule(edit->rule);
    if (!recurrence_next(&rule, MAX(edit->row.recurrence_us, now_us), &start_us))
        problem_add(problem, "/when",
                    "Từ lần phát này trở đi quy tắc mới không có lần phát nào. Hãy sửa lại.",
                    "From this one on the new rule has no start. Correct it.");
    else if (broadcast->parts && broadcast->parts->len >= SERIES_PARTS_MAX)
        problem_add(problem, "/when",
                    "Lịch này đã đổi quy tắc quá nhiều lần. Hãy tạo lịch phát mới.",
                    "The rule of this series has changed too often. Make a new broadcast.");
    else
        return true;
    return false;
}

/* Fills edit->row; NULL when all is well. */
static Reply *judge(BroadcastApi *self, const Request *request, const Broadcast *broadcast,
                    Edit *edit)
{
    g_autoptr(Problem) problem = problem_new(&problem_invalid);
    Series series = broadcast_series(broadcast);
    SeriesOccurrence found;
    int64_t now_us = request_now_us(request);
    bool ok = judge_limits(broadcast, edit->restored, problem) &&
              find_occurrence(&series, edit, now_us, &found, problem);
    if (!ok)
        return reply_problem_take(g_steal_pointer(&problem));
    int64_t named_us = edit->recurrence_us ? edit->recurrence_us : found.recurrence_us;
    edit->row.recurrence_us = found.recurrence_us;
    edit->row.following = edit->scope != SCOPE_THIS;
    const char *zone = series_part(&series, found.recurrence_us).rule.zone;
    edit->row.shift_s = wall_distance(zone, named_us, edit->at_us);
    /* "All" may name any occurrence: the next one moves as far as that one would. */
    if (edit->row.moves && edit->scope == SCOPE_ALL)
        edit->at_us = series_shift(zone, found.recurrence_us, edit->row.shift_s);
    edit->row.start_us = edit->at_us;
    if (edit->rule && !judge_rule(self->database, broadcast, edit, now_us, problem))
        return reply_problem_take(g_steal_pointer(&problem));
    g_autoptr(Rundown) rundown = rundown_load(self->database, broadcast, NULL);
    if (edit->row.moves && judge_at(edit, rundown, now_us, problem))
        return reply_problem_take(g_steal_pointer(&problem));
    return NULL;
}

static bool write_rule(Database *database, const char *broadcast, const Edit *edit, GError **error)
{
    int64_t from_us = edit->row.recurrence_us;
    return series_store_part(database, broadcast, from_us, edit->rule, error) &&
           (!edit->sets_exdates ||
            series_store_dates(database, broadcast, true, from_us, edit->rule->exdates, error)) &&
           (!edit->sets_rdates ||
            series_store_dates(database, broadcast, false, from_us, edit->rule->rdates, error));
}

static bool write_edit(BroadcastApi *self, const Request *request, const Broadcast *broadcast,
                       const Edit *edit, GError **error)
{
    const SeriesOverride *row = &edit->row;
    if (edit->cancelled && row->following)
        return series_store_end(self->database, broadcast->id, row->recurrence_us, error);
    if (edit->cancelled)
        return series_store_except(self->database, broadcast->id, row->recurrence_us, error);
    if (edit->restored)
        return series_store_restore(self->database, broadcast->id, row->recurrence_us, error);
    SeriesOverride plain = *row;
    if (edit->rule) { /* what earlier ones were moved by does not move the new starts */
        plain.moves = true;
        plain.shift_s = 0;
        if (!write_rule(self->database, broadcast->id, edit, error))
            return false;
    }
    return series_store_override(self->database, broadcast->id, &plain, access_user(request)->id,
                                 request_now_us(request), error);
}

/* The series as the edit would leave it: written, read back and undone. */
static Broadcast *try_edit(BroadcastApi *self, const Request *request, const Broadcast *broadcast,
                           const Edit *edit, GError **error)
{
    if (!database_trial_begin(self->database, error))
        return NULL;
    Broadcast *tried = write_edit(self, request, broadcast, edit, error)
                           ? broadcast_store_get(self->database, broadcast->id, error)
                           : NULL;
    database_trial_end(self->database);
    return tried;
}

static bool save_edit(BroadcastApi *self, Request *request, const Broadcast *broadcast,
                      const Edit *edit, const Losses *losses, GError **error)
{
    if (!database_begin(self->database, error))
        return false;
    if (write_edit(self, request, broadcast, edit, error) &&
        broadcast_losses_note(self, request, broadcast, losses, error) &&
        broadcast_api_finish(self, request, "broadcast.change", broadcast, error))
        return database_commit(self->database, error);
    database_rollback(self->database);
    return false;
}

static Reply *save_and_answer(BroadcastApi *self, Request *request, const Broadcast *broadcast,
                              const Edit *edit, const Losses *losses)
{
    g_autoptr(GError) error = NULL;
    if (!save_edit(self, request, broadcast, edit, losses, &error))
        return reply_error(error);
    g_autoptr(Broadcast) now = broadcast_store_get(self->database, broadcast->id, &error);
    if (!now)
        return error ? reply_error(error) : reply_problem(&problem_not_found);
    return reply_json_take(200, broadcast_api_json(self->database, now, request_now_us(request)));
}

static Reply *settle_edit(BroadcastApi *self, Request *request, const Minutes *minutes, void *user)
{
    const Losses *losses = minutes_losses(minutes, 0);
    const char *confirmed = json_peek_text(request_json(request), "confirm");
    Reply *refusal = broadcast_api_refusal(self, request, minutes, 0);
    if (!refusal)
        refusal = losses_view_refusal(losses, self->database, confirmed);
    return refusal ? refusal
                   : save_and_answer(self, request, minutes_broadcast(minutes, 0), user, losses);
}

/* What moves, or meets others otherwise, is judged like an order, as far as the edit goes. */
static Reply *judge_and_save(BroadcastApi *self, Request *request, const Broadcast *broadcast,
                             Edit *take_edit)
{
    g_autoptr(Edit) edit = take_edit;
    if (!edit->row.moves && !edit->rule && !edit->restored && !edit->row.sets_tolerance &&
        !sets_manner(&edit->row))
        return save_and_answer(self, request, broadcast, edit, NULL);
    g_autoptr(GError) error = NULL;
    Broadcast *tried = try_edit(self, request, broadcast, edit, &error);
    if (!tried)
        return error ? reply_error(error) : reply_problem(&problem_not_found);
    int64_t id_us = edit->row.recurrence_us;
    CheckPolicyOrder how = {.only = {.now_us = request_now_us(request),
                                     .from_recurrence_us = id_us,
                                     .until_recurrence_us = edit->row.following ? 0 : id_us + 1},
                            .replaces = true};
    g_autoptr(Minutes) minutes = minutes_new(request_now_us(request));
    Reply *refusal = check_policy_add(minutes, self->database, tried, access_user(request), &how);
    return refusal ? refusal
                   : broadcast_api_judge(self, request, g_steal_pointer(&minutes), settle_edit,
                                         g_steal_pointer(&edit), (GDestroyNotify)edit_free);
}

static Reply *patch(void *room, Request *request)
{
    BroadcastApi *self = room;
    Reply *refusal = NULL;
    g_autoptr(Broadcast) broadcast = broadcast_api_find(self, request, VERB_SCHEDULE, &refusal);
    if (!broadcast)
        return refusal;
    g_autoptr(JsonForm) form = json_form_new(request_json(request), "");
    g_autoptr(Edit) edit = g_new0(Edit, 1);
    read_edit(form, request_json(request), edit, broadcast->class, request_now_us(request));
    if (!json_form_ok(form, true))
        return reply_problem_take(problem_from_form(form));
    if ((refusal = judge(self, request, broadcast, edit)))
        return refusal;
    return judge_and_save(self, request, broadcast, g_steal_pointer(&edit));
}

Reply *series_api_patch(void *room, Request *request)
{
    BroadcastApi *self = room;
    return broadcast_turns_take(self->turns, request, patch);
}
