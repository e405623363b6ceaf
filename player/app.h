/* One station: builds every part and hands each its neighbours. */
#pragma once

#include "settings.h"

typedef struct App App;

/* Everything up to the first tick; the network comes later and may never come. */
App *app_new(const Settings *settings, GError **error);
/* Runs until app_quit(). */
void app_run(App *self);
/* Lets what sounds fade out, writes its receipt, then ends app_run(). */
void app_test(App *self); /* a test tone, for who stands below the pole */
void app_quit(App *self);
void app_free(App *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(App, app_free)
