/* Configuration, files, disk, database and backup. */
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "backup_format.h"
#include "base/atomic_file.h"
#include "doctor_checks.h"
#include "json.h"
#include "program.h"

#define GIB          (UINT64_C(1) << 30)
#define HOUR_US      (INT64_C(3600) * G_USEC_PER_SEC)
#define LATE_HOURS   26 /* a nightly backup that did not come, with two hours of grace */
#define LAST_MAX     4096
#define OPEN_TO_MORE 0077

void doctor_check_config(const DoctorSite *site, DoctorReport *report)
{
    static const DoctorText what = {"Tệp cài đặt", "Configuration"};
    static const DoctorText advice = {
        "Sửa các dòng nêu ở trên, rồi chạy lại: loa config check {}",
        "Correct the lines named above, then run again: loa config check {}"};
    g_autofree char *program = program_find("controller", "loa-controller");
    const char *words[] = {program, "--check", "--config", site->config, NULL};
    bool good = program_run(words, NULL, NULL);
    doctor_report_say(report, good ? DOCTOR_OK : DOCTOR_FAIL, &what, site->config, &advice);
}

static void check_mode(DoctorReport *report, const DoctorText *what, const char *path)
{
    static const DoctorText advice = {"Người khác trên máy đọc được. Chạy: chmod go= {}",
                                      "Others on this machine can read it. Run: chmod go= {}"};
    static const DoctorText missing = {"Không có hoặc không đọc được {}. Chạy bằng root hoặc khôi "
                                       "phục từ bản sao lưu.",
                                       "{} is not there or cannot be read. Run as root, or restore "
                                       "it from a backup."};
    struct stat about;
    if (stat(path, &about) != 0)
        doctor_report_say(report, DOCTOR_FAIL, what, path, &missing);
    else
        doctor_report_say(report, about.st_mode & OPEN_TO_MORE ? DOCTOR_FAIL : DOCTOR_OK, what,
                          path, &advice);
}

static void check_owner(const DoctorSite *site, DoctorReport *report, const char *key)
{
    static const DoctorText what = {"Chủ sở hữu của khóa", "Owner of the key"};
    static const DoctorText advice = {
        "Khóa và thư mục dữ liệu khác chủ. Chạy: chown --reference=$(dirname {})/.. {}",
        "Key and data directory have different owners. Run: chown --reference=$(dirname {})/.. {}"};
    struct stat data, file;
    if (stat(site->data, &data) == 0 && stat(key, &file) == 0 && data.st_uid != file.st_uid)
        doctor_report_say(report, DOCTOR_FAIL, &what, key, &advice);
}

void doctor_check_permissions(const DoctorSite *site, DoctorReport *report)
{
    static const DoctorText data = {"Thư mục dữ liệu", "Data directory"};
    static const DoctorText online = {"Khóa ký lịch phát", "Key that signs plans"};
    static const DoctorText root_mode = {"Quyền đọc khóa gốc", "Who may read the root key"};
    static const DoctorText root = {"Khóa gốc", "Root key"};
    static const DoctorText carry = {
        "Khóa gốc còn ở máy này. Chép sang hai nơi khác, rồi xóa {}",
        "The root key is still here. Copy it to two other places, then remove {}"};
    g_autofree char *online_path = g_build_filename(site->data, BACKUP_ONLINE, NULL);
    g_autofree char *root_path = g_build_filename(site->data, BACKUP_ROOT, NULL);
    check_mode(report, &data, site->data);
    check_mode(report, &online, online_path);
    check_owner(site, report, online_path);
    if (!g_file_test(root_path, G_FILE_TEST_EXISTS))
        return;
    check_mode(report, &root_mode, root_path);
    doctor_report_say(report, DOCTOR_WARN, &root, root_path, &carry);
}

DoctorGrade doctor_grade_disk(uint64_t free_bytes, uint64_t total_bytes)
{
    if (free_bytes < GIB || free_bytes < total_bytes / 50)
        return DOCTOR_FAIL;
    return free_bytes < 5 * GIB || free_bytes < total_bytes / 10 ? DOCTOR_WARN : DOCTOR_OK;
}

void doctor_check_disk(const DoctorSite *site, DoctorReport *report)
{
    static const DoctorText what = {"Dung lượng đĩa còn trống", "Room on the disk"};
    static const DoctorText advice = {"Đĩa sắp đầy ({}). Xóa bớt hoặc gắn đĩa lớn hơn; sao lưu cần "
                                      "thêm chỗ bằng chính cơ sở dữ liệu.",
                                      "The disk is nearly full ({}). Make room or mount a larger "
                                      "one; a backup needs as much again "
                                      "as the database."};
    struct statvfs about;
    if (statvfs(site->data, &about) != 0)
        return; /* said by the permissions */
    uint64_t unit = about.f_frsize;
    g_autofree char *left = g_format_size(about.f_bavail * unit);
    doctor_report_say(report, doctor_grade_disk(about.f_bavail * unit, about.f_blocks * unit),
                      &what, left, &advice);
}

void doctor_check_database(const DoctorSite *site, DoctorReport *report)
{
    static const DoctorText what = {"Cơ sở dữ liệu", "Database"};
    static const DoctorText advice = {
        "{} bị hỏng hoặc không mở được. Dừng loa-controller, giữ nguyên tệp, khôi phục từ bản sao "
        "lưu.",
        "{} is damaged or cannot be opened. Stop the controller, keep the file, restore a backup."};
    g_autofree char *program = program_find("controller", "loa-controller");
    g_autofree char *path = g_build_filename(site->data, BACKUP_DATABASE, NULL);
    const char *words[] = {program, "--check-database", "--data", site->data, NULL};
    bool good = program_run(words, NULL, NULL);
    doctor_report_say(report, good ? DOCTOR_OK : DOCTOR_FAIL, &what, path, &advice);
}

void doctor_check_index(const DoctorSite *site, DoctorReport *report)
{
    static const DoctorText what = {"Chỉ mục tìm bản tin", "Search index of bulletins"};
    static const DoctorText advice = {
        "Bản tin vẫn đủ, chỉ việc tìm bị sai. Chạy: systemctl restart loa-controller. Nếu vẫn báo "
        "lỗi, dừng loa-controller, chạy bằng người dùng loa-controller: loa-controller --reindex "
        "--data {}, rồi chạy lại.",
        "No bulletin is lost, only finding them is wrong. Run: systemctl restart loa-controller. "
        "If it is still wrong, stop the controller, run as user loa-controller: loa-controller "
        "--reindex --data {}, and start it."};
    g_autofree char *program = program_find("controller", "loa-controller");
    g_autofree char *path = g_build_filename(site->data, BACKUP_DATABASE, NULL);
    const char *words[] = {program, "--check-index", "--data", site->data, NULL};
    if (!g_file_test(path, G_FILE_TEST_EXISTS))
        return; /* said by the database */
    bool good = program_run(words, NULL, NULL);
    doctor_report_say(report, good ? DOCTOR_OK : DOCTOR_FAIL, &what, site->data, &advice);
}

DoctorGrade doctor_grade_backup(int64_t age_us)
{
    if (age_us < 0)
        return DOCTOR_WARN;
    return age_us > LATE_HOURS * HOUR_US ? DOCTOR_FAIL : DOCTOR_OK;
}

static int64_t last_backup_us(const DoctorSite *site)
{
    size_t length;
    g_autofree char *path = g_build_filename(site->data, BACKUP_LAST, NULL);
    g_autoptr(GBytes) bytes = atomic_file_read(path, LAST_MAX, NULL);
    if (!bytes)
        return 0;
    const char *text = g_bytes_get_data(bytes, &length);
    g_autoptr(Json) json = json_parse(text, length, NULL);
    return json_peek_int(json, "made_us", 0);
}

static void check_age_program(DoctorReport *report)
{
    static const DoctorText what = {"Chương trình age", "The program age"};
    static const DoctorText advice = {"Sao lưu cần nó. Chạy: apt install age",
                                      "Backups need it. Run: apt install age"};
    g_autofree char *path = g_find_program_in_path("age");
    doctor_report_say(report, path ? DOCTOR_OK : DOCTOR_WARN, &what, path, &advice);
}

void doctor_check_backup(const DoctorSite *site, DoctorReport *report)
{
    static const DoctorText what = {"Bản sao lưu gần nhất, số giờ trước", "Last backup, hours ago"};
    static const DoctorText none = {"Chưa có bản sao lưu", "There is no backup"};
    static const DoctorText advice = {
        "Xem vì sao sao lưu hằng đêm không chạy, rồi chạy loa backup.",
        "See why the nightly backup did not run, then run loa backup."};
    static const DoctorText begin = {"Hẹn sao lưu hằng đêm: loa backup, xem docs/operations.md",
                                     "Arrange a nightly one: loa backup, see docs/operations.md"};
    check_age_program(report);
    int64_t made_us = last_backup_us(site);
    if (made_us <= 0) {
        doctor_report_say(report, doctor_grade_backup(-1), &none, NULL, &begin);
        return;
    }
    int64_t age_us = MAX(site->now_us - made_us, 0);
    g_autofree char *hours = g_strdup_printf("%" G_GINT64_FORMAT, age_us / HOUR_US);
    doctor_report_say(report, doctor_grade_backup(age_us), &what, hours, &advice);
}
