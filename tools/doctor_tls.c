/* The certificate that people and stations meet: there, valid, of its key, and the key nobody
 * else's. A controller that nobody reaches from outside needs none, and is told so once. */
#include <sys/stat.h>
#include <unistd.h>

#include "base/atomic_file.h"
#include "certificate.h"
#include "doctor_checks.h"

#define DAY_US    (INT64_C(24) * 3600 * G_USEC_PER_SEC)
#define SOON_DAYS 21 /* renewal begins 30 days before the end: nine nights went wrong */
#define PEM_MAX   (256 * 1024)

static char *read_text(const char *path)
{
    g_autoptr(GBytes) bytes = atomic_file_read(path, PEM_MAX, NULL);
    size_t length = 0;
    const char *text = bytes ? g_bytes_get_data(bytes, &length) : NULL;
    return text ? g_strndup(text, length) : NULL;
}

DoctorGrade doctor_grade_certificate(int64_t from_us, int64_t until_us, int64_t now_us)
{
    if (now_us < from_us || now_us >= until_us)
        return DOCTOR_FAIL;
    return until_us - now_us < SOON_DAYS * DAY_US ? DOCTOR_WARN : DOCTOR_OK;
}

static void check_days(const DoctorSite *site, const CertificateFacts *facts, DoctorReport *report)
{
    static const DoctorText what = {"Chứng chỉ HTTPS, dùng đến", "Certificate for HTTPS, until"};
    static const DoctorText advice = {
        "Chứng chỉ chỉ dùng đến {}. Mạng riêng: loa tls renew --now --reload. Chứng chỉ công cộng: "
        "certbot renew.",
        "It is valid until {} only. A closed network: loa tls renew --now --reload. A public one: "
        "certbot renew."};
    g_autoptr(GDateTime) until = g_date_time_new_from_unix_utc(facts->until_us / G_USEC_PER_SEC);
    g_autofree char *day = g_date_time_format(until, "%Y-%m-%d");
    doctor_report_say(report,
                      doctor_grade_certificate(facts->from_us, facts->until_us, site->now_us),
                      &what, day, &advice);
}

static void check_key(const char *certificate, const char *path, DoctorReport *report)
{
    static const DoctorText what = {"Khóa của chứng chỉ", "Key of the certificate"};
    static const DoctorText open = {"Người khác trên máy đọc được. Chạy: chmod 600 {}",
                                    "Others on this machine can read it. Run: chmod 600 {}"};
    static const DoctorText other = {"{} không phải khóa của chứng chỉ này, nginx sẽ không chạy. "
                                     "Đặt lại cả hai tệp từ cùng một nơi.",
                                     "{} is not the key of this certificate, and nginx will not "
                                     "start. Put both files from one place."};
    struct stat about;
    g_autofree char *key = read_text(path);
    if (!key || !certificate_has_key(certificate, key))
        doctor_report_say(report, DOCTOR_FAIL, &what, path, &other);
    else
        doctor_report_say(report,
                          stat(path, &about) == 0 && about.st_mode & 0077 ? DOCTOR_FAIL : DOCTOR_OK,
                          &what, path, &open);
}

void doctor_check_certificate(const DoctorSite *site, DoctorReport *report)
{
    static const DoctorText what = {"Chứng chỉ HTTPS", "Certificate for HTTPS"};
    static const DoctorText plain = {
        "Không có nginx đứng trước (behind_proxy=false): chỉ máy này dùng được, trình duyệt khác "
        "không cho ghi âm. Xem loa tls.",
        "No nginx stands in front (behind_proxy=false): only this machine can use it, and other "
        "browsers give no microphone. See loa tls."};
    static const DoctorText none = {"Không đọc được {}. Chạy bằng root, hoặc tạo: loa tls make "
                                    "TÊN-MÁY",
                                    "{} cannot be read. Run as root, or make one: loa tls make "
                                    "NAME"};
    g_autofree char *path = g_build_filename(site->tls, "server.crt", NULL);
    g_autofree char *key = g_build_filename(site->tls, "server.key", NULL);
    if (!site->behind_proxy) {
        doctor_report_say(report, DOCTOR_WARN, &what, NULL, &plain);
        return;
    }
    g_autofree char *pem = read_text(path);
    g_autoptr(CertificateFacts) facts = pem ? certificate_read(pem, NULL) : NULL;
    if (!facts) {
        doctor_report_say(report, DOCTOR_FAIL, &what, path, &none);
        return;
    }
    check_days(site, facts, report);
    check_key(pem, key, report);
}
