/* The order of a start: directory and lock, key, journal, board (amplifier off), sound, then, for a
 * station that was accepted before, plan and conductor, and last the network. A station that nobody
 * has accepted yet only shows and says its pairing code and asks (pairing.c). */
#include "app.h"

#include "alert/alerts.h"
#include "alert/command_fetch.h"
#include "base/atomic_file.h"
#include "base/log.h"
#include "clock/boot_id.h"
#include "data_lock.h"
#include "health/reporter.h"
#include "link/events.h"
#include "link/root_update.h"
#include "link/time_sync.h"
#include "link/uplink.h"
#include "pairing.h"
#include "plan/plan_fetch.h"
#include "upkeep.h"

#include <glib-unix.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define UPKEEP_S      600 /* floor of the clock, pruning */
#define QUIT_LIMIT_US (INT64_C(3) * G_USEC_PER_SEC)

struct App {
    const Settings *settings;
    StationClock station_clock;
    const Clock *clock; /* that one */
    GMainLoop *loop;
    int lock;
    Key key;
    char *boot_id;
    Trust *trust;
    Refusals *refusals;
    Journal *journal;
    Board *board;
    Audio *audio;
    MediaCache *media;
    Connection *connection;
    TimeSync *time_sync;
    Pairing *pairing;

    Interlock *interlock;
    LostMark *lost;

    Identity *identity; /* from here on: only of an accepted station */
    PlanFile *plan;
    Fetcher *fetcher;
    Conductor *conductor;
    Alerts *alerts;
    CommandFetch *command_fetch;
    RootUpdate *root_update;
    PlanFetch *plan_fetch;
    Events *events;
    Uplink *uplink;
    Reporter *reporter;

    unsigned tick, upkeep, enrolled;
    int64_t quit_by_us; /* boottime; 0 = not asked */
};

static gboolean on_tick(gpointer user);

static char *in_data(const App *self, const char *name)
{
    return g_build_filename(self->settings->data, name, NULL);
}

static void hurry_tick(App *self)
{
    g_clear_handle_id(&self->tick, g_source_remove);
    self->tick = g_idle_add(on_tick, self);
}

/* ---- what the parts tell each other ---- */

static void on_receipt(void *user)
{
    App *self = user;
    if (self->uplink)
        uplink_wake(self->uplink);
    if (self->reporter)
        reporter_hurry(self->reporter);
}

static void on_media_missing(void *user)
{
    App *self = user;
    if (self->fetcher)
        fetcher_wake(self->fetcher);
}

static void on_sound(void *user)
{
    App *self = user;
    if (self->reporter)
        reporter_hurry(self->reporter);
}

static void on_media_ready(const char *sha256, void *user)
{
    App *self = user;
    (void)sha256;
    if (self->alerts)
        alerts_media_ready(self->alerts);
    if (self->reporter)
        reporter_hurry(self->reporter);
}

static void on_plan(void *user)
{
    App *self = user;
    Plan *plan = plan_file_plan(self->plan);
    conductor_set_plan(self->conductor, plan);
    alerts_set_plan(self->alerts, plan);
    fetcher_set_wanted(self->fetcher, plan);
    reporter_hurry(self->reporter);
}

static void on_distrust(void *user)
{
    root_update_wake(((App *)user)->root_update);
}

static void on_root(void *user)
{
    App *self = user;
    plan_fetch_wake(self->plan_fetch);
    time_sync_start(self->time_sync);
}

static void on_wake(void *user)
{
    App *self = user;
    plan_fetch_wake(self->plan_fetch);
    uplink_wake(self->uplink);
    fetcher_wake(self->fetcher);
    reporter_wake(self->reporter);
}

static void on_button(BoardButton button, void *user)
{
    App *self = user;
    if (self->pairing)
        pairing_button(self->pairing);
    if (!self->conductor)
        return;
    if (button != BOARD_BUTTON_STOP) {
        alerts_button(self->alerts, 1 + (unsigned)(button - BOARD_BUTTON_ALERT1));
        hurry_tick(self);
        return;
    }
    conductor_stop_local(self->conductor);
    alerts_stopped(self->alerts);
}

static void on_command(const char *envelope, void *user)
{
    App *self = user;
    alerts_take(self->alerts, envelope, strlen(envelope));
    hurry_tick(self);
}

static void on_commands(void *user)
{
    App *self = user;
    command_fetch_wake(self->command_fetch);
}

/* ---- time ---- */

static bool is_over(App *self)
{
    if (!self->quit_by_us)
        return false;
    bool idle = !self->conductor || conductor_is_idle(self->conductor);
    return idle || clock_boottime_us(self->clock) > self->quit_by_us;
}

static gboolean on_tick(gpointer user)
{
    App *self = user;
    board_feed_watchdog(self->board); /* once a second at least; a hung loop starves it */
    if (self->alerts)
        alerts_tick(self->alerts);
    int64_t wait_us = self->conductor ? conductor_tick(self->conductor) : G_USEC_PER_SEC;
    if (self->quit_by_us)
        wait_us = MIN(wait_us, 20000);
    if (is_over(self))
        g_main_loop_quit(self->loop);
    self->tick = g_timeout_add((unsigned)(wait_us / 1000), on_tick, self);
    return G_SOURCE_REMOVE;
}

static gboolean on_upkeep(gpointer user)
{
    App *self = user;
    upkeep_run(&(UpkeepParts){.clock = self->clock,
                              .trust = self->trust,
                              .refusals = self->refusals,
                              .journal = self->journal});
    return G_SOURCE_CONTINUE;
}

/* ---- an accepted station ---- */

static void open_plan(App *self)
{
    AcceptCode refused;
    self->plan = plan_file_open(self->settings->data, self->identity, &refused);
    if (refused != ACCEPT_OK)
        log_warning("the plan on disk does not hold up (%s); waiting for a new one",
                    accept_words[refused]);
}

static bool open_conductor(App *self, GError **error)
{
    ConductorSettings settings = {
        .clock = self->clock,
        .trust = self->trust,
        .audio = self->audio,
        .board = self->board,
        .journal = self->journal,
        .media = self->media,
        .station = self->identity->station,
        .boot_id = self->boot_id,
        .interlock = self->interlock,
        .lost = self->lost,
        .settle_ms = self->settings->settle_ms,
        .linger_ms = self->settings->linger_ms,
        .on_receipt = on_receipt,
        .on_media_missing = on_media_missing,
        .on_sound = on_sound,
        .user = self,
    };
    self->conductor = conductor_new(&settings, error);
    if (!self->conductor)
        return false;
    g_autofree char *commands = in_data(self, "commands.json");
    self->alerts = alerts_new(&(AlertsParts){
        .clock = self->clock,
        .trust = self->trust,
        .audio = self->audio,
        .media = self->media,
        .conductor = self->conductor,
        .identity = self->identity,
        .refusals = self->refusals,
        .path = commands,
        .on_media_missing = on_media_missing,
        .user = self,
    });
    return true;
}

static void open_link(App *self)
{
    FetcherEvents fetched = {.ready = on_media_ready, .refusals = self->refusals, .user = self};
    self->fetcher = fetcher_new(self->connection, self->media, &fetched);
    self->root_update = root_update_new(&(RootUpdateSettings){.connection = self->connection,
                                                              .identity = self->identity,
                                                              .dir = self->settings->data,
                                                              .refusals = self->refusals,
                                                              .on_root = on_root,
                                                              .user = self});
    self->plan_fetch = plan_fetch_new(&(PlanFetchSettings){
        .connection = self->connection,
        .file = self->plan,
        .refusals = self->refusals,
        .on_plan = on_plan,
        .on_distrust = on_distrust,
        .user = self,
    });
    self->events = events_new(self->connection, on_wake, self);
    self->command_fetch = command_fetch_new(self->connection, on_command, self);
    events_listen(self->events, on_command, on_commands, self);
    self->uplink = uplink_new(self->connection, self->journal);
    self->reporter = reporter_new(self->connection, &(FactsParts){
                                                        .clock = self->clock,
                                                        .trust = self->trust,
                                                        .audio = self->audio,
                                                        .board = self->board,
                                                        .journal = self->journal,
                                                        .media = self->media,
                                                        .fetcher = self->fetcher,
                                                        .conductor = self->conductor,
                                                        .alerts = self->alerts,
                                                        .plan = self->plan,
                                                        .refusals = self->refusals,
                                                        .boot_id = self->boot_id,
                                                    });
}

static bool serve(App *self, Identity *take_identity, GError **error)
{
    self->identity = take_identity;
    open_plan(self);
    if (!open_conductor(self, error))
        return false;
    open_link(self);
    time_sync_set_identity(self->time_sync, self->identity);
    log_info("station %s at work", self->identity->station);
    if (plan_file_plan(self->plan))
        on_plan(self);
    root_update_wake(self->root_update);
    plan_fetch_wake(self->plan_fetch);
    events_start(self->events);
    uplink_wake(self->uplink);
    reporter_start(self->reporter);
    return true;
}

static gboolean after_enrolment(gpointer user)
{
    App *self = user;
    g_autoptr(GError) error = NULL;
    self->enrolled = 0;
    g_clear_pointer(&self->pairing, pairing_free);
    if (!serve(self, g_steal_pointer(&self->identity), &error)) {
        log_warning("%s; ending", error->message);
        g_main_loop_quit(self->loop);
    }
    return G_SOURCE_REMOVE;
}

/* Comes from inside the pairing, which is taken down from the loop. */
static void on_accepted(Identity *take_identity, void *user)
{
    App *self = user;
    self->identity = take_identity;
    self->enrolled = g_idle_add(after_enrolment, self);
}

static bool ask_for_acceptance(App *self, GError **error)
{
    self->pairing = pairing_new(&(PairingSettings){.settings = self->settings,
                                                   .key = &self->key,
                                                   .connection = self->connection,
                                                   .board = self->board,
                                                   .audio = self->audio,
                                                   .clock = self->clock,
                                                   .on_accepted = on_accepted,
                                                   .user = self},
                                error);
    return self->pairing != NULL;
}

static bool begin(App *self, GError **error)
{
    g_autoptr(GError) wrong = NULL;
    Identity *identity = identity_load(self->settings->data, &wrong);
    if (identity)
        return serve(self, identity, error);
    if (!g_error_matches(wrong, G_FILE_ERROR, G_FILE_ERROR_NOENT) &&
        !g_error_matches(wrong, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
        log_warning("what this station was told about itself cannot be used: %s; asking again",
                    wrong->message);
    return ask_for_acceptance(self, error);
}

/* ---- building ---- */

static bool open_stores(App *self, GError **error)
{
    g_autofree char *key = in_data(self, "station.key");
    g_autofree char *journal = in_data(self, "journal.db");
    g_autofree char *floor = in_data(self, "clock-floor");
    g_autofree char *media = in_data(self, "media");
    g_autofree char *refused = in_data(self, "refusals.json");
    if (!key_load_or_make(key, &self->key, NULL, error))
        return false;
    self->boot_id = boot_id_read(NULL, error);
    if (!self->boot_id)
        return false;
    self->trust = trust_new(floor, self->settings->clock_source, clock_system(), NULL, NULL);
    trust_steer(self->trust, &self->station_clock);
    self->refusals = refusals_open(refused, self->clock);
    g_autofree char *lost = in_data(self, "journal-lost");
    g_autoptr(GError) broken = NULL;
    self->lost = lost_mark_open(lost);
    self->journal = journal_open_later(journal, &self->key, &broken);
    if (broken)
        log_warning("%s; playing on without it", broken->message);
    self->media = media_cache_open(media, error);
    return self->media != NULL;
}

static bool open_hardware(App *self, GError **error)
{
    const Settings *settings = self->settings;
    self->interlock = interlock_load(settings->limits, 0, error);
    if (!self->interlock)
        return false;
    self->board = board_open(&(BoardSettings){.kind = settings->board_kind,
                                              .state = settings->board_state,
                                              .socket = settings->board_socket,
                                              .file = settings->board_file},
                             error);
    if (!self->board)
        return false;
    self->board->on_button = on_button;
    self->board->on_button_user = self;
    self->audio = playout_new(&(AudioSettings){.device = settings->device,
                                               .mixer = settings->mixer,
                                               .mixer_element = settings->mixer_element,
                                               .decoder = settings->decoder,
                                               .clock = self->clock},
                              error);
    return self->audio != NULL;
}

App *app_new(const Settings *settings, GError **error)
{
    g_autoptr(App) self = g_new0(App, 1);
    self->settings = settings;
    station_clock_init(&self->station_clock, clock_system());
    self->clock = &self->station_clock.clock;
    self->lock = -1;
    self->loop = g_main_loop_new(NULL, FALSE);
    if ((self->lock = data_lock_take(settings->data, error)) < 0 || !open_stores(self, error) ||
        !open_hardware(self, error))
        return NULL;
    self->connection =
        connection_new(settings->controller, settings->ca_file, &self->key, self->clock, error);
    if (!self->connection)
        return NULL;
    self->time_sync = time_sync_new(self->connection, self->trust, self->clock, self->refusals);
    time_sync_start(self->time_sync);
    if (!begin(self, error))
        return NULL;
    return g_steal_pointer(&self);
}

void app_run(App *self)
{
    self->upkeep = g_timeout_add_seconds(UPKEEP_S, on_upkeep, self);
    on_upkeep(self);
    on_tick(self);
    g_main_loop_run(self->loop);
    on_upkeep(self);
}

void app_quit(App *self)
{
    if (self->quit_by_us)
        return;
    self->quit_by_us = clock_boottime_us(self->clock) + QUIT_LIMIT_US;
    if (self->conductor)
        conductor_shut_down(self->conductor);
    hurry_tick(self);
}

static void close_link(App *self)
{
    reporter_free(self->reporter);
    uplink_free(self->uplink);
    events_free(self->events);
    command_fetch_free(self->command_fetch);
    plan_fetch_free(self->plan_fetch);
    root_update_free(self->root_update);
    fetcher_free(self->fetcher);
    pairing_free(self->pairing);
    time_sync_free(self->time_sync);
    connection_free(self->connection);
}

void app_free(App *self)
{
    if (!self)
        return;
    g_clear_handle_id(&self->tick, g_source_remove);
    g_clear_handle_id(&self->upkeep, g_source_remove);
    g_clear_handle_id(&self->enrolled, g_source_remove);
    close_link(self);
    alerts_free(self->alerts);
    conductor_free(self->conductor);
    plan_file_free(self->plan);
    audio_free(self->audio);
    interlock_free(self->interlock);
    board_free(self->board); /* amplifier off */
    identity_free(self->identity);
    media_cache_free(self->media);
    journal_free(self->journal);
    lost_mark_free(self->lost);
    refusals_free(self->refusals);
    trust_free(self->trust);
    key_clear(&self->key);
    g_free(self->boot_id);
    if (self->lock >= 0)
        close(self->lock);
    g_main_loop_unref(self->loop);
    g_free(self);
}
