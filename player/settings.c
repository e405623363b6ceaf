/* Every key of docs/player.conf, once. A key nobody knows is an error that names it. */
#include "settings.h"

#include "base/config.h"

#include <gio/gio.h>

#define MS_MAX 60000

static char *none_if_empty(char *text)
{
    if (*text)
        return text;
    g_free(text);
    return NULL;
}

static void take_station(Settings *self, Config *config)
{
    self->data = config_take_string(config, "station", "data", NULL);
    self->controller = config_take_string(config, "station", "controller", NULL);
    self->ca_file = none_if_empty(config_take_string(config, "station", "ca_file", ""));
    self->name = config_take_string(config, "station", "name", "");
    self->model = config_take_string(config, "station", "model", "loa");
    self->serial = config_take_string(config, "station", "serial", "unknown");
}

static void take_sound(Settings *self, Config *config)
{
    self->device = config_take_string(config, "sound", "device", "default");
    self->mixer = none_if_empty(config_take_string(config, "sound", "mixer", ""));
    self->mixer_element = none_if_empty(config_take_string(config, "sound", "mixer_element", ""));
    self->decoder = config_take_string(config, "sound", "decoder", "/usr/libexec/loa/loa-decode");
}

static bool take_board(Settings *self, Config *config, GError **error)
{
    g_autofree char *kind = config_take_string(config, "board", "kind", "simulated");
    self->board_state = none_if_empty(config_take_string(config, "board", "state", ""));
    self->settle_ms = config_take_int(config, "board", "settle_ms", 500, 0, MS_MAX);
    self->linger_ms = config_take_int(config, "board", "linger_ms", 1000, 0, MS_MAX);
    if (g_str_equal(kind, "simulated"))
        return true;
    g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_INVALID,
                "[board] kind: \"%s\" is no kind of board; known: simulated", kind);
    return false;
}

static bool take_clock(Settings *self, Config *config, GError **error)
{
    g_autofree char *source = config_take_string(config, "clock", "source", "ntp");
    for (unsigned i = 0; trust_source_words[i]; i++) {
        if (!g_str_equal(source, trust_source_words[i]))
            continue;
        self->clock_source = (TrustSource)i;
        return true;
    }
    g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_INVALID,
                "[clock] source: \"%s\" is not one of ntp, rtc, host", source);
    return false;
}

Settings *settings_load(const char *path, GError **error)
{
    g_autoptr(Config) config = config_load(path, error);
    if (!config)
        return NULL;
    g_autoptr(Settings) self = g_new0(Settings, 1);
    take_station(self, config);
    take_sound(self, config);
    bool good = take_board(self, config, error) && take_clock(self, config, error);
    return good && config_finish(config, error) ? g_steal_pointer(&self) : NULL;
}

void settings_free(Settings *self)
{
    if (!self)
        return;
    g_free(self->data);
    g_free(self->controller);
    g_free(self->ca_file);
    g_free(self->name);
    g_free(self->model);
    g_free(self->serial);
    g_free(self->device);
    g_free(self->mixer);
    g_free(self->mixer_element);
    g_free(self->decoder);
    g_free(self->board_state);
    g_free(self);
}
