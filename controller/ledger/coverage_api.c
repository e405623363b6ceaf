/* GET /api/reports/coverage, .csv and .xlsx; PUT /api/reports/coverage/{id}.
 *
 * A commune is covered when a station stands anywhere in it, or an older system does; it is digital
 * when a station of Loa stands there. The shares are held against a province's targets. */
#include "ledger/ledger.h"

#include <math.h>
#include <string.h>

#include "access/access.h"
#include "access/action_log_store.h"
#include "ledger/coverage_store.h"
#include "ledger/report_api.h"
#include "ledger/report_sheet.h"
#include "registry/area_store.h"
#include "schedule/scope.h"

#define TARGET_STATION 0.8 /* share of communes with a station */
#define TARGET_DIGITAL 0.2

/* Kinds of areas that count; the others are above or below them. */
static const char *const commune_kinds[] = {"commune", "ward", NULL};
static const char *const legacy_words[] = {"none", "fm", "wired", NULL};

typedef struct Commune {
    const Area *area; /* borrowed */
    const char *parent_name;
    int64_t stations, online;
} Commune;

typedef struct Coverage {
    Ledger *ledger;
    GPtrArray *areas;       /* Area* of the subtree, parents first */
    GArray *communes;       /* Commune */
    GHashTable *commune_of; /* path -> index + 1 */
    GHashTable *legacy;
} Coverage;

static void coverage_clear(Coverage *self)
{
    if (self->areas)
        g_ptr_array_unref(self->areas);
    if (self->legacy)
        g_hash_table_unref(self->legacy);
    g_array_unref(self->communes);
    g_hash_table_unref(self->commune_of);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Coverage, coverage_clear)

static unsigned above(const Coverage *self, const Area *area)
{
    g_autofree char *path = g_strndup(area->path, strlen(area->path) - strlen(area->id) - 1);
    return GPOINTER_TO_UINT(g_hash_table_lookup(self->commune_of, path));
}

static void sort_areas(Coverage *self)
{
    g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
    for (unsigned i = 0; i < self->areas->len; i++) {
        const Area *area = g_ptr_array_index(self->areas, i);
        unsigned index = above(self, area);
        g_hash_table_insert(names, area->id, area->name);
        if (!index && g_strv_contains(commune_kinds, area->kind)) {
            Commune commune = {.area = area};
            if (area->parent)
                commune.parent_name = g_hash_table_lookup(names, area->parent);
            g_array_append_val(self->communes, commune);
            index = self->communes->len;
        }
        g_hash_table_insert(self->commune_of, g_strdup(area->path), GUINT_TO_POINTER(index));
    }
}

static void take_station(const char *station, const char *area_path, void *user)
{
    Coverage *self = user;
    unsigned index = GPOINTER_TO_UINT(g_hash_table_lookup(self->commune_of, area_path));
    if (!index)
        return;
    Commune *commune = &g_array_index(self->communes, Commune, index - 1);
    HealthView health;
    health_view(self->ledger->fleet->health, station, &health);
    commune->stations++;
    commune->online += g_str_equal(health.state, "online");
}

static Json *commune_json(const Coverage *self, const Commune *commune)
{
    const char *legacy = g_hash_table_lookup(self->legacy, commune->area->id);
    Json *one = json_new_object();
    json_set_text(one, "area", commune->area->id);
    json_set_text(one, "name", commune->area->name);
    json_set_text(one, "kind", commune->area->kind);
    json_set_text(one, "parent_name", commune->parent_name);
    json_set_int(one, "stations", commune->stations);
    json_set_int(one, "online", commune->online);
    json_set_text(one, "legacy", legacy ? legacy : "none");
    json_set_bool(one, "has_station", commune->stations > 0 || legacy);
    json_set_bool(one, "has_digital", commune->stations > 0);
    return one;
}

static Json *share_json(int64_t count, int64_t of, double target)
{
    double share = of ? (double)count / (double)of : (double)NAN;
    Json *one = json_new_object();
    json_set_int(one, "communes", count);
    json_set_real(one, "share", share);
    json_set_real(one, "target", target);
    json_set_bool(one, "is_reached", of && share >= target);
    return one;
}

static Json *coverage_json(const Coverage *self, const Area *area, int64_t now_us)
{
    int64_t covered = 0, digital = 0;
    Json *items = json_new_array();
    for (unsigned i = 0; i < self->communes->len; i++) {
        Json *one = commune_json(self, &g_array_index(self->communes, Commune, i));
        covered += json_peek_bool(one, "has_station", false);
        digital += json_peek_bool(one, "has_digital", false);
        json_append_take(items, one);
    }
    g_autofree char *made = clock_format_utc(now_us);
    Json *of = json_new_object();
    json_set_text(of, "id", area->id);
    json_set_text(of, "name", area->name);
    json_set_text(of, "kind", area->kind);
    json_set_text(of, "zone", area->zone);
    Json *body = json_new_object();
    json_set_take(body, "area", of);
    json_set_text(body, "made_at", made);
    json_set_int(body, "communes", self->communes->len);
    json_set_take(body, "with_station", share_json(covered, self->communes->len, TARGET_STATION));
    json_set_take(body, "with_digital", share_json(digital, self->communes->len, TARGET_DIGITAL));
    json_set_take(body, "items", items);
    return body;
}

static bool read_all(Coverage *self, const char *top, GError **error)
{
    self->areas = area_store_list(self->ledger->database, top, error);
    if (!self->areas)
        return false;
    sort_areas(self);
    self->legacy = coverage_store_legacy(self->ledger->database, error);
    return self->legacy &&
           coverage_store_stations(self->ledger->database, take_station, self, error);
}

static void coverage_init(Coverage *self, Ledger *ledger)
{
    *self = (Coverage){.ledger = ledger};
    self->communes = g_array_new(FALSE, TRUE, sizeof(Commune));
    self->commune_of = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

static Reply *coverage(Ledger *ledger, Request *request, ReportForm form)
{
    Reply *refusal = NULL;
    g_autoptr(Area) area = scope_area(ledger->database, request, &refusal);
    if (!area)
        return refusal;
    g_auto(Coverage) self;
    coverage_init(&self, ledger);
    g_autoptr(GError) error = NULL;
    if (!read_all(&self, area->id, &error))
        return reply_error(error);
    return report_api_reply_take(coverage_json(&self, area, request_now_us(request)), form,
                                 report_sheet_coverage, "loa-coverage", request_language(request));
}

Reply *coverage_api_get(void *ledger, Request *request)
{
    return coverage(ledger, request, REPORT_JSON);
}

Reply *coverage_api_csv(void *ledger, Request *request)
{
    return coverage(ledger, request, REPORT_CSV);
}

Reply *coverage_api_xlsx(void *ledger, Request *request)
{
    return coverage(ledger, request, REPORT_XLSX);
}

static bool save(Ledger *self, const Request *request, const char *area, const char *legacy,
                 GError **error)
{
    const char *user = access_user(request)->id;
    int64_t now_us = request_now_us(request);
    Action action = {.user = user,
                     .verb = "area.legacy",
                     .area = area,
                     .object = area,
                     .remote = request_remote(request)};
    if (!database_begin(self->database, error))
        return false;
    if (coverage_store_set_legacy(self->database, area, legacy, user, now_us, error) &&
        action_log_store_add(self->database, &action, now_us, error))
        return database_commit(self->database, error);
    database_rollback(self->database);
    return false;
}

Reply *coverage_api_put(void *ledger, Request *request)
{
    Ledger *self = ledger;
    const char *id = request_place(request, "id");
    Reply *refusal = access_check(self->database, request, VERB_MANAGE_AREAS, id);
    if (refusal)
        return refusal;
    g_autoptr(JsonForm) form = json_form_new(request_json(request), "");
    int legacy = json_form_choice(form, "legacy", true, legacy_words, 0);
    if (!json_form_ok(form, true))
        return reply_problem_take(problem_from_form(form));
    g_autoptr(GError) error = NULL;
    if (!save(self, request, id, legacy ? legacy_words[legacy] : NULL, &error))
        return reply_error(error);
    Json *body = json_new_object();
    json_set_text(body, "area", id);
    json_set_text(body, "legacy", legacy_words[legacy]);
    return reply_json_take(200, body);
}
