/* Builds the controller in the order of the flow, each room from what stands above it, and takes it
 * down in the reverse order. Where a room must tell one further down (a bulletin was approved, so
 * plans change), the app ties the two together here and neither knows the other. */
#include "app.h"

#include <glib/gstdio.h>
#include <sys/resource.h>

#include "access/session.h"
#include "access/session_store.h"
#include "access/setup_api.h"
#include "base/atomic_file.h"
#include "base/log.h"
#include "content/approval_inbox.h"
#include "fleet/station_auth.h"
#include "ledger/unreported.h"
#include "loop_watch.h"
#include "registry/area_api.h"
#include "registry/group_answer_api.h"
#include "registry/shelf_check_store.h"
#include "routes.h"
#include "schedule/airing_block_store.h"
#include "schedule/broadcast_losses.h"
#include "schedule/recurrence_zone.h"
#include "schedule/refusal_inbox.h"
#include "schedule/refusal_store.h"

#define PEOPLE_CONNECTIONS   1000
#define STATIONS_CONNECTIONS 12000
#define OTHER_FILES          512 /* database, media, uploads, workers, log */
#define SWEEP_S              300

void app_settings_clear(AppSettings *settings)
{
    g_free(settings->people_address);
    g_free(settings->stations_address);
    g_free(settings->data_dir);
    g_free(settings->panel_dir);
    g_free(settings->worker);
}

static char *data_path(const App *self, const char *name)
{
    return g_build_filename(self->settings->data_dir, name, NULL);
}

/* Nothing is lost with it, and a damaged one would make the lists of bulletins fail; but
 * emergencies do not wait for a list. */
static void mend_index(Database *database)
{
    g_autoptr(GError) damage = NULL;
    g_autoptr(GError) error = NULL;
    if (shelf_check_store_look(database, &damage))
        return;
    if (shelf_check_store_rebuild(database, &error))
        log_warning("%s: made anew", damage->message);
    else
        log_warning("%s; it cannot be made anew, bulletins may not be found: %s", damage->message,
                    error->message);
}

static bool open_database(App *self, GError **error)
{
    g_autofree char *path = data_path(self, "loa.db");
    if (!atomic_file_make_folders(self->settings->data_dir, 0700, error))
        return false;
    self->database = database_open(path, error);
    if (!self->database)
        return false;
    mend_index(self->database);
    return true;
}

static bool start_access(App *self, GError **error)
{
    g_autoptr(GError) local = NULL;
    self->inbox = inbox_new();
    self->people = g_new0(People, 1);
    self->people->database = self->database;
    self->people->passwords = passwords_new();
    self->people->areas = &area_api_ops;
    self->setup_token = setup_api_prepare(self->database, &local);
    if (local)
        g_propagate_error(error, g_steal_pointer(&local));
    return !error || !*error;
}

static void on_group_changing(const char *group, void *user)
{
    App *self = user;
    if (self->fleet)
        publisher_group_changing(group, self->fleet->publisher);
}

static bool group_in_use(const char *group, int64_t now_us, void *user)
{
    const App *self = user;
    return broadcast_api_names_group(self->database, group, now_us);
}

static void on_area_changed(const char *area, void *user)
{
    App *self = user;
    if (self->fleet)
        publisher_area_changed(area, self->fleet->publisher);
}

static bool start_registry(App *self, GError **error)
{
    (void)error;
    self->panel_events = panel_events_new();
    self->registry = g_new0(Registry, 1);
    self->registry->database = self->database;
    self->registry->events = self->panel_events;
    self->registry->policy_changed = on_area_changed;
    self->registry->user = self;
    self->registry->groups =
        (GroupWatch){.changing = on_group_changing, .in_use = group_in_use, .user = self};
    return true;
}

/* A bulletin or broadcast changed: the fleet plans again. It is built later, so it is looked up. */
static void on_bulletin_changed(const char *bulletin, void *user)
{
    App *self = user;
    if (self->fleet)
        publisher_bulletin_changed(bulletin, self->fleet->publisher);
}

static void on_broadcast_changed(const Broadcast *broadcast, void *user)
{
    App *self = user;
    if (self->fleet)
        publisher_broadcast_changed(broadcast, self->fleet->publisher);
}

/* The schedule knows what it wants of a bulletin. */
static bool on_bulletin_wanted(const char *bulletin, ApprovalScope *ret_wanted, void *user,
                               GError **error)
{
    App *self = user;
    return broadcast_store_wanted(self->database, bulletin, clock_wall_us(clock_system()),
                                  ret_wanted, error);
}

static GPtrArray *on_bulletins_uncovered(const GPtrArray *areas, unsigned limit, void *user,
                                         GError **error)
{
    App *self = user;
    return broadcast_store_uncovered(self->database, areas, clock_wall_us(clock_system()), limit,
                                     error);
}

/* What was heard is the schedule's to say, and so is when a day begins. */
static GPtrArray *on_bulletins_aired(const Area *area, int64_t now_us, void *user, GError **error)
{
    App *self = user;
    return airing_block_store_bulletins(self->database, area->path,
                                        recurrence_day_us(area->zone, now_us, -1),
                                        recurrence_day_us(area->zone, now_us, 0), error);
}

static bool on_wider_refused(const char *bulletin, const ApprovalStep *step, void *user,
                             GError **error)
{
    App *self = user;
    return refusal_store_refuse(self->database, bulletin, step, error);
}

static bool start_content(App *self, GError **error)
{
    g_autofree char *media = data_path(self, "media");
    g_autofree char *uploads = data_path(self, "uploads");
    self->media = media_store_new(media, error);
    if (!self->media)
        return false;
    self->uploads = uploads_new(self->database, uploads, clock_system(), error);
    if (!self->uploads)
        return false;
    IntakeParts intake = {.database = self->database,
                          .media = self->media,
                          .uploads = self->uploads,
                          .events = self->panel_events,
                          .clock = clock_system(),
                          .worker = self->settings->worker};
    self->intake = intake_new(&intake, error);
    if (!self->intake)
        return false;
    BulletinApiParts bulletins = {.database = self->database,
                                  .media = self->media,
                                  .uploads = self->uploads,
                                  .intake = self->intake,
                                  .events = self->panel_events,
                                  .changed = on_bulletin_changed,
                                  .wanted = on_bulletin_wanted,
                                  .uncovered = on_bulletins_uncovered,
                                  .aired = on_bulletins_aired,
                                  .refuse_wider = on_wider_refused,
                                  .changed_user = self};
    self->bulletins = bulletin_api_new(&bulletins);
    inbox_add_source(self->inbox, "approval", approval_inbox_submitted, self->bulletins);
    inbox_add_source(self->inbox, "wider", approval_inbox_wider, self->bulletins);
    inbox_add_source(self->inbox, "acceptance", group_answer_api_inbox, self->registry);
    inbox_add_source(self->inbox, "sent_back", approval_inbox_sent_back, self->bulletins);
    return true;
}

/* The workers lie beside each other. */
static bool start_sources(App *self, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(self->settings->worker);
    g_autofree char *worker = g_build_filename(folder, "loa-listen-worker", NULL);
    g_autofree char *trials_folder = data_path(self, "trials");
    SourceTrials *trials = source_trials_new(worker, trials_folder, clock_system(), error);
    if (!trials)
        return false;
    self->sources = source_api_new(self->database, trials, on_bulletin_changed, self);
    return true;
}

static bool start_schedule(App *self, GError **error)
{
    (void)error;
    self->broadcasts =
        broadcast_api_new(self->database, self->panel_events, on_broadcast_changed, self);
    inbox_add_source(self->inbox, "returned", refusal_inbox, self->broadcasts);
    inbox_add_source(self->inbox, "displaced", broadcast_losses_inbox, self->broadcasts);
    broadcast_api_watch_areas(self->broadcasts, on_area_changed, self);
    return true;
}

static bool start_fleet(App *self, GError **error)
{
    g_autofree char *keys = data_path(self, "keys");
    FleetSettings settings = {.database = self->database,
                              .media = self->media,
                              .events = self->panel_events,
                              .clock = clock_system(),
                              .keys_dir = keys};
    self->fleet = fleet_new(&settings, error);
    if (!self->fleet)
        return false;
    self->registry->facts = (StationFacts){.ops = &fleet_station_facts, .self = self->fleet};
    broadcast_api_ask_stations(self->broadcasts, self->registry->facts);
    source_api_ask_stations(self->sources, self->registry->facts);
    return true;
}

static bool start_alerts(App *self, GError **error)
{
    (void)error;
    self->alerts = alerts_new(&(AlertsParts){.database = self->database,
                                             .fleet = self->fleet,
                                             .intake = self->intake,
                                             .events = self->panel_events});
    inbox_add_source(self->inbox, "review", alert_inbox, self->alerts);
    return true;
}

static bool start_ledger(App *self, GError **error)
{
    (void)error;
    self->ledger = ledger_new(self->database, self->fleet, self->panel_events);
    return true;
}

static bool start_ops(App *self, GError **error)
{
    (void)error;
    self->ops = g_new0(Ops, 1);
    *self->ops = (Ops){.database = self->database,
                       .people = self->people,
                       .fleet = self->fleet,
                       .data_dir = self->settings->data_dir,
                       .loop_held = loop_watch_read};
    const RetentionParts retention = {.database = self->database,
                                      .media = self->media,
                                      .data_dir = self->settings->data_dir,
                                      .rules = self->settings->retention};
    self->retention = retention_start(&retention);
    return true;
}

/* A batch each sweep: a day of silence in a whole province is through within an hour. */
static void close_silence(App *self, int64_t now_us)
{
    g_autoptr(GError) error = NULL;
    if (unreported_close(self->ledger, now_us, &error) < 0)
        log_warning("airings without a word could not be closed (%s), trying again in %d s",
                    error->message, SWEEP_S);
}

static gboolean on_sweep(void *user)
{
    App *self = user;
    g_autoptr(GError) error = NULL;
    int64_t now_us = clock_wall_us(clock_system());
    if (!idempotency_sweep(self->idempotency, now_us, &error) ||
        !session_store_sweep(self->database, now_us, &error))
        log_warning("old sessions and keys could not be dropped (%s), trying again in %d s",
                    error->message, SWEEP_S);
    uploads_sweep(self->uploads);
    close_silence(self, now_us);
    return G_SOURCE_CONTINUE;
}

/* As many connections as files may be open; the rest of the limit stays for ourselves. */
static unsigned station_connections(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return 200;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    rlim_t kept = PEOPLE_CONNECTIONS + OTHER_FILES;
    rlim_t left = limit.rlim_max > kept ? limit.rlim_max - kept : limit.rlim_max / 2;
    return (unsigned)MIN(left, STATIONS_CONNECTIONS);
}

static bool start_http(App *self, GError **error)
{
    size_t count = 0;
    const Route *table = routes_table(&count);
    self->idempotency = idempotency_new(self->database, session_who);
    self->router = router_new(table, count, self);
    ServerGates gates = {.people = session_gate,
                         .open = session_open_gate,
                         .people_user = self->people,
                         .stations = station_auth_gate,
                         .stations_user = self->fleet->auth,
                         .idempotency = self->idempotency};
    ServerSettings settings = {.people_address = self->settings->people_address,
                               .stations_address = self->settings->stations_address,
                               .people_connections = PEOPLE_CONNECTIONS,
                               .stations_connections = station_connections(),
                               .static_dir = self->settings->panel_dir,
                               .trust_forwarded = self->settings->behind_proxy};
    self->server = server_start(&settings, self->router, &gates, error);
    if (!self->server)
        return false;
    self->ops->server = self->server;
    close_silence(self, clock_wall_us(clock_system()));
    self->sweep_id = g_timeout_add_seconds(SWEEP_S, on_sweep, self);
    return true;
}

static bool (*const steps[])(App *self, GError **error) = {
    open_database, start_access, start_registry, start_content, start_sources, start_schedule,
    start_fleet,   start_alerts, start_ledger,   start_ops,     start_http,
};

App *app_new(const AppSettings *settings, GError **error)
{
    g_autoptr(App) self = g_new0(App, 1);
    self->settings = settings;
    for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
        if (!steps[i](self, error))
            return NULL;
    }
    return g_steal_pointer(&self);
}

static void people_free(People *people)
{
    if (people)
        passwords_free(people->passwords);
    g_free(people);
}

void app_free(App *self)
{
    if (!self)
        return;
    if (self->sweep_id)
        g_source_remove(self->sweep_id);
    people_free(self->people); /* answers what still waits for a password */
    server_stop(self->server);
    router_free(self->router);
    idempotency_free(self->idempotency);
    retention_stop(self->retention);
    g_free(self->ops);
    ledger_free(self->ledger);
    alerts_free(self->alerts);
    fleet_free(self->fleet);
    broadcast_api_free(self->broadcasts);
    source_api_free(self->sources);
    bulletin_api_free(self->bulletins);
    intake_free(self->intake);
    uploads_free(self->uploads);
    media_store_free(self->media);
    g_free(self->registry);
    panel_events_free(self->panel_events);
    inbox_free(self->inbox);
    database_close(self->database);
    g_free(self->setup_token);
    g_free(self);
}
