/* The controller as a whole: builds every part and hands each its neighbours. Only main.c, app.c
 * and routes.c see all rooms. */
#pragma once

#include "access/inbox.h"
#include "access/people.h"
#include "alerts/alerts.h"
#include "base/clock.h"
#include "content/bulletin_api.h"
#include "content/intake.h"
#include "content/media_store.h"
#include "content/source_api.h"
#include "content/upload_api.h"
#include "fleet/fleet.h"
#include "http/idempotency.h"
#include "http/server.h"
#include "ledger/ledger.h"
#include "ops/ops.h"
#include "ops/retention.h"
#include "registry/registry.h"
#include "schedule/broadcast_api.h"

typedef struct AppSettings {
    char *people_address;
    char *stations_address;
    char *data_dir;
    char *panel_dir; /* NULL = no panel */
    char *worker;    /* path of loa-content-worker */
    bool behind_proxy;
    RetentionRules retention;
} AppSettings;

void app_settings_clear(AppSettings *settings);

/* The rooms of routes.c are pointers of this struct. */
typedef struct App {
    const AppSettings *settings;
    Database *database;

    /* access */
    People *people;
    Inbox *inbox;
    char *setup_token; /* to be printed; NULL once set up */

    /* registry */
    PanelEvents *panel_events;
    Registry *registry;

    /* content */
    MediaStore *media;
    Uploads *uploads;
    Intake *intake;
    BulletinApi *bulletins;
    SourceApi *sources;

    /* schedule */
    BroadcastApi *broadcasts;

    /* fleet */
    Fleet *fleet;

    /* alerts */
    Alerts *alerts;

    /* ledger */
    Ledger *ledger;

    /* ops */
    Ops *ops;
    Retention *retention;

    /* http */
    Idempotency *idempotency;
    Router *router;
    Server *server;
    unsigned sweep_id;
} App;

/* `settings` must outlive the app. */
App *app_new(const AppSettings *settings, GError **error);
void app_free(App *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(App, app_free)
