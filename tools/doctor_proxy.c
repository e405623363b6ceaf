/* Whether nginx has room: each station keeps one connection open, and nginx one to the controller
 * for it. Debian's nginx ends at 768; then stations are turned away without a word in our own log.
 */
#include <string.h>

#include "base/atomic_file.h"
#include "doctor_checks.h"

#define CONF_MAX     (256 * 1024)
#define NGINX_LEAST  512 /* what nginx takes where nothing is said */
#define PEOPLE_LEAST 64  /* connections of browsers, both sides */

unsigned doctor_proxy_connections(const char *conf)
{
    g_autoptr(GRegex) regex = g_regex_new(
        "^\\s*(?:events\\s*\\{\\s*)?worker_connections\\s+(\\d+)\\s*;", G_REGEX_MULTILINE, 0, NULL);
    g_autoptr(GMatchInfo) match = NULL;
    if (!g_regex_match(regex, conf, 0, &match))
        return NGINX_LEAST;
    g_autofree char *number = g_match_info_fetch(match, 1);
    return (unsigned)MIN(g_ascii_strtoull(number, NULL, 10), G_MAXUINT);
}

unsigned doctor_proxy_stations(const char *metrics)
{
    static const char name[] = "\nloa_stations{";
    unsigned stations = 0;
    for (const char *at = metrics; at && (at = strstr(at, name)); at += strlen(name)) {
        const char *value = strstr(at, "} ");
        stations += value ? (unsigned)g_ascii_strtoull(value + 2, NULL, 10) : 0;
    }
    return stations;
}

DoctorGrade doctor_grade_connections(unsigned connections, unsigned stations)
{
    uint64_t wanted = 2 * (uint64_t)stations + PEOPLE_LEAST;
    if (connections < wanted)
        return DOCTOR_FAIL;
    return connections < wanted + stations / 5 ? DOCTOR_WARN : DOCTOR_OK;
}

void doctor_check_proxy(const DoctorSite *site, DoctorReport *report)
{
    static const DoctorText what = {"Số kết nối của nginx (worker_connections)",
                                    "Connections of nginx (worker_connections)"};
    static const DoctorText advice = {
        "{} là ít so với số trạm loa: mỗi trạm cần hai. Tăng worker_connections và "
        "worker_rlimit_nofile trong /etc/nginx/nginx.conf, rồi chạy: systemctl reload nginx",
        "{} is little for so many stations: each needs two. Raise worker_connections and "
        "worker_rlimit_nofile in /etc/nginx/nginx.conf, then run: systemctl reload nginx"};
    g_autoptr(GBytes) bytes =
        site->behind_proxy ? atomic_file_read(site->nginx, CONF_MAX, NULL) : NULL;
    if (!bytes)
        return; /* another proxy, or none */
    size_t length;
    const char *text = g_bytes_get_data(bytes, &length);
    g_autofree char *conf = g_strndup(text ? text : "", length);
    g_autofree char *metrics = NULL;
    if (doctor_ask(site->people, "/metrics", &metrics) != 200)
        return; /* said by the listeners */
    unsigned connections = doctor_proxy_connections(conf);
    g_autofree char *number = g_strdup_printf("%u", connections);
    doctor_report_say(report, doctor_grade_connections(connections, doctor_proxy_stations(metrics)),
                      &what, number, &advice);
}
