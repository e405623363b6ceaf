/* One screen, whole, from the answers of a controller. */
#include "status_screen.h"

#include <string.h>

#define HOME                                                                                       \
    "{\"server_time\":\"2026-11-22T07:00:00Z\",\"zone\":\"Asia/Ho_Chi_Minh\","                     \
    "\"now\":[{\"title\":\"Tin sáng\",\"stations\":{\"planned\":4,\"playing\":3,\"failed\":1}}]," \
    "\"strip\":[{\"counts\":{\"played\":3,\"missed\":1}},{\"counts\":{\"upcoming\":4}}],"          \
    "\"next\":[{\"title\":\"Tin chiều\",\"start\":\"2026-11-22T10:00:00Z\",\"stations\":4,"      \
    "\"ready\":4},{\"title\":\"Mai\",\"start\":\"2026-11-22T22:30:00Z\",\"stations\":4,"           \
    "\"ready\":0}],\"counts\":{\"stations\":4,\"online\":3},"                                      \
    "\"attention\":[{\"name\":\"Thôn Đoài\",\"state\":\"offline\","                             \
    "\"faults\":[{\"code\":\"offline\",\"text\":\"Mất liên lạc.\"}]}]}"
#define METRICS "# TYPE loa_disk_free_bytes gauge\nloa_disk_free_bytes 76073439232\n"

static char *screen_of(const char *home_text, const char *health_text, bool vietnamese,
                       bool *needed)
{
    g_autoptr(Json) home = json_parse(home_text, strlen(home_text), NULL);
    g_autoptr(Json) health = json_parse(health_text, strlen(health_text), NULL);
    StatusFacts facts = {
        .health = health, .home = home, .metrics = METRICS, .url = "http://127.0.0.1:8080"};
    g_assert_nonnull(home);
    g_assert_nonnull(health);
    return status_screen(&facts, vietnamese, needed);
}

static void test_the_screen_says_what_plays_what_comes_and_who_needs_help(void)
{
    bool needed = false;
    g_autofree char *text = screen_of(HOME, "{\"backup_age_s\":7300}", true, &needed);
    g_assert_cmpstr(text, ==,
                    "Loa         http://127.0.0.1:8080, 14:00 Asia/Ho_Chi_Minh\n"
                    "Trạm loa    3 đang hoạt động / 4\n"
                    "Đang phát   Tin sáng (3/4)\n"
                    "Sắp phát    17:00 Tin chiều, 4/4 trạm sẵn sàng\n"
                    "            23/11 05:30 Mai, 0/4 trạm sẵn sàng\n"
                    "Hôm nay     3 đã phát · 1 không phát được · 4 sắp phát\n"
                    "Cần xem     Thôn Đoài: mất kết nối; Mất liên lạc.\n"
                    "Sao lưu     2 giờ trước\n"
                    "Đĩa trống   76.1\u00a0GB\n");
    g_assert_true(needed);
}

static void test_nothing_to_do_is_said_so(void)
{
    bool needed = true;
    g_autofree char *text = screen_of("{\"counts\":{\"stations\":4,\"online\":4}}",
                                      "{\"backup_age_s\":93600}", false, &needed);
    g_assert_false(needed);
    g_assert_nonnull(strstr(text, "Stations    4 online of 4\n"));
    g_assert_nonnull(strstr(text, "Next        nothing\n"));
}

static void test_a_late_or_missing_backup_needs_somebody(void)
{
    bool needed = false;
    g_autofree char *late = screen_of("{}", "{\"backup_age_s\":93601}", false, &needed);
    g_assert_true(needed);
    g_assert_nonnull(strstr(late, "26 hours ago (!)"));
    needed = false;
    g_autofree char *none = screen_of("{}", "{\"backup_age_s\":null}", false, &needed);
    g_assert_true(needed);
    g_assert_nonnull(strstr(none, "none (!)"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/status/screen",
                    test_the_screen_says_what_plays_what_comes_and_who_needs_help);
    g_test_add_func("/status/nothing", test_nothing_to_do_is_said_so);
    g_test_add_func("/status/backup", test_a_late_or_missing_backup_needs_somebody);
    return g_test_run();
}
