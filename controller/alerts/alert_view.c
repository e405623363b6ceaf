/* An alert as people see it: what was ordered, and how far it got.
 *
 * A station counts as sounding from the moment its health says so and as heard once its receipt
 * says that sound left the card; both are its own word. One that is cut off while its alert repeats
 * goes on alone until the alert expires, and is named. */
#include "alerts/alerts_parts.h"
#include "base/clock.h"
#include "schedule/airing_store_play.h"

#include <string.h>

#define CUT_OFF_MAX 100 /* named; the rest is counted */

typedef struct Tally {
    int64_t stations, sounded, sounding, failed, waiting, offline, cut_off;
    Json *named; /* those cut off */
} Tally;

static void set_time(Json *object, const char *key, int64_t us)
{
    g_autofree char *text = us ? clock_format_utc(us) : NULL;
    json_set_text(object, key, text);
}

static const char *state_of(const Alert *alert, int64_t now_us)
{
    if (alert->cancelled_us)
        return "cancelled";
    return alert->expires_us <= now_us ? "expired" : "active";
}

/* True when the station says that it plays this very airing, now or when somebody looked before. */
static bool is_heard(Alerts *self, const AiringPlayed *played, const HealthView *health,
                     bool *ret_now)
{
    const char *playing =
        g_str_equal(health->state, "online") ? json_peek_text(health->facts, "now_playing") : NULL;
    *ret_now = g_strcmp0(playing, played->id) == 0;
    if (*ret_now)
        g_hash_table_add(self->heard, g_strdup(played->id));
    return *ret_now || g_hash_table_contains(self->heard, played->id);
}

static void name_cut_off(Alerts *self, Tally *tally, const char *id, const HealthView *health)
{
    tally->cut_off++;
    if (!tally->named || json_length(tally->named) >= CUT_OFF_MAX)
        return;
    g_autoptr(Station) station = station_store_get(self->parts.database, id, NULL);
    Json *one = json_new_object();
    json_set_text(one, "station", id);
    json_set_text(one, "name", station ? station->name : id);
    set_time(one, "last_contact", health->last_us);
    json_append_take(tally->named, one);
}

static void count_one(Alerts *self, const Alert *alert, const AiringPlayed *played, bool active,
                      Tally *tally)
{
    HealthView health;
    bool now = false;
    health_view(self->parts.fleet->health, played->station, &health);
    bool offline = !g_str_equal(health.state, "online");
    bool heard = is_heard(self, played, &health, &now);
    bool sounded =
        g_str_equal(played->outcome, "played") || g_str_equal(played->outcome, "partial");
    bool failed = g_str_equal(played->outcome, "missed");
    tally->sounded += sounded || (heard && !failed);
    tally->sounding += now;
    tally->failed += failed;
    if (!sounded && !heard && !failed)
        tally->waiting += !*played->outcome;
    tally->offline += offline;
    if (offline && active && alert->every_us && (sounded || heard))
        name_cut_off(self, tally, played->station, &health);
}

static Tally tally_of(Alerts *self, const Alert *alert, bool whole, int64_t now_us)
{
    Tally tally = {.stations = alert->stations, .named = whole ? json_new_array() : NULL};
    bool active = g_str_equal(state_of(alert, now_us), "active");
    g_autoptr(GPtrArray) plays =
        airing_store_first_plays(self->parts.database, alert->id, alert->issued_us, NULL);
    for (unsigned i = 0; plays && i < plays->len; i++)
        count_one(self, alert, plays->pdata[i], active, &tally);
    return tally;
}

static Json *tally_json(Tally *tally, int64_t plays)
{
    Json *json = json_new_object();
    json_set_int(json, "stations", tally->stations);
    json_set_int(json, "sounded", tally->sounded);
    json_set_int(json, "sounding", tally->sounding);
    json_set_int(json, "failed", tally->failed);
    json_set_int(json, "waiting", tally->waiting);
    json_set_int(json, "offline", tally->offline);
    json_set_int(json, "cut_off", tally->cut_off);
    json_set_int(json, "plays", plays);
    return json;
}

static void add_rights(Alerts *self, const Alert *alert, const Request *request, Json *json)
{
    const User *user = access_user(request);
    Database *database = self->parts.database;
    bool active = g_str_equal(state_of(alert, request_now_us(request)), "active");
    bool may_review = !*alert->verdict && !g_str_equal(alert->author, user->id) &&
                      access_allows(database, user, VERB_APPROVE_CONTENT, alert->area);
    json_set_bool(json, "may_cancel",
                  active && access_allows(database, user, VERB_ALERT, alert->area));
    json_set_bool(json, "may_review", may_review);
}

static Json *review_json(const Alert *alert)
{
    if (!*alert->verdict)
        return NULL;
    Json *json = json_new_object();
    json_set_text(json, "verdict", alert->verdict);
    json_set_text(json, "reason", alert->review_reason);
    json_set_text(json, "by", alert->reviewed_by);
    set_time(json, "at", alert->reviewed_us);
    return json;
}

static void set_optional(Json *json, const char *key, const char *text)
{
    json_set_text(json, key, text && *text ? text : NULL);
}

static void add_order(Alerts *self, const Alert *alert, Json *json)
{
    g_autoptr(Area) area = area_store_get(self->parts.database, alert->area, NULL);
    json_set_text(json, "id", alert->id);
    json_set_text(json, "area", alert->area);
    json_set_text(json, "area_name", area ? area->name : NULL);
    json_set_text(json, "clip", alert->clip);
    json_set_text(json, "bulletin", alert->bulletin);
    json_set_text(json, "title", alert->title);
    json_set_take(json, "targets", json_parse(alert->targets, strlen(alert->targets), NULL));
    json_set_int(json, "severity", alert->severity);
    json_set_bool(json, "drill", alert->drill);
    json_set_int(json, "every_minutes", alert->every_us / G_USEC_PER_SEC / 60);
    json_set_int(json, "duration_ms", alert->duration_ms);
    set_time(json, "issued_at", alert->issued_us);
    set_time(json, "expires_at", alert->expires_us);
    json_set_text(json, "author_name", alert->author_name);
    set_optional(json, "reason", alert->reason);
    set_optional(json, "corrects", alert->corrects);
    set_time(json, "cancelled_at", alert->cancelled_us);
    set_optional(json, "cancelled_by", alert->cancelled_by);
    set_optional(json, "cancel_reason", alert->cancel_reason);
}

Json *alert_view(Alerts *self, const Alert *alert, const Request *request, bool whole)
{
    int64_t now_us = request_now_us(request);
    Json *json = json_new_object();
    add_order(self, alert, json);
    json_set_text(json, "state", state_of(alert, now_us));
    Json *review = review_json(alert);
    if (review)
        json_set_take(json, "review", review);
    else
        json_set_null(json, "review");
    add_rights(self, alert, request, json);
    Tally tally = tally_of(self, alert, whole, now_us);
    int64_t plays =
        airing_store_count_sounded(self->parts.database, alert->id, alert->issued_us, NULL);
    json_set_take(json, "progress", tally_json(&tally, plays));
    if (tally.named)
        json_set_take(json, "cut_off", tally.named);
    return json;
}
