/* Where the doctor draws the lines, and in which words. */
#include <string.h>

#include "doctor_checks.h"

#define GIB  (UINT64_C(1) << 30)
#define HOUR (INT64_C(3600) * G_USEC_PER_SEC)

static void test_a_disk_is_full_before_the_database_notices(void)
{
    g_assert_cmpint(doctor_grade_disk(500 * GIB, 1000 * GIB), ==, DOCTOR_OK);
    g_assert_cmpint(doctor_grade_disk(90 * GIB, 1000 * GIB), ==, DOCTOR_WARN);
    g_assert_cmpint(doctor_grade_disk(19 * GIB, 1000 * GIB), ==, DOCTOR_FAIL);
    g_assert_cmpint(doctor_grade_disk(4 * GIB, 16 * GIB), ==, DOCTOR_WARN);
    g_assert_cmpint(doctor_grade_disk(GIB - 1, 16 * GIB), ==, DOCTOR_FAIL);
}

static void test_a_nightly_backup_may_be_two_hours_late(void)
{
    g_assert_cmpint(doctor_grade_backup(-1), ==, DOCTOR_WARN);
    g_assert_cmpint(doctor_grade_backup(26 * HOUR), ==, DOCTOR_OK);
    g_assert_cmpint(doctor_grade_backup(26 * HOUR + 1), ==, DOCTOR_FAIL);
}

static void test_a_certificate_is_warned_about_before_browsers_do(void)
{
    const int64_t day = 24 * HOUR, until = 400 * day;
    g_assert_cmpint(doctor_grade_certificate(day, until, until - 22 * day), ==, DOCTOR_OK);
    g_assert_cmpint(doctor_grade_certificate(day, until, until - 20 * day), ==, DOCTOR_WARN);
    g_assert_cmpint(doctor_grade_certificate(day, until, until), ==, DOCTOR_FAIL);
    g_assert_cmpint(doctor_grade_certificate(day, until, day - 1), ==, DOCTOR_FAIL);
}

static void test_a_proxy_has_two_connections_for_each_station(void)
{
    const char *debian = "worker_processes auto;\nevents {\n\tworker_connections 768;\n}\n";
    g_assert_cmpuint(doctor_proxy_connections(debian), ==, 768);
    g_assert_cmpuint(doctor_proxy_connections("events { worker_connections 20000; }"), ==, 20000);
    g_assert_cmpuint(doctor_proxy_connections("# worker_connections 9;\nevents {}"), ==, 512);
    const char *metrics = "# TYPE loa_stations gauge\nloa_stations{state=\"online\"} 300\n"
                          "loa_stations{state=\"offline\"} 52\nloa_other 7\n";
    g_assert_cmpuint(doctor_proxy_stations(metrics), ==, 352);
    g_assert_cmpint(doctor_grade_connections(768, 352), ==, DOCTOR_WARN);
    g_assert_cmpint(doctor_grade_connections(768, 353), ==, DOCTOR_FAIL);
    g_assert_cmpint(doctor_grade_connections(768, 300), ==, DOCTOR_OK);
    g_assert_cmpint(doctor_grade_connections(20000, 10000), ==, DOCTOR_FAIL);
}

static char *say(bool vietnamese, DoctorGrade grade)
{
    static const DoctorText what = {"Đĩa", "Disk"}, advice = {"Dọn {}", "Empty {}"};
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    DoctorReport report = {.out = out, .vietnamese = vietnamese};
    doctor_report_say(&report, grade, &what, "/srv", &advice);
    fclose(out);
    g_assert_cmpuint(report.counts[grade], ==, 1);
    return text;
}

static void test_what_to_do_stands_below_what_is_wrong_and_only_there(void)
{
    g_autofree char *good = say(true, DOCTOR_OK);
    g_autofree char *bad = say(true, DOCTOR_FAIL);
    g_autofree char *english = say(false, DOCTOR_WARN);
    g_assert_cmpstr(good, ==, "ok    Đĩa: /srv\n");
    g_assert_cmpstr(bad, ==, "fail  Đĩa: /srv\n      -> Dọn /srv\n");
    g_assert_cmpstr(english, ==, "warn  Disk: /srv\n      -> Empty /srv\n");
}

static void test_the_language_is_that_of_the_machine(void)
{
    g_unsetenv("LC_ALL");
    g_unsetenv("LC_MESSAGES");
    g_setenv("LANG", "vi_VN.UTF-8", TRUE);
    g_assert_true(doctor_report_is_vietnamese());
    g_setenv("LC_MESSAGES", "en_GB.UTF-8", TRUE);
    g_assert_false(doctor_report_is_vietnamese());
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/doctor/disk", test_a_disk_is_full_before_the_database_notices);
    g_test_add_func("/doctor/certificate", test_a_certificate_is_warned_about_before_browsers_do);
    g_test_add_func("/doctor/backup", test_a_nightly_backup_may_be_two_hours_late);
    g_test_add_func("/doctor/proxy", test_a_proxy_has_two_connections_for_each_station);
    g_test_add_func("/doctor/advice", test_what_to_do_stands_below_what_is_wrong_and_only_there);
    g_test_add_func("/doctor/language", test_the_language_is_that_of_the_machine);
    return g_test_run();
}
