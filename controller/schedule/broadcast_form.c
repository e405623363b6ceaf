/* An order for a broadcast, judged before anything is written.
 *
 * First the shape (types, ranges, words), then the right to schedule in that area, then what only
 * the database can tell: the bulletin and its validity, the targets and whether they lie below the
 * issuer. All mistakes of one step come back together, each with the pointer of the member it is
 * about. */
#include "schedule/broadcast_form.h"

#include <math.h>

#include "content/bulletin_store.h"
#include "registry/area_store.h"
#include "registry/station_store.h"
#include "schedule/broadcast_store.h"
#include "schedule/programme_store.h"
#include "schedule/recurrence_check.h"
#include "schedule/recurrence_form.h"
#include "schedule/rundown.h"

#define ID_MAX            64
#define YEAR_US           (INT64_C(366) * 86400 * G_USEC_PER_SEC)
#define CLASS_WORDS_SAVED 2 /* normal, priority; emergencies have a life of their own */

static const char *const class_choices[] = {"normal", "priority", NULL};
G_STATIC_ASSERT(G_N_ELEMENTS(class_choices) == CLASS_WORDS_SAVED + 1);

typedef struct Judge {
    Database *database;
    int64_t now_us;
    Problem *problem;
    bool wrong;
    GError *error; /* the database failed: nothing else counts */
} Judge;

static void fault(Judge *judge, const char *pointer, const char *vi, const char *en)
{
    problem_add(judge->problem, pointer, vi, en);
    judge->wrong = true;
}

/* "Now" means a whole second, so that the instant people are shown is the instant that is planned.
 */
static int64_t whole_second(int64_t us)
{
    return (us + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC * G_USEC_PER_SEC;
}

void broadcast_form_read_when(JsonForm *when, Broadcast *broadcast, int64_t now_us)
{
    broadcast->kind =
        (BroadcastKind)json_form_choice(when, "kind", true, broadcast_kind_words, BROADCAST_NOW);
    const char *day = json_form_text(when, "until", false, 10, 10);
    if (day && (!broadcast_repeats(broadcast) || !recurrence_date_valid(day)))
        json_form_fault(when, "until", FORM_FORMAT, NULL);
    else
        broadcast->until = g_strdup(day);
    if (broadcast->kind == BROADCAST_RULE) {
        recurrence_form_read(when, broadcast);
        return;
    }
    bool now = broadcast->kind == BROADCAST_NOW;
    int64_t at_us = json_form_time(when, "at", !now, now_us);
    if (broadcast->kind == BROADCAST_DAILY)
        recurrence_form_read_dates(when, broadcast);
    broadcast->start_us = now ? whole_second(now_us + BROADCAST_NOW_DELAY_US) : at_us;
}

static void read_targets(JsonForm *form, Broadcast *broadcast)
{
    const Json *targets = json_form_array(form, "targets", true, BROADCAST_MAX_TARGETS);
    for (size_t i = 0; targets && i < json_length(targets); i++) {
        JsonForm *one = json_form_element(form, "targets", i);
        int kind = json_form_choice(one, "kind", true, target_kind_words, TARGET_AREA);
        const char *id = json_form_text(one, "id", true, 1, ID_MAX);
        bool exclude = json_form_bool(one, "exclude", false, false);
        broadcast_add_target(broadcast, (TargetKind)kind, id ? id : "", exclude);
    }
}

static int read_gain_mdb(JsonForm *form)
{
    double gain_db = json_form_real(form, "gain_db", false, 0);
    if (!(gain_db >= BROADCAST_GAIN_MIN_MDB / 1000.0 && gain_db <= 0)) {
        json_form_fault(form, "gain_db", FORM_RANGE, "-60..0");
        return 0;
    }
    return (int)lround(gain_db * 1000);
}

/* One of the two. */
static void read_content(JsonForm *form, Broadcast *broadcast)
{
    broadcast->bulletin = g_strdup(json_form_text(form, "bulletin", false, 1, ID_MAX));
    broadcast->programme = g_strdup(json_form_text(form, "programme", false, 1, ID_MAX));
    if (!broadcast->bulletin && !broadcast->programme)
        json_form_fault(form, "bulletin", FORM_MISSING, NULL);
    else if (broadcast->bulletin && broadcast->programme)
        json_form_fault(form, "programme", FORM_CHOICE, "bulletin, programme");
}

SeriesManner broadcast_form_read_manner(JsonForm *form, AiringClass class)
{
    SeriesManner manner = {0};
    JsonForm *repeat = json_form_child(form, "repeat", false);
    manner.repeats =
        (unsigned)json_form_int(repeat, "count", repeat != NULL, 1, BROADCAST_REPEATS_MAX, 1);
    manner.gap_s = json_form_int(repeat, "gap_s", false, 0, BROADCAST_GAP_MAX_S, 0);
    manner.on_preempt =
        (OnPreempt)json_form_choice(form, "on_preempt", false, on_preempt_words, PREEMPT_RESUME);
    manner.filler = json_form_bool(form, "filler", false, false);
    if (manner.filler && class == CLASS_PRIORITY)
        json_form_fault(form, "filler", FORM_CHOICE, "class normal");
    return manner;
}

static void read_manner(JsonForm *form, Broadcast *broadcast)
{
    SeriesManner manner = broadcast_form_read_manner(form, broadcast->class);
    broadcast->repeats = manner.repeats;
    broadcast->gap_s = manner.gap_s;
    broadcast->on_preempt = manner.on_preempt;
    broadcast->filler = manner.filler;
}

const char *broadcast_form_read_confirm(JsonForm *form)
{
    return json_form_text(form, "confirm", false, 1, ID_MAX);
}

static Broadcast *read_shape(JsonForm *form, const User *user, int64_t now_us)
{
    Broadcast *broadcast = broadcast_new();
    read_content(form, broadcast);
    broadcast->area = g_strdup(json_form_text(form, "area", true, 1, ID_MAX));
    broadcast->class =
        (AiringClass)json_form_choice(form, "class", false, class_choices, CLASS_NORMAL);
    broadcast->tolerance_s =
        json_form_int(form, "tolerance_s", false, 0, BROADCAST_TOLERANCE_MAX_S,
                      broadcast->class == CLASS_PRIORITY ? BROADCAST_TOLERANCE_PRIORITY_S
                                                         : BROADCAST_TOLERANCE_DEFAULT_S);
    broadcast->gain_mdb = read_gain_mdb(form);
    read_manner(form, broadcast);
    broadcast_form_read_when(json_form_child(form, "when", true), broadcast, now_us);
    read_targets(form, broadcast);
    broadcast->leave_out_refusing = json_form_bool(form, "leave_out_refusing", false, false);
    broadcast_form_read_confirm(form);
    broadcast->created_by = g_strdup(user->id);
    broadcast->created_by_name = g_strdup(user->name);
    broadcast->created_us = now_us;
    return broadcast;
}

/* Where a target stands: the area, that of the station, or the one that made the group. */
static char *area_of(Judge *judge, const BroadcastTarget *target)
{
    if (target->kind == TARGET_GROUP)
        return group_store_area(judge->database, target->id);
    if (target->kind == TARGET_AREA) {
        g_autoptr(Area) area = area_store_get(judge->database, target->id, &judge->error);
        return area ? g_steal_pointer(&area->id) : NULL;
    }
    g_autoptr(Station) station = station_store_get(judge->database, target->id, &judge->error);
    return station && !station->retired_us ? g_steal_pointer(&station->area) : NULL;
}

static void judge_target(Judge *judge, const Broadcast *broadcast, unsigned index)
{
    const BroadcastTarget *target = g_ptr_array_index(broadcast->targets, index);
    g_autofree char *pointer = g_strdup_printf("/targets/%u/id", index);
    g_autofree char *area = area_of(judge, target);
    if (judge->error)
        return;
    if (!area)
        fault(judge, pointer, "Không có đơn vị, nhóm hoặc trạm loa này. Hãy chọn lại nơi phát.",
              "There is no such area, group or station. Choose the target again.");
    else if (!area_store_within(judge->database, area, broadcast->area))
        fault(judge, pointer,
              "Nơi phát này không thuộc đơn vị hẹn phát. Hãy chọn nơi phát trong đơn vị của mình, "
              "hoặc lập nhóm liên xã và chờ đơn vị kia đồng ý.",
              "This target does not lie in the area that issues the broadcast. Choose one inside "
              "it, or make a group and wait for the other area to accept.");
}

static void judge_targets(Judge *judge, Broadcast *broadcast)
{
    bool included = false;
    for (unsigned i = 0; i < broadcast->targets->len && !judge->error; i++) {
        const BroadcastTarget *target = g_ptr_array_index(broadcast->targets, i);
        included = included || !target->exclude;
        judge_target(judge, broadcast, i);
    }
    if (!judge->error && !broadcast_store_read_groups(judge->database, broadcast, &judge->error))
        return;
    if (!included)
        fault(judge, "/targets", "Chưa chọn nơi phát. Hãy chọn ít nhất một đơn vị hoặc trạm loa.",
              "No target is chosen. Choose at least one area or station.");
}

static void judge_bulletin(Judge *judge, const Broadcast *broadcast, const Bulletin *bulletin)
{
    if (!area_store_within(judge->database, broadcast->area, bulletin->area))
        fault(judge, "/bulletin",
              "Bản tin này chỉ dùng cho đơn vị đã soạn và các cấp dưới. Hãy soạn bản tin ở cấp hẹn "
              "phát.",
              "This bulletin is for the area that made it and those below. Make one at the level "
              "that schedules it.");
    if (bulletin->state == BULLETIN_WITHDRAWN)
        fault(judge, "/bulletin", "Bản tin đã bị thu hồi. Hãy chọn bản tin khác.",
              "The bulletin was withdrawn. Choose another one.");
    if (bulletin->audio == BULLETIN_AUDIO_FAILED || bulletin->audio == BULLETIN_AUDIO_NONE)
        fault(judge, "/bulletin", "Bản tin chưa có âm thanh dùng được. Hãy gửi lại âm thanh.",
              "The bulletin has no usable audio. Upload its audio again.");
}

static bool has_end(const Broadcast *broadcast)
{
    return broadcast->until || (broadcast->rrule && recurrence_check_ends(broadcast->rrule));
}

/* True when some start lies at or after an instant. */
static bool starts_after(const Broadcast *broadcast, int64_t at_us)
{
    Series series = broadcast_series(broadcast);
    SeriesOccurrence unused;
    return series_next(&series, at_us, &unused);
}

static void judge_when(Judge *judge, Broadcast *broadcast, const Rundown *rundown)
{
    if (!recurrence_form_judge(judge->database, broadcast, judge->problem, &judge->error)) {
        judge->wrong = true;
        return;
    }
    int64_t start_us = broadcast->start_us;
    const char *at = broadcast->kind == BROADCAST_NOW ? "/when/kind" : "/when/at";
    if (start_us < judge->now_us)
        fault(judge, at, "Giờ phát đã qua. Hãy chọn giờ sắp tới, hoặc “Phát ngay”.",
              "This start has passed. Choose a later time, or “Play now”.");
    if (start_us > judge->now_us + YEAR_US)
        fault(judge, at, "Giờ phát xa hơn một năm. Hãy chọn ngày gần hơn.",
              "This start is more than a year away. Choose a nearer day.");
    if (!starts_after(broadcast, start_us))
        fault(judge, "/when/until", "Ngày kết thúc ở trước lần phát đầu. Hãy sửa lại ngày.",
              "The last day lies before the first start. Correct the day.");
    if (!rundown)
        return;
    int64_t valid_until_us = rundown_valid_until(rundown);
    bool too_early = start_us < rundown_valid_from(rundown);
    bool too_late = valid_until_us && start_us >= valid_until_us;
    if (too_early || too_late)
        fault(judge, at,
              "Giờ phát nằm ngoài thời hạn hiệu lực của bản tin. Hãy đổi giờ hoặc thời hạn.",
              "This start lies outside the bulletin's validity. Change the time or the validity.");
    else if (valid_until_us && has_end(broadcast) && starts_after(broadcast, valid_until_us))
        fault(judge, "/when/until",
              "Ngày kết thúc nằm sau thời hạn hiệu lực của bản tin. Hãy chọn ngày sớm hơn.",
              "The last day lies beyond the bulletin's validity. Choose an earlier day.");
}

/* True when the person may see what belongs to `area`, or it comes from above the issuer. */
static bool is_known(Judge *judge, const Broadcast *broadcast, const User *user, const char *area)
{
    return access_allows(judge->database, user, VERB_VIEW, area) ||
           area_store_within(judge->database, broadcast->area, area);
}

static bool judge_single(Judge *judge, const Broadcast *broadcast, const User *user)
{
    g_autoptr(Bulletin) bulletin =
        bulletin_store_get(judge->database, broadcast->bulletin, &judge->error);
    if (judge->error)
        return false;
    bool known = bulletin && is_known(judge, broadcast, user, bulletin->area);
    if (!known)
        fault(judge, "/bulletin", "Không có bản tin này. Hãy chọn lại bản tin.",
              "There is no such bulletin. Choose it again.");
    else
        judge_bulletin(judge, broadcast, bulletin);
    return known;
}

static bool judge_programme(Judge *judge, const Broadcast *broadcast, const User *user)
{
    g_autoptr(Programme) programme =
        programme_store_get(judge->database, broadcast->programme, &judge->error);
    if (judge->error)
        return false;
    bool known =
        programme && !programme->deleted_us && is_known(judge, broadcast, user, programme->area);
    if (!known)
        fault(judge, "/programme", "Không có chương trình này. Hãy chọn lại.",
              "There is no such programme. Choose it again.");
    else if (!area_store_within(judge->database, broadcast->area, programme->area))
        fault(judge, "/programme",
              "Chương trình này chỉ dùng cho đơn vị đã lập và các cấp dưới. Hãy lập chương trình ở "
              "cấp hẹn phát.",
              "This programme is for the area that made it and those below. Make one at the level "
              "that schedules it.");
    return known;
}

static void judge_all(Judge *judge, Broadcast *broadcast, const User *user)
{
    bool known = broadcast->programme ? judge_programme(judge, broadcast, user)
                                      : judge_single(judge, broadcast, user);
    if (judge->error)
        return;
    g_autoptr(Rundown) rundown =
        known ? rundown_load(judge->database, broadcast, &judge->error) : NULL;
    if (rundown && broadcast->programme && !rundown_is_alive(rundown))
        fault(judge, "/programme",
              "Chương trình không còn bản tin nào phát được. Hãy thêm bản tin vào chương trình.",
              "The programme has no bulletin left that can air. Add one to it.");
    judge_when(judge, broadcast, rundown);
    judge_targets(judge, broadcast);
}

Broadcast *broadcast_form_read(Database *database, Request *request, Reply **ret_refusal)
{
    return broadcast_form_judge(database, request, request_json(request), ret_refusal);
}

Broadcast *broadcast_form_judge(Database *database, Request *request, const Json *order,
                                Reply **ret_refusal)
{
    const User *user = access_user(request);
    g_autoptr(JsonForm) form = json_form_new(order, "");
    g_autoptr(Broadcast) broadcast = read_shape(form, user, request_now_us(request));
    if (!json_form_ok(form, true)) {
        *ret_refusal = reply_problem_take(problem_from_form(form));
        return NULL;
    }
    *ret_refusal = access_check(database, request, VERB_SCHEDULE, broadcast->area);
    if (*ret_refusal)
        return NULL;
    Judge judge = {.database = database,
                   .now_us = request_now_us(request),
                   .problem = problem_new(&problem_invalid)};
    g_autoptr(Area) area = area_store_get(database, broadcast->area, &judge.error);
    if (area) {
        if (!broadcast->zone)
            broadcast->zone = g_strdup(area->zone);
        judge_all(&judge, broadcast, user);
    }
    if (!judge.error && !judge.wrong) {
        problem_free(judge.problem);
        return g_steal_pointer(&broadcast);
    }
    *ret_refusal = judge.error ? reply_error(judge.error) : reply_problem_take(judge.problem);
    if (judge.error)
        problem_free(judge.problem);
    g_clear_error(&judge.error);
    return NULL;
}
