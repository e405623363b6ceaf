/* A browser draws the map by itself, so one small answer holds all of it: each station as a point
 * with its state, each area that has one as an outline. Nothing is fetched from anywhere else.
 *
 * Outlines come as a GeoJSON FeatureCollection whose features name their area, by id or by name;
 * like every list they are taken over whole or not at all. */
#include "registry/map_api.h"

#include <math.h>
#include <string.h>

#include "access/action_log_store.h"
#include "registry/area_index.h"
#include "registry/import_report.h"
#include "registry/outline_store.h"
#include "registry/station_store.h"

#define POINTS_MAX   20000 /* of one outline */
#define FEATURES_MAX 12000

/* The map */

static void take_outline(const char *area, const char *name, const char *kind, const char *geometry,
                         void *user)
{
    Json *shape = json_parse(geometry, strlen(geometry), NULL);
    if (!shape)
        return;
    Json *properties = json_new_object(), *feature = json_new_object();
    json_set_text(properties, "id", area);
    json_set_text(properties, "name", name);
    json_set_text(properties, "kind", kind);
    json_set_text(feature, "type", "Feature");
    json_set_take(feature, "properties", properties);
    json_set_take(feature, "geometry", shape);
    json_append_take(user, feature);
}

static Json *outlines_json(Database *database, const char *path, GError **error)
{
    Json *features = json_new_array(), *collection = json_new_object();
    json_set_text(collection, "type", "FeatureCollection");
    json_set_take(collection, "features", features);
    if (outline_store_each(database, path, take_outline, features, error))
        return collection;
    json_drop(collection);
    return NULL;
}

static Json *point_json(const Registry *self, const Station *station, int64_t now_us)
{
    const StationFactsOps *ops = self->facts.ops;
    Json *json = json_new_object();
    json_set_text(json, "id", station->id);
    json_set_text(json, "name", station->name);
    json_set_real(json, "lat", station->latitude);
    json_set_real(json, "lon", station->longitude);
    json_set_text(json, "state", ops ? ops->state(self->facts.self, station->id) : "never");
    json_set_bool(json, "trouble", ops && ops->trouble(self->facts.self, station->id, now_us) > 0);
    return json;
}

Reply *map_api_get(void *room, Request *request)
{
    Registry *self = room;
    g_autoptr(GError) error = NULL;
    const char *id = request_query(request, "area");
    if (!id)
        id = access_home(access_user(request));
    Reply *refusal = access_check(self->database, request, VERB_VIEW, id);
    if (refusal)
        return refusal;
    g_autoptr(Area) area = area_store_get(self->database, id, &error);
    g_autoptr(GPtrArray) stations = area ? station_store_in_area(self->database, id, &error) : NULL;
    Json *outlines = stations ? outlines_json(self->database, area->path, &error) : NULL;
    if (!outlines)
        return error ? reply_error(error) : reply_problem(&problem_not_found);
    Json *points = json_new_array(), *body = json_new_object();
    for (unsigned i = 0; i < stations->len; i++) {
        const Station *station = stations->pdata[i];
        if (!isnan(station->latitude))
            json_append_take(points, point_json(self, station, request_now_us(request)));
    }
    json_set_take(body, "areas", outlines);
    json_set_int(body, "unplaced", (int64_t)(stations->len - json_length(points)));
    json_set_take(body, "stations", points);
    return reply_json_take(200, body);
}

/* Loading outlines */

static const ProblemKind problem_no_collection = {
    "not-geojson", 422,
    "Tệp này không phải GeoJSON FeatureCollection. Hãy xuất lại ranh giới từ phần mềm bản đồ.",
    "This is no GeoJSON FeatureCollection. Export the outlines from the map program again."};
static const ImportWhy why_no_area = {
    "Không có đơn vị này trong phạm vi của bạn (properties.id hoặc properties.name).",
    "There is no such area where you manage areas (properties.id or properties.name)."};
static const ImportWhy why_which_area = {
    "Có nhiều đơn vị cùng tên. Hãy ghi properties.id, hoặc cả cấp trên: “Xã A / Thôn B”.",
    "Several areas have this name. Give properties.id, or the one above as well: “A / B”."};
static const ImportWhy why_shape = {
    "Ranh giới phải là Polygon hoặc MultiPolygon theo kinh độ, vĩ độ (WGS 84), tối đa 20.000 điểm.",
    "An outline is a Polygon or MultiPolygon in longitude, latitude (WGS 84), 20,000 points at "
    "most."};

typedef struct Load {
    Registry *registry;
    const Request *request;
    AreaIndex *areas;
    GPtrArray *ids;   /* borrowed */
    GPtrArray *texts; /* geometries, owned */
    ImportReport *report;
} Load;

static void load_clear(Load *self)
{
    area_index_free(self->areas);
    import_report_free(self->report);
    if (self->ids)
        g_ptr_array_unref(self->ids);
    if (self->texts)
        g_ptr_array_unref(self->texts);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Load, load_clear)

static bool is_position(const Json *value)
{
    double longitude, latitude;
    return json_length(value) >= 2 && json_real_of(json_at(value, 0), &longitude) &&
           json_real_of(json_at(value, 1), &latitude) && fabs(longitude) <= 180 &&
           fabs(latitude) <= 90;
}

/* Arrays of arrays, `depth` deep, then positions. */
static bool is_shape(const Json *value, unsigned depth, unsigned *points)
{
    if (!json_is_array(value) || json_length(value) == 0)
        return false;
    if (depth == 0)
        return ++*points <= POINTS_MAX && is_position(value);
    for (size_t i = 0; i < json_length(value); i++)
        if (!is_shape(json_at(value, i), depth - 1, points))
            return false;
    return true;
}

static bool is_outline(const Json *geometry)
{
    const char *type = json_peek_text(geometry, "type");
    unsigned points = 0;
    unsigned depth = g_strcmp0(type, "Polygon") == 0        ? 2
                     : g_strcmp0(type, "MultiPolygon") == 0 ? 3
                                                            : 0;
    return depth && is_shape(json_peek(geometry, "coordinates"), depth, &points);
}

static char *outline_text(const Json *geometry)
{
    g_autoptr(Json) kept = json_new_object();
    json_set_text(kept, "type", json_peek_text(geometry, "type"));
    json_set_take(kept, "coordinates", json_hold(json_peek(geometry, "coordinates")));
    return json_print(kept, NULL);
}

static void judge(Load *self, unsigned row, const Json *feature)
{
    const Json *properties = json_peek(feature, "properties");
    const char *id = json_peek_text(properties, "id");
    const char *name = json_peek_text(properties, "name");
    const Area *area = NULL;
    AreaIndexAnswer answer = id ? area_index_find(self->areas, id, &area) : AREA_INDEX_NONE;
    if (answer == AREA_INDEX_NONE && name)
        answer = area_index_find(self->areas, name, &area);
    const Json *geometry = json_peek(feature, "geometry");
    const ImportWhy *why = answer == AREA_INDEX_NONE      ? &why_no_area
                           : answer == AREA_INDEX_SEVERAL ? &why_which_area
                           : is_outline(geometry)         ? NULL
                                                          : &why_shape;
    import_report_add(self->report, row, why ? IMPORT_REFUSED : IMPORT_UPDATE, name ? name : id,
                      why);
    if (why)
        return;
    g_ptr_array_add(self->ids, area->id);
    g_ptr_array_add(self->texts, outline_text(geometry));
}

static bool write_all(const Load *self, int64_t now_us, GError **error)
{
    Database *database = self->registry->database;
    for (unsigned i = 0; i < self->ids->len; i++)
        if (!outline_store_put(database, self->ids->pdata[i], self->texts->pdata[i], now_us, error))
            return false;
    g_autofree char *detail = g_strdup_printf("{\"rows\":%u}", self->ids->len);
    Action action = {.user = access_user(self->request)->id,
                     .verb = "area.outlines",
                     .area = access_home(access_user(self->request)),
                     .detail = detail,
                     .remote = request_remote(self->request)};
    return action_log_store_add(database, &action, now_us, error);
}

static bool store(const Load *self, GError **error)
{
    Database *database = self->registry->database;
    if (!database_begin(database, error))
        return false;
    if (write_all(self, request_now_us(self->request), error))
        return database_commit(database, error);
    database_rollback(database);
    return false;
}

Reply *map_api_load(void *room, Request *request)
{
    Registry *registry = room;
    g_autoptr(GError) error = NULL;
    if (!access_anywhere(access_user(request), VERB_MANAGE_AREAS))
        return reply_problem(&problem_forbidden);
    const Json *features = json_peek(request_json(request), "features");
    if (!json_is_array(features) || json_length(features) > FEATURES_MAX)
        return reply_problem(&problem_no_collection);
    g_auto(Load) self = {.registry = registry, .request = request};
    self.areas =
        area_index_new(registry->database, access_user(request), VERB_MANAGE_AREAS, &error);
    if (!self.areas)
        return reply_error(error);
    self.ids = g_ptr_array_new();
    self.texts = g_ptr_array_new_with_free_func(g_free);
    self.report = import_report_new(request_language(request));
    for (size_t i = 0; i < json_length(features); i++)
        judge(&self, (unsigned)i, json_at(features, i));
    bool dry_run = import_report_is_dry(request);
    if (!dry_run && import_report_clean(self.report) && !store(&self, &error))
        return reply_error(error);
    return import_report_reply(self.report, dry_run);
}
