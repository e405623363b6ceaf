/* A station at work: builds what an accepted station needs beyond an unknown one, and ties its
 * parts together. No part knows another that stands later in the flow; what one has to tell the
 * others goes through the small functions here. */
#include "app_private.h"

#include "base/log.h"

#include <string.h>

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
    if (self->alerts)
        alerts_media_missing(self->alerts);
    if (self->fetcher)
        fetcher_wake(self->fetcher);
}

static void on_alert_waits(void *user)
{
    App *self = user;
    on_media_missing(self);
    if (self->fetcher)
        fetcher_hurry(self->fetcher);
}

static void on_sound(void *user)
{
    App *self = user;
    app_station_light(self);
    if (self->reporter)
        reporter_hurry(self->reporter);
}

static bool may_stream(AiringClass class, void *user)
{
    App *self = user;
    return data_watch_may_stream(&self->data, plan_file_plan(self->plan), class);
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

/* Of an area that it did not stand in before it was told nothing, or believed nothing. */
static void ask_where_it_moved(App *self, const Plan *plan)
{
    g_autoptr(GString) area = g_string_new(NULL);
    for (unsigned i = 0; i < plan->area_path->len; i++)
        g_string_append_printf(area, "/%s", (const char *)plan->area_path->pdata[i]);
    if (self->area && !g_str_equal(self->area, area->str))
        command_fetch_wake(self->command_fetch);
    g_free(self->area);
    self->area = g_strdup(area->str);
}

static void add_needed(GHashTable *files, void *user)
{
    alerts_add_needed(((App *)user)->alerts, files);
}

static void on_plan(void *user)
{
    App *self = user;
    Plan *plan = plan_file_plan(self->plan);
    conductor_set_plan(self->conductor, plan);
    alerts_set_plan(self->alerts, plan);
    fetcher_set_wanted(self->fetcher, plan);
    ask_where_it_moved(self, plan);
    reporter_hurry(self->reporter);
}

static void on_distrust(void *user)
{
    App *self = user;
    if (self->root_update)
        root_update_wake(self->root_update);
}

static void on_root(void *user)
{
    App *self = user;
    plan_fetch_wake(self->plan_fetch);
    command_fetch_wake(self->command_fetch); /* what came before the keys it was signed with */
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

static void on_heard(void *user)
{
    App *self = user;
    events_hasten(self->events);
    command_fetch_hasten(self->command_fetch);
    fetcher_hasten(self->fetcher);
    uplink_hasten(self->uplink);
    time_sync_hasten(self->time_sync);
    root_update_hasten(self->root_update);
}

static void on_command(const char *envelope, void *user)
{
    App *self = user;
    alerts_take(self->alerts, envelope, strlen(envelope));
    app_hurry(self);
}

static void on_commands(void *user)
{
    App *self = user;
    command_fetch_wake(self->command_fetch);
}

/* ---- building ---- */

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
        .current_min_ma = self->settings->current_min_ma,
        .linger_ms = self->settings->linger_ms,
        .on_receipt = on_receipt,
        .on_media_missing = on_media_missing,
        .on_sound = on_sound,
        .may_stream = may_stream,
        .user = self,
    };
    self->conductor = conductor_new(&settings, error);
    if (!self->conductor)
        return false;
    g_autofree char *commands = app_in_data(self, "commands.json");
    g_autofree char *standing = app_in_data(self, "standing.json");
    self->alerts = alerts_new(&(AlertsParts){
        .clock = self->clock,
        .trust = self->trust,
        .audio = self->audio,
        .media = self->media,
        .conductor = self->conductor,
        .identity = self->identity,
        .refusals = self->refusals,
        .path = commands,
        .standing = standing,
        .on_media_missing = on_alert_waits,
        .on_distrust = on_distrust,
        .user = self,
    });
    return true;
}

static void take_over_local(App *self)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = app_in_data(self, APP_LOCAL_JOURNAL);
    if (!local_hand_over(path, self->journal, self->identity->station, &error))
        log_warning("what sounded before the acceptance waits for the next start: %s",
                    error->message);
}

static void open_link(App *self)
{
    FetcherEvents fetched = {.ready = on_media_ready,
                             .add_needed = add_needed,
                             .refusals = self->refusals,
                             .user = self,
                             .clock = self->clock,
                             .trust = self->trust,
                             .station = self->identity->station,
                             .meter = self->data.meter};
    self->fetcher = fetcher_new(self->connection, self->media, &fetched);
    if (self->settings->carry)
        self->carry = carry_new(&(CarryParts){.mount = self->settings->carry,
                                              .data = self->settings->data,
                                              .identity = self->identity,
                                              .plan = self->plan,
                                              .media = self->media,
                                              .fetcher = self->fetcher,
                                              .refusals = self->refusals,
                                              .on_plan = on_plan,
                                              .on_ready = on_media_ready,
                                              .user = self});
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
    self->modem = modem_new(on_sound, self);
    self->storage = storage_new(self->settings->data, NULL, self->clock);
    self->abilities = abilities_new(self->settings->decoder, on_sound, self);
    FactsParts parts = {
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
        .meter = self->data.meter,
        .modem = self->modem,
        .storage = self->storage,
        .abilities = self->abilities,
        .boot_id = self->boot_id,
    };
    self->reporter = reporter_new(self->connection, &parts, on_heard, self);
}

bool app_station_serve(App *self, Identity *take_identity, GError **error)
{
    self->identity = take_identity;
    open_plan(self);
    if (!open_conductor(self, error))
        return false;
    take_over_local(self);
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

void app_station_light(App *self)
{
    LightFacts facts = {.accepted = self->conductor != NULL};
    const Conductor *conductor = app_conductor(self);
    if (conductor) {
        facts.sounding = conductor_now_playing(conductor) != NULL;
        facts.warning = conductor_is_alerting(conductor);
        facts.no_sound = conductor_device_fault(conductor);
    }
    if (self->reporter) {
        facts.heard = reporter_is_heard(self->reporter);
        facts.any_fault = reporter_has_fault(self->reporter);
    }
    lights_show(self->board, &facts);
}

/* Its own messages come before the pairing code. */
static void press_unaccepted(App *self, BoardButton button)
{
    bool taken = self->local && local_button(self->local, button);
    if (taken && self->pairing)
        pairing_hush(self->pairing);
    else if (self->pairing)
        pairing_button(self->pairing);
    app_hurry(self);
}

void app_station_button(BoardButton button, void *user)
{
    App *self = user;
    if (button == BOARD_BUTTON_TEST) {
        app_test(self);
        return;
    }
    if (!self->conductor) {
        press_unaccepted(self, button);
        return;
    }
    if (button != BOARD_BUTTON_STOP) {
        alerts_button(self->alerts, 1 + (unsigned)(button - BOARD_BUTTON_ALERT1));
        app_hurry(self);
        return;
    }
    conductor_stop_local(self->conductor);
    alerts_stopped(self->alerts);
}

void app_station_close(App *self)
{
    reporter_free(self->reporter);
    modem_free(self->modem);
    abilities_free(self->abilities);
    storage_free(self->storage);
    uplink_free(self->uplink);
    events_free(self->events);
    command_fetch_free(self->command_fetch);
    plan_fetch_free(self->plan_fetch);
    root_update_free(self->root_update);
    carry_free(self->carry);
    fetcher_free(self->fetcher);
    pairing_free(self->pairing);
    time_sync_free(self->time_sync);
    connection_free(self->connection);
}
