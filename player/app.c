/* The order of a start: directory and lock, key, journal, board (amplifier off), sound, then, for a
 * station that was accepted before, plan and conductor, and last the network. A station that nobody
 * has accepted yet only shows and says its pairing code and asks (pairing.c). */
#include "app_private.h"

#include "base/atomic_file.h"
#include "base/log.h"
#include "clock/boot_id.h"
#include "crypto.h"
#include "data_lock.h"
#include "hardware.h"
#include "upkeep.h"

#include <glib-unix.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define UPKEEP_S      600 /* floor of the clock, pruning */
#define QUIT_LIMIT_US (INT64_C(3) * G_USEC_PER_SEC)

#define ALERT_ENDS_MS 200 /* how often is looked whether it does */

static gboolean on_tick(gpointer user);

char *app_in_data(const App *self, const char *name)
{
    return g_build_filename(self->settings->data, name, NULL);
}

Conductor *app_conductor(const App *self)
{
    return self->local ? local_conductor(self->local) : self->conductor;
}

void app_hurry(App *self)
{
    g_clear_handle_id(&self->tick, g_source_remove);
    self->tick = g_idle_add(on_tick, self);
}

/* ---- time ---- */

static bool is_over(App *self)
{
    if (!self->quit_by_us)
        return false;
    const Conductor *conductor = app_conductor(self);
    bool idle = !conductor || conductor_is_idle(conductor);
    return idle || clock_boottime_us(self->clock) > self->quit_by_us;
}

static gboolean on_tick(gpointer user)
{
    App *self = user;
    board_feed_watchdog(self->board); /* once a second at least; a hung loop starves it */
    data_watch_tick(&self->data, self->plan ? plan_file_plan(self->plan) : NULL);
    if (self->alerts)
        alerts_tick(self->alerts);
    Conductor *conductor = app_conductor(self);
    int64_t wait_us = conductor ? conductor_tick(conductor) : G_USEC_PER_SEC;
    app_station_light(self);
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
                              .journal = self->journal,
                              .meter = self->data.meter});
    return G_SOURCE_CONTINUE;
}

static gboolean after_enrolment(gpointer user)
{
    App *self = user;
    g_autoptr(GError) error = NULL;
    self->enrolled = 0;
    g_clear_pointer(&self->pairing, pairing_free);
    if (self->local && !conductor_is_idle(local_conductor(self->local))) {
        self->enrolled = g_timeout_add(ALERT_ENDS_MS, after_enrolment, self);
        return G_SOURCE_REMOVE;
    }
    g_clear_pointer(&self->local, local_free);
    if (!app_station_serve(self, g_steal_pointer(&self->identity), &error)) {
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

static bool open_local(App *self, GError **error)
{
    g_autofree char *journal = app_in_data(self, APP_LOCAL_JOURNAL);
    self->local = local_new(&(LocalParts){.folder = self->settings->clips,
                                          .journal = journal,
                                          .key = &self->key,
                                          .boot_id = self->boot_id,
                                          .clock = self->clock,
                                          .trust = self->trust,
                                          .audio = self->audio,
                                          .board = self->board,
                                          .media = self->media,
                                          .interlock = self->interlock,
                                          .settle_ms = self->settings->settle_ms,
                                          .linger_ms = self->settings->linger_ms,
                                          .current_min_ma = self->settings->current_min_ma},
                            error);
    return self->local != NULL;
}

static bool is_alerting(void *user)
{
    const App *self = user;
    return self->local && local_is_busy(self->local);
}

static bool ask_for_acceptance(App *self, GError **error)
{
    if (!open_local(self, error))
        return false;
    self->pairing = pairing_new(&(PairingSettings){.settings = self->settings,
                                                   .key = &self->key,
                                                   .connection = self->connection,
                                                   .board = self->board,
                                                   .audio = self->audio,
                                                   .clock = self->clock,
                                                   .is_busy = is_alerting,
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
        return app_station_serve(self, identity, error);
    if (!g_error_matches(wrong, G_FILE_ERROR, G_FILE_ERROR_NOENT) &&
        !g_error_matches(wrong, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
        log_warning("what this station was told about itself cannot be used: %s; asking again",
                    wrong->message);
    return ask_for_acceptance(self, error);
}

/* ---- building ---- */

static bool open_stores(App *self, GError **error)
{
    g_autofree char *key = app_in_data(self, "station.key");
    g_autofree char *journal = app_in_data(self, "journal.db");
    g_autofree char *floor = app_in_data(self, "clock-floor");
    g_autofree char *media = app_in_data(self, "media");
    g_autofree char *refused = app_in_data(self, "refusals.json");
    if (!key_load_or_make(key, &self->key, NULL, error))
        return false;
    self->boot_id = boot_id_read(NULL, error);
    if (!self->boot_id)
        return false;
    self->trust = trust_new(floor, self->settings->clock_source, clock_system(), NULL, NULL);
    trust_steer(self->trust, &self->station_clock);
    self->refusals = refusals_open(refused, self->clock);
    g_autofree char *data_use = app_in_data(self, "data-use.json");
    self->data.meter = data_meter_open(data_use);
    g_autofree char *lost = app_in_data(self, "journal-lost");
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
    self->interlock = interlock_load(self->settings->limits, 0, error);
    if (!self->interlock ||
        !hardware_open(self->settings, self->clock, &self->board, &self->audio, error))
        return false;
    data_meter_set_limits(self->data.meter, interlock_data(self->interlock));
    self->data.audio = self->audio;
    self->data.trust = self->trust;
    self->data.clock = self->clock;
    self->board->on_button = app_station_button;
    self->board->on_button_user = self;
    return true;
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
    connection_set_meter(self->connection, self->data.meter);
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

void app_test(App *self)
{
    Conductor *conductor = app_conductor(self);
    if (!conductor)
        return;
    if (self->pairing)
        pairing_hush(self->pairing);
    g_autofree char *id = crypto_random_hex(COMMAND_ID_HEX / 2);
    log_notice("a test tone was asked for at the station");
    conductor_test(conductor, id, 0);
    app_hurry(self);
}

void app_quit(App *self)
{
    if (self->quit_by_us)
        return;
    self->quit_by_us = clock_boottime_us(self->clock) + QUIT_LIMIT_US;
    if (app_conductor(self))
        conductor_shut_down(app_conductor(self));
    app_hurry(self);
}

void app_free(App *self)
{
    if (!self)
        return;
    g_clear_handle_id(&self->tick, g_source_remove);
    g_clear_handle_id(&self->upkeep, g_source_remove);
    g_clear_handle_id(&self->enrolled, g_source_remove);
    app_station_close(self);
    alerts_free(self->alerts);
    local_free(self->local);
    conductor_free(self->conductor);
    plan_file_free(self->plan);
    audio_free(self->audio);
    interlock_free(self->interlock);
    board_free(self->board); /* amplifier off */
    identity_free(self->identity);
    media_cache_free(self->media);
    data_meter_free(self->data.meter);
    journal_free(self->journal);
    lost_mark_free(self->lost);
    refusals_free(self->refusals);
    trust_free(self->trust);
    key_clear(&self->key);
    g_free(self->boot_id);
    g_free(self->area);
    if (self->lock >= 0)
        close(self->lock);
    g_main_loop_unref(self->loop);
    g_free(self);
}
