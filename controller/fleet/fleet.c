/* Puts the fleet together. One timer a second does what waits: nonces, refusals and health go into
 * rows, silent stations turn offline; every minute the publisher looks whether the day has changed.
 */
#include "fleet/fleet.h"

#include "base/log.h"
#include "fleet/epoch_store.h"
#include "fleet/root_store.h"

#define MINUTE_TICKS 60

static void on_published(const char *station, int64_t epoch, int64_t version, void *user)
{
    Fleet *self = user;
    if (self->replanned)
        self->replanned(self->ledger, station);
    push_plan_changed(self->push, station, epoch, version);
    panel_events_changed(self->settings.events, "airings");
}

static void say(const char *what, const GError *error)
{
    log_warning("%s could not be written, trying again in a second: %s", what, error->message);
}

static void flush(Fleet *self, int64_t now_us)
{
    g_autoptr(GError) nonces = NULL, refusals = NULL, health = NULL, plans = NULL;
    if (!nonce_store_flush(self->nonces, now_us, &nonces))
        say("nonces", nonces);
    if (!refusal_log_flush(self->refusals, &refusals))
        say("refusals", refusals);
    if (!health_flush(self->health, &health))
        say("health", health);
    if (!publisher_flush(self->publisher, &plans))
        say("fetched plans", plans);
}

static gboolean on_tick(void *user)
{
    Fleet *self = user;
    int64_t now_us = clock_wall_us(self->settings.clock);
    if (health_tick(self->health, now_us))
        panel_events_changed(self->settings.events, "stations");
    flush(self, now_us);
    if (++self->ticks % MINUTE_TICKS == 0)
        publisher_tick(self->publisher);
    return G_SOURCE_CONTINUE;
}

static bool open_root(Fleet *self, GError **error)
{
    Key online;
    int64_t now_us = clock_wall_us(self->settings.clock);
    self->root =
        root_store_open(self->settings.database, self->settings.keys_dir, now_us, &online, error);
    if (!self->root)
        return false;
    signer_init_in_process(&self->signer, &online);
    key_clear(&online);
    return epoch_store_read(self->settings.database, self->root->epoch, &self->epoch, error);
}

Fleet *fleet_new(const FleetSettings *settings, GError **error)
{
    g_autoptr(Fleet) self = g_new0(Fleet, 1);
    self->settings = *settings;
    self->health = health_new(settings->database, clock_wall_us(settings->clock), error);
    self->clones = self->health ? clone_watch_new(settings->database, error) : NULL;
    if (!self->clones || !open_root(self, error))
        return NULL;
    self->settled = -1;
    self->roster = roster_new(settings->database, self->health, self->clones);
    self->settings.keys_dir = NULL; /* borrowed for the start only */
    self->nonces = nonce_store_new(settings->database);
    self->refusals = refusal_log_new(settings->database);
    self->auth = station_auth_new(settings->database, self->nonces, self->refusals);
    self->push = push_new();
    self->commands = command_book_new(&(CommandBookParts){.database = settings->database,
                                                          .signer = &self->signer,
                                                          .push = self->push,
                                                          .clock = settings->clock,
                                                          .epoch = self->epoch},
                                      error);
    if (!self->commands)
        return NULL;
    self->publisher = publisher_new(&(PublisherSettings){.database = settings->database,
                                                         .signer = &self->signer,
                                                         .clock = settings->clock,
                                                         .epoch = self->epoch,
                                                         .published = on_published,
                                                         .user = self});
    publisher_all_changed(self->publisher);
    self->tick_source = g_timeout_add_seconds(1, on_tick, self);
    return g_steal_pointer(&self);
}

void fleet_free(Fleet *self)
{
    if (!self)
        return;
    if (self->tick_source)
        g_source_remove(self->tick_source);
    publisher_free(self->publisher);
    command_book_free(self->commands);
    push_free(self->push);
    station_auth_free(self->auth);
    refusal_log_free(self->refusals);
    nonce_store_free(self->nonces);
    roster_free(self->roster);
    clone_watch_free(self->clones);
    health_free(self->health);
    root_free(self->root);
    signer_clear(&self->signer);
    g_free(self);
}

bool fleet_is_settled(Fleet *self)
{
    int64_t change = roster_change(self->roster);
    if (publisher_is_idle(self->publisher))
        self->settled = change;
    return self->settled == change;
}
