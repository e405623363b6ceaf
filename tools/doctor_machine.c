/* Clock, listeners, and what the packages should have brought. */
#include <sys/timex.h>
#include <unistd.h>

#include "doctor_checks.h"
#include "http_client.h"

#define ANSWER_MAX (64 * 1024)
#define TIMEOUT_MS 5000

void doctor_check_clock(const DoctorSite *site, DoctorReport *report)
{
    (void)site;
    static const DoctorText what = {"Đồng hồ", "Clock"};
    static const DoctorText advice = {"Chưa có dịch vụ nào chỉnh giờ. Chạy: timedatectl set-ntp "
                                      "true; lệch quá 5 phút thì trạm loa bị từ chối.",
                                      "Nothing keeps the clock right. Run: timedatectl set-ntp "
                                      "true; beyond 5 minutes stations are "
                                      "refused."};
    struct timex about = {0};
    int state = adjtimex(&about);
    bool kept = state >= 0 && state != TIME_ERROR && !(about.status & STA_UNSYNC);
    doctor_report_say(report, kept ? DOCTOR_OK : DOCTOR_WARN, &what, NULL, &advice);
}

unsigned doctor_ask(const char *address, const char *path, char **ret_body)
{
    g_autofree char *url = g_strdup_printf("http://%s%s", address, path);
    g_autoptr(HttpClient) client = http_client_new("loa-doctor", NULL);
    HttpRequest request = {
        .method = "GET", .url = url, .max_answer = ANSWER_MAX, .timeout_ms = TIMEOUT_MS};
    g_autoptr(HttpAnswer) answer = http_client_send_wait(client, &request);
    size_t length = 0;
    const char *body = ret_body && answer->body ? g_bytes_get_data(answer->body, &length) : NULL;
    if (ret_body)
        *ret_body = g_strndup(body ? body : "", length);
    return answer->status;
}

/* True when somebody else holds the port. */
static bool is_taken(const char *address)
{
    g_autoptr(GSocketConnectable) parsed = g_network_address_parse(address, 0, NULL);
    if (!parsed)
        return false;
    GNetworkAddress *place = G_NETWORK_ADDRESS(parsed);
    g_autoptr(GSocketAddress) name = g_inet_socket_address_new_from_string(
        g_network_address_get_hostname(place), g_network_address_get_port(place));
    if (!name)
        return false;
    g_autoptr(GSocket) probe = g_socket_new(g_socket_address_get_family(name), G_SOCKET_TYPE_STREAM,
                                            G_SOCKET_PROTOCOL_TCP, NULL);
    return probe && !g_socket_bind(probe, name, TRUE, NULL);
}

static void check_listener(DoctorReport *report, const DoctorText *what, const char *address,
                           bool answers)
{
    static const DoctorText start = {
        "loa-controller không chạy ở {}. Chạy: systemctl start loa-controller",
        "No controller runs at {}. Run: systemctl start loa-controller"};
    static const DoctorText other = {
        "Chương trình khác đang giữ {}. Tìm bằng: ss -ltnp; rồi đổi cổng trong tệp cài đặt.",
        "Another program holds {}. Find it with: ss -ltnp; then change the port in the "
        "configuration."};
    if (answers)
        doctor_report_say(report, DOCTOR_OK, what, address, NULL);
    else
        doctor_report_say(report, DOCTOR_FAIL, what, address, is_taken(address) ? &other : &start);
}

void doctor_check_listeners(const DoctorSite *site, DoctorReport *report)
{
    static const DoctorText people = {"Cổng cho người dùng", "People's port"};
    static const DoctorText stations = {"Cổng cho trạm loa", "Stations' port"};
    check_listener(report, &people, site->people,
                   doctor_ask(site->people, "/healthz", NULL) == 200);
    check_listener(report, &stations, site->stations,
                   doctor_ask(site->stations, "/station/v1/root/1", NULL) == 200);
}

/* All that the content worker loads; it refuses to work when one is missing. */
static void check_plugins(DoctorReport *report)
{
    static const char *const names[] = {
        "coreelements",  "typefindfunctions",
        "app",           "audioconvert",
        "audioresample", "audioparsers",
        "mpg123",        "wavparse",
        "isomp4",        "faad",
        "matroska",      "ogg",
        "opus",          "vorbis",
        "flac",          "amrnb",
        "amrwbdec",      "alaw",
        "mulaw",         "adpcmdec",
    };
    static const DoctorText what = {"Phần xử lý âm thanh (GStreamer)", "Sound plugins (GStreamer)"};
    static const DoctorText advice = {
        "Thiếu: {}. Chạy: apt install --reinstall gstreamer1.0-plugins-{base,good,bad,ugly}",
        "Missing: {}. Run: apt install --reinstall gstreamer1.0-plugins-{base,good,bad,ugly}"};
    g_autoptr(GString) missing = g_string_new(NULL);
    for (unsigned i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = g_strdup_printf("%s/libgst%s.so", LOA_GST_PLUGINS, names[i]);
        if (access(path, R_OK) != 0)
            g_string_append_printf(missing, "%s%s", missing->len ? " " : "", names[i]);
    }
    doctor_report_say(report, missing->len ? DOCTOR_FAIL : DOCTOR_OK, &what,
                      missing->len ? missing->str : NULL, &advice);
}

void doctor_check_worker(const DoctorSite *site, DoctorReport *report)
{
    static const DoctorText what = {"Chương trình xử lý tệp âm thanh", "Content worker"};
    static const DoctorText advice = {
        "Không chạy được {}. Sửa [server] worker hoặc cài lại gói loa-controller.",
        "{} cannot be run. Correct [server] worker, or install loa-controller again."};
    bool good = access(site->worker, X_OK) == 0;
    doctor_report_say(report, good ? DOCTOR_OK : DOCTOR_FAIL, &what, site->worker, &advice);
    check_plugins(report);
}

void doctor_check_panel(const DoctorSite *site, DoctorReport *report)
{
    static const DoctorText what = {"Trang quản trị", "Panel"};
    static const DoctorText none = {"Chưa đặt [server] panel, nên không có trang web nào để mở.",
                                    "[server] panel is not set, so there is no page to open."};
    static const DoctorText advice = {
        "Không có {}. Sửa [server] panel hoặc cài lại gói loa-controller.",
        "{} is not there. Correct [server] panel, or install loa-controller again."};
    if (!*site->panel) {
        doctor_report_say(report, DOCTOR_WARN, &what, NULL, &none);
        return;
    }
    g_autofree char *index = g_build_filename(site->panel, "index.html", NULL);
    bool good = access(index, R_OK) == 0;
    doctor_report_say(report, good ? DOCTOR_OK : DOCTOR_FAIL, &what, index, &advice);
}
