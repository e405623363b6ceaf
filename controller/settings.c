/* Every key of docs/controller.conf, once. `loa config check` comes through here too, so it never
 * disagrees with the daemon. */
#include "settings.h"

#include <gio/gio.h>

#include "base/config.h"

#define GROUP      "server"
#define MONTHS_MAX 1200
#define DAYS_MAX   36500

/* The port, or -1 when this is no "ADDRESS:PORT" that can be listened on. */
static int port_of(const char *text)
{
    g_autoptr(GSocketConnectable) parsed = g_network_address_parse(text, 0, NULL);
    if (!parsed || !g_strrstr(text, ":"))
        return -1;
    GNetworkAddress *address = G_NETWORK_ADDRESS(parsed);
    const char *host = g_network_address_get_hostname(address);
    return g_hostname_is_ip_address(host) ? g_network_address_get_port(address) : -1;
}

static char *take_address(Config *config, const char *key, const char *fallback)
{
    char *text = config_take_string(config, GROUP, key, fallback);
    if (port_of(text) < 0)
        config_refuse(config, GROUP, key, "an IP address and a port such as 127.0.0.1:8080");
    return text;
}

static void take_all(Config *config, AppSettings *settings)
{
    settings->people_address = take_address(config, "people", "127.0.0.1:8080");
    settings->stations_address = take_address(config, "stations", "127.0.0.1:8081");
    if (port_of(settings->people_address) > 0 &&
        g_str_equal(settings->people_address, settings->stations_address))
        config_refuse(config, GROUP, "stations", "another port than that of people");
    settings->data_dir = config_take_path(config, GROUP, "data", "/var/lib/loa/controller");
    settings->worker =
        config_take_path(config, GROUP, "worker", "/usr/libexec/loa/loa-content-worker");
    settings->panel_dir = config_take_path(config, GROUP, "panel", "");
    settings->behind_proxy = config_take_bool(config, GROUP, "behind_proxy", false);
    if (!*settings->panel_dir)
        g_clear_pointer(&settings->panel_dir, g_free);
}

static void take_retention(Config *config, RetentionRules *rules)
{
    rules->papers_months =
        (unsigned)config_take_int(config, "retention", "papers_months", 24, 0, MONTHS_MAX);
    rules->media_days =
        (unsigned)config_take_int(config, "retention", "media_days", 90, 0, DAYS_MAX);
}

bool settings_read(const char *path, AppSettings *ret_settings, GError **error)
{
    g_autoptr(Config) config = config_load(path, error);
    if (!config)
        return false;
    AppSettings settings = {0};
    take_all(config, &settings);
    take_retention(config, &settings.retention);
    if (!config_finish(config, error)) {
        app_settings_clear(&settings);
        return false;
    }
    *ret_settings = settings;
    return true;
}
