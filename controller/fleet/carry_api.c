/* GET /api/stations/{id}/carry and /carry/{sha256}: what a person takes to a station that no
 * network reaches. The same signed papers that it would fetch, for somebody who manages stations
 * there; a stick needs no secrecy beyond what a plan says. */
#include "fleet/fleet.h"

#include <string.h>

#include "access/access.h"
#include "fleet/plan_store.h"
#include "fleet/root_store.h"

static const ProblemKind no_plan = {"no-plan", 503,
                                    "Lịch của trạm đang được lập. Hãy thử lại sau vài giây.",
                                    "The plan is being made. Try again in a few seconds."};

/* The newest plan of the path's station as its envelope; NULL and the refusal otherwise. */
static Json *read_plan(Fleet *self, const Request *request, Reply **ret_refusal)
{
    Database *database = self->settings.database;
    g_autoptr(GError) error = NULL;
    g_autoptr(Station) station = station_store_get(database, request_place(request, "id"), &error);
    if (!station) {
        *ret_refusal = error ? reply_error(error) : reply_problem(&problem_not_found);
        return NULL;
    }
    *ret_refusal = access_check(database, request, VERB_MANAGE_STATIONS, station->area);
    if (*ret_refusal)
        return NULL;
    g_auto(StoredPlan) plan = {0};
    g_autoptr(GBytes) text = NULL;
    if (plan_store_newest(database, station->id, true, &plan, &error) && plan.gzip)
        text = plan_store_expand(plan.gzip, &error);
    if (!text) {
        *ret_refusal = error ? reply_error(error) : reply_problem(&no_plan);
        return NULL;
    }
    publisher_plan_fetched(self->publisher, station->id, plan.epoch, plan.version);
    size_t length;
    const char *bytes = g_bytes_get_data(text, &length);
    return json_parse(bytes, length, NULL);
}

/* [{"sha256", "bytes", "needed_by_us"}] of a plan's envelope. */
static Json *read_media(const Json *envelope)
{
    g_autoptr(Envelope) opened = envelope_from_json(envelope, NULL);
    size_t length = 0;
    const char *bytes = opened ? g_bytes_get_data(opened->payload, &length) : NULL;
    g_autoptr(Json) plan = bytes ? json_parse(bytes, length, NULL) : NULL;
    Json *media = json_peek(plan, "media");
    return media ? json_hold(media) : json_new_array();
}

static Json *read_roots(Fleet *self)
{
    Json *roots = json_new_array();
    for (int64_t version = 1; version <= self->root->version; version++) {
        g_autofree char *text = root_store_envelope(self->settings.database, version, NULL);
        Json *envelope = text ? json_parse(text, strlen(text), NULL) : NULL;
        if (envelope)
            json_append_take(roots, envelope);
    }
    return roots;
}

Reply *carry_api_get(void *fleet, Request *request)
{
    Fleet *self = fleet;
    Reply *refusal = NULL;
    Json *plan = read_plan(self, request, &refusal);
    if (!plan)
        return refusal;
    Json *body = json_new_object();
    json_set_text(body, "station", request_place(request, "id"));
    json_set_take(body, "roots", read_roots(self));
    json_set_take(body, "media", read_media(plan));
    json_set_take(body, "plan", plan);
    return reply_json_take(200, body);
}

Reply *carry_api_media(void *fleet, Request *request)
{
    Fleet *self = fleet;
    Reply *refusal = NULL;
    const char *sha256 = request_place(request, "sha256");
    g_autoptr(Json) plan = read_plan(self, request, &refusal);
    if (!plan)
        return refusal;
    g_autoptr(Json) media = read_media(plan);
    bool named = false;
    for (size_t i = 0; i < json_length(media); i++)
        named |= g_strcmp0(json_peek_text(json_at(media, i), "sha256"), sha256) == 0;
    g_autofree char *path =
        named && self->settings.media ? media_store_path(self->settings.media, sha256) : NULL;
    return path ? reply_file(path, "audio/ogg; codecs=opus", sha256, true)
                : reply_problem(&problem_not_found);
}
