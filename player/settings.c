/* Every key of docs/player.conf, once. A key nobody knows is an error that names it. */
#include "settings.h"

#include "base/config.h"

#include <gio/gio.h>

#define CURRENT_MAX_MA    100000
#define MS_MAX            60000
#define RELAY_SECONDS_MAX 3600

static char *none_if_empty(char *text)
{
    if (*text)
        return text;
    g_free(text);
    return NULL;
}

static bool is_web_address(const char *text)
{
    g_autoptr(GUri) uri = g_uri_parse(text, G_URI_FLAGS_NONE, NULL);
    if (!uri || !g_uri_get_host(uri) || !*g_uri_get_host(uri))
        return false;
    if (g_uri_get_userinfo(uri) || g_uri_get_query(uri) || g_uri_get_fragment(uri))
        return false;
    const char *scheme = g_uri_get_scheme(uri);
    return g_str_equal(scheme, "http") || g_str_equal(scheme, "https");
}

static void take_station(Settings *self, Config *config)
{
    self->data = config_take_path(config, "station", "data", NULL);
    self->controller = config_take_string(config, "station", "controller", NULL);
    if (!is_web_address(self->controller))
        config_refuse(config, "station", "controller",
                      "the controller's address such as https://loa.example.vn");
    self->ca_file = none_if_empty(config_take_path(config, "station", "ca_file", ""));
    self->limits = config_take_path(config, "station", "limits", "/etc/loa/limits.conf");
    self->carry = none_if_empty(config_take_path(config, "station", "carry", ""));
    self->clips = none_if_empty(config_take_path(config, "station", "clips", ""));
    self->name = config_take_string(config, "station", "name", "");
    self->model = config_take_string(config, "station", "model", "loa");
    self->serial = config_take_string(config, "station", "serial", "unknown");
}

static void take_sound(Settings *self, Config *config)
{
    self->device = config_take_string(config, "sound", "device", "default");
    if (!*self->device)
        config_refuse(config, "sound", "device", "the name of an ALSA device such as default");
    self->mixer = none_if_empty(config_take_string(config, "sound", "mixer", ""));
    self->mixer_element = none_if_empty(config_take_string(config, "sound", "mixer_element", ""));
    self->decoder = config_take_path(config, "sound", "decoder", "/usr/libexec/loa/loa-decode");
    self->speaker = none_if_empty(config_take_path(config, "sound", "speaker", ""));
}

static unsigned take_seconds(Config *config, const char *key, unsigned usual_ms)
{
    return 1000 * (unsigned)config_take_int(config, "relay", key, (int)usual_ms / 1000, 1,
                                            RELAY_SECONDS_MAX);
}

static void take_relay(Settings *self, Config *config)
{
    self->relay.silence_ms = take_seconds(config, "silence_s", RELAY_SILENCE_MS);
    self->relay.return_ms = take_seconds(config, "return_s", RELAY_RETURN_MS);
    self->relay.good_ms = take_seconds(config, "good_s", RELAY_GOOD_MS);
}

static void take_board(Settings *self, Config *config)
{
    self->board_kind =
        (BoardKind)config_take_choice(config, "board", "kind", BOARD_SIMULATED, board_kind_words);
    self->board_state = none_if_empty(config_take_path(config, "board", "state", ""));
    self->board_socket = none_if_empty(config_take_path(config, "board", "socket", ""));
    const char *file = self->board_kind == BOARD_LINUX ? NULL : "";
    self->board_file = none_if_empty(config_take_path(config, "board", "file", file));
    self->current_min_ma = config_take_int(config, "board", "current_min_ma", 0, 0, CURRENT_MAX_MA);
    self->settle_ms = config_take_int(config, "board", "settle_ms", 500, 0, MS_MAX);
    self->linger_ms = config_take_int(config, "board", "linger_ms", 1000, 0, MS_MAX);
}

Settings *settings_load(const char *path, GError **error)
{
    g_autoptr(Config) config = config_load(path, error);
    if (!config)
        return NULL;
    g_autoptr(Settings) self = g_new0(Settings, 1);
    take_station(self, config);
    take_sound(self, config);
    take_relay(self, config);
    take_board(self, config);
    self->clock_source =
        config_take_choice(config, "clock", "source", TRUST_SOURCE_NTP, trust_source_words);
    const BoardSettings board = {.kind = self->board_kind, .file = self->board_file};
    if (!config_finish(config, error) || !board_check(&board, error))
        return NULL;
    return g_steal_pointer(&self);
}

void settings_free(Settings *self)
{
    if (!self)
        return;
    g_free(self->data);
    g_free(self->controller);
    g_free(self->ca_file);
    g_free(self->limits);
    g_free(self->carry);
    g_free(self->clips);
    g_free(self->name);
    g_free(self->model);
    g_free(self->serial);
    g_free(self->device);
    g_free(self->mixer);
    g_free(self->mixer_element);
    g_free(self->decoder);
    g_free(self->speaker);
    g_free(self->board_state);
    g_free(self->board_socket);
    g_free(self->board_file);
    g_free(self);
}
