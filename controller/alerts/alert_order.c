/* Reading and judging the order of an alert.
 *
 * First the shape, then the right, then what only the database can tell: the message is approved,
 * heard to the end and held by the stations that are meant, the places lie below the issuer, and no
 * station gets more alerts in an hour than people can bear. All of it before a row is written. */
#include "alerts/alerts_parts.h"

#include "crypto.h"
#include "fleet/command_sounds.h"

#define ID_MAX          64
#define MINUTE_US       (INT64_C(60) * G_USEC_PER_SEC)
#define EXPIRES_MIN_MIN 5
#define HOUR_US         (60 * MINUTE_US)

static const ProblemKind problem_clip_unready = {
    "clip-not-ready", 409,
    "Tin khẩn này chưa được duyệt hoặc chưa có âm thanh. Hãy chọn tin khẩn khác.",
    "This message is not approved or has no sound yet. Choose another one."};
static const ProblemKind problem_no_drill_words = {
    "drill-words-missing", 409, "Lời báo diễn tập đang được tạo. Hãy thử lại sau một phút.",
    "The words that announce a drill are still being made. Try again in a minute."};
static const ProblemKind problem_nobody = {
    "no-station", 409, "Không có trạm loa nào đang hoạt động ở nơi đã chọn. Hãy chọn nơi khác.",
    "No station in service lies in the chosen places. Choose others."};
static const ProblemKind problem_weary = {
    "too-many-alerts", 429,
    "{count} trạm loa đã nhận {max} cảnh báo trong một giờ qua. Hãy dừng hoặc đính chính cảnh báo "
    "cũ, hoặc chờ thêm.",
    "{count} stations have had {max} alerts within the last hour. Stop or correct an earlier one, "
    "or wait."};
static const ProblemKind problem_not_in_force = {
    "alert-not-in-force", 409, "Cảnh báo cần đính chính đã dừng hoặc hết hạn.",
    "The alert to be corrected has been stopped or has expired."};

void alert_order_clear(AlertOrder *order)
{
    alert_free(order->alert);
    command_free(order->command);
    clip_free(order->clip);
    clip_free(order->drill_words);
    if (order->stations)
        g_ptr_array_unref(order->stations);
    alert_free(order->corrected);
    broadcast_free(order->where);
    *order = (AlertOrder){0};
}

/* ---- shape ---- */

static const char *read_shape(JsonForm *form, Request *request, AlertOrder *order)
{
    Alert *alert = order->alert;
    int64_t now_us = request_now_us(request);
    alert->area = g_strdup(json_form_text(form, "area", true, 1, ID_MAX));
    alert->clip = g_strdup(json_form_text(form, "clip", true, 1, ID_MAX));
    alert->drill = json_form_bool(form, "drill", false, false);
    int64_t every = json_form_int(form, "every_minutes", false, 0, ALERTS_EVERY_MAX_S / 60, 0);
    if (every && alert->drill)
        json_form_fault(form, "every_minutes", FORM_RANGE, "0");
    alert->every_us = every * MINUTE_US;
    int64_t usual = COMMAND_EXPIRES_US / MINUTE_US, most = COMMAND_EXPIRES_MAX / MINUTE_US;
    alert->issued_us = now_us;
    alert->expires_us = now_us + MINUTE_US * json_form_int(form, "expires_minutes", false,
                                                           EXPIRES_MIN_MIN, most, usual);
    alert->reason = g_strdup(json_form_text(form, "reason", false, 0, ALERTS_REASON_MAX));
    order->where = alert_targets_read(form, alert);
    return json_form_text(form, "corrects", false, COMMAND_ID_HEX, COMMAND_ID_HEX);
}

/* ---- what the database knows ---- */

static Reply *judge_clip(Alerts *self, AlertOrder *order, const Area *area)
{
    Database *database = self->parts.database;
    g_autoptr(GError) error = NULL;
    order->clip = clip_store_get(database, order->alert->clip, &error);
    if (error)
        return reply_error(error);
    int64_t now_us = order->alert->issued_us;
    if (!order->clip || order->clip->drill ||
        !area_store_within(database, area->id, order->clip->area))
        return reply_problem(&problem_not_found);
    if (!clip_is_ready(order->clip, now_us))
        return reply_problem(&problem_clip_unready);
    if (!order->alert->drill)
        return NULL;
    order->drill_words = clip_store_drill(database, area->path, &error);
    if (error)
        return reply_error(error);
    bool ready = order->drill_words && clip_is_ready(order->drill_words, now_us);
    return ready ? NULL : reply_problem(&problem_no_drill_words);
}

static Reply *judge_corrected(Alerts *self, AlertOrder *order, const char *id)
{
    if (!id)
        return NULL;
    g_autoptr(GError) error = NULL;
    order->corrected = alert_store_get(self->parts.database, id, &error);
    if (error)
        return reply_error(error);
    const Alert *old = order->corrected;
    if (!old || !area_store_within(self->parts.database, old->area, order->alert->area))
        return reply_problem(&problem_not_found);
    if (old->cancelled_us || old->expires_us <= order->alert->issued_us)
        return reply_problem(&problem_not_in_force);
    order->alert->corrects = g_strdup(id);
    return NULL;
}

static Reply *judge_stations(Alerts *self, AlertOrder *order)
{
    g_autoptr(GError) error = NULL;
    order->stations = command_book_reached(self->parts.fleet->commands, order->command, &error);
    if (!order->stations)
        return reply_error(error);
    if (order->stations->len == 0)
        return reply_problem(&problem_nobody);
    order->alert->stations = order->stations->len;
    if (order->alert->drill)
        return NULL;
    g_autoptr(GHashTable) weary = alert_store_weary(
        self->parts.database, order->alert->issued_us - HOUR_US, ALERTS_PER_HOUR, &error);
    if (!weary)
        return reply_error(error);
    unsigned count = 0;
    for (unsigned i = 0; i < order->stations->len; i++)
        count += g_hash_table_contains(weary, ((Station *)order->stations->pdata[i])->id);
    if (count == 0)
        return NULL;
    Problem *problem = problem_new(&problem_weary);
    g_autofree char *stations = g_strdup_printf("%u", count);
    problem_set(problem, "count", stations);
    problem_set(problem, "max", G_STRINGIFY(ALERTS_PER_HOUR));
    return reply_problem_take(problem);
}

/* ---- the command ---- */

static void add_item(Command *command, const Bulletin *bulletin)
{
    PlanItem *item = plan_item_new();
    item->bulletin = g_strdup(bulletin->id);
    item->bulletin_version = g_strdup(bulletin->version);
    item->sha256 = g_strdup(bulletin->sha256);
    item->frames = bulletin->frames;
    g_ptr_array_add(command->items, item);
}

static int level_of(const Area *area)
{
    int level = -1; /* "/a1/" is the top: level 0 */
    for (const char *at = area->path; *at; at++)
        level += *at == '/';
    return MAX(level - 1, 0);
}

static void fill(Alerts *self, AlertOrder *order, const User *user, const Area *area)
{
    Alert *alert = order->alert;
    Command *command = order->command;
    const Bulletin *bulletin = order->clip->bulletin;
    alert->id = crypto_random_hex(COMMAND_ID_HEX / 2);
    alert->area_path = g_strdup(area->path);
    alert->bulletin = g_strdup(bulletin->id);
    alert->version = g_strdup(bulletin->version);
    alert->title = g_strdup(order->clip->title);
    alert->severity = order->clip->severity;
    alert->author = g_strdup(user->id);
    alert->author_name = g_strdup(user->name);
    alert->duration_ms = bulletin->duration_ms;
    command->id = g_strdup(alert->id);
    command->issued_us = alert->issued_us;
    command->expires_us = alert->expires_us;
    command->author = g_strdup(user->name);
    command->drill = alert->drill;
    command->severity = alert->severity;
    command->level = level_of(area);
    command->every_us = alert->every_us;
    command->title = g_strdup(alert->title);
    command->clip = g_strdup(alert->clip);
    if (order->drill_words) {
        add_item(command, order->drill_words->bulletin);
        alert->duration_ms += order->drill_words->bulletin->duration_ms;
    }
    add_item(command, bulletin);
    command_sounds_add(self->parts.fleet, command, order->stations,
                       MAX(bulletin->updated_us, order->clip->created_us));
}

Reply *alert_order_read(Alerts *self, Request *request, AlertOrder *order)
{
    g_autoptr(JsonForm) form = json_form_new(request_json(request), "");
    g_autoptr(GError) error = NULL;
    order->alert = g_new0(Alert, 1);
    order->command = command_new(COMMAND_ALERT);
    const char *corrects = read_shape(form, request, order);
    if (!json_form_ok(form, true))
        return reply_problem_take(problem_from_form(form));
    Reply *refusal = alerts_check(self, request, order->alert->area);
    if (refusal)
        return refusal;
    g_autoptr(Area) area = area_store_get(self->parts.database, order->alert->area, &error);
    if (!area)
        return error ? reply_error(error) : reply_problem(&problem_not_found);
    order->command->issuer = g_strdup(area->id);
    refusal = alert_targets_resolve(self, order->where, order->command);
    if (!refusal)
        refusal = judge_clip(self, order, area);
    if (!refusal)
        refusal = judge_corrected(self, order, corrects);
    if (!refusal)
        refusal = judge_stations(self, order);
    if (!refusal)
        fill(self, order, access_user(request), area);
    return refusal;
}
