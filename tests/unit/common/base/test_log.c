/* What a person sees on stderr: the test runs itself and reads the child's lines. */
#include "base/log.h"

#include <string.h>

static void speak(void)
{
    log_init("loa-player");
    log_info("plan %d accepted", 7);
    log_write(G_LOG_LEVEL_WARNING, (LogField[]){{"STATION", "s1"}, {"AIRING", NULL}, {0}},
              "two\nlines\x1b[31m");
    log_write(G_LOG_LEVEL_DEBUG, NULL, "not to be seen");
    g_info("a library's info, not to be seen");
}

static void lines_carry_time_program_level_and_fields(void)
{
    if (g_test_subprocess()) {
        speak();
        return;
    }
    g_test_trap_subprocess(NULL, 0, 0);
    g_test_trap_assert_passed();
    g_test_trap_assert_stderr("20*-*-*T*:*:*.???Z loa-player info: plan 7 accepted\n"
                              "20*-*-*T*:*:*.???Z loa-player warning: two lines [31m STATION=s1\n");
}

int main(int argc, char **argv)
{
    g_unsetenv("G_MESSAGES_DEBUG");
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/log/lines", lines_carry_time_program_level_and_fields);
    return g_test_run();
}
