/* Reads the same file as the controller, with the same defaults, and lets the controller's own
 * program judge what only it knows. A mistake in the configuration does not stop the round: the
 * rest is looked at with what could be read. */
#include "doctor.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/config.h"
#include "doctor_checks.h"
#include "tls.h"

#define DEFAULT_CONFIG "/etc/loa/controller.conf"
#define NGINX_CONF     "/etc/nginx/nginx.conf"
#define GROUP          "server"

static const DoctorCheck checks[] = {
    doctor_check_config, doctor_check_clock,       doctor_check_listeners, doctor_check_permissions,
    doctor_check_disk,   doctor_check_database,    doctor_check_index,     doctor_check_worker,
    doctor_check_panel,  doctor_check_certificate, doctor_check_proxy,     doctor_check_backup,
};

static void site_clear(DoctorSite *site)
{
    g_free(site->people);
    g_free(site->stations);
    g_free(site->data);
    g_free(site->worker);
    g_free(site->panel);
}

/* The files are named already. */
static bool site_read(DoctorSite *site, GError **error)
{
    g_autoptr(Config) config = config_load(site->config, error);
    if (!config)
        return false;
    site->now_us = clock_wall_us(clock_system());
    site->people = config_take_string(config, GROUP, "people", "127.0.0.1:8080");
    site->stations = config_take_string(config, GROUP, "stations", "127.0.0.1:8081");
    site->data = config_take_string(config, GROUP, "data", "/var/lib/loa/controller");
    site->worker =
        config_take_string(config, GROUP, "worker", "/usr/libexec/loa/loa-content-worker");
    site->panel = config_take_string(config, GROUP, "panel", "");
    site->behind_proxy = config_take_bool(config, GROUP, "behind_proxy", false);
    return true;
}

static void say_sum(DoctorReport *report)
{
    unsigned warned = report->counts[DOCTOR_WARN], failed = report->counts[DOCTOR_FAIL];
    if (report->vietnamese)
        printf("\n%u mục tốt, %u cảnh báo, %u lỗi\n", report->counts[DOCTOR_OK], warned, failed);
    else
        printf("\n%u ok, %u warnings, %u failures\n", report->counts[DOCTOR_OK], warned, failed);
}

static int examine(DoctorSite site)
{
    DoctorReport report = {.out = stdout, .vietnamese = doctor_report_is_vietnamese()};
    g_autoptr(GError) error = NULL;
    if (!site_read(&site, &error)) {
        fprintf(stderr, "loa: %s\n", error->message);
        return 1;
    }
    for (unsigned i = 0; i < G_N_ELEMENTS(checks); i++) {
        checks[i](&site, &report);
        fflush(stdout); /* before a program of ours says more on stderr */
    }
    say_sum(&report);
    site_clear(&site);
    return report.counts[DOCTOR_FAIL] ? 1 : 0;
}

int doctor_main(int argc, char **argv)
{
    DoctorSite site = {.config = DEFAULT_CONFIG, .tls = TLS_DIR, .nginx = NGINX_CONF};
    bool good = argc % 2 == 0;
    for (int i = 0; good && i + 1 < argc; i += 2) {
        if (g_str_equal(argv[i], "--config"))
            site.config = argv[i + 1];
        else if (g_str_equal(argv[i], "--tls"))
            site.tls = argv[i + 1];
        else if (g_str_equal(argv[i], "--nginx"))
            site.nginx = argv[i + 1];
        else
            good = false;
    }
    if (good)
        return examine(site);
    fputs("usage: loa doctor [--config FILE] [--tls DIR] [--nginx FILE]\n", stderr);
    return 2;
}
