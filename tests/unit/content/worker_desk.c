/* One folder per program; the sentence is spoken once, every form is made from it. */
#include "worker_desk.h"

#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#define SENTENCE                                                                                                \
    "Xin chào bà con. Sáng mai thứ bảy, xã tổ chức tiêm phòng cho trẻ em tại trạm y tế. " \
    "Đề nghị các gia đình đưa trẻ đến đúng giờ."

static char *folder;

char *worker_path(const char *name)
{
    return g_build_filename(folder, name, NULL);
}

void worker_shell(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *line = g_strdup_vprintf(format, args);
    va_end(args);
    g_autofree char *whole = g_strdup_printf("cd '%s' && %s", folder, line);
    const char *words[] = {"/bin/sh", "-c", whole, NULL};
    int status = 0;
    g_autofree char *errors = NULL;
    g_assert_true(g_spawn_sync(NULL, (char **)words, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL,
                               &errors, &status, NULL));
    if (status != 0)
        g_error("%s: %s", line, errors);
}

Json *worker_try(const char *name, const char *output, int64_t *ret_bytes)
{
    g_autoptr(GSubprocessLauncher) launcher =
        g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_STDOUT_PIPE);
    g_autofree char *in = worker_path(name), *out = worker_path(output);
    g_autofree char *said = NULL;
    g_autoptr(GError) error = NULL;
    g_subprocess_launcher_take_stdin_fd(launcher, open(in, O_RDONLY | O_CLOEXEC));
    g_subprocess_launcher_take_fd(launcher,
                                  open(out, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600), 3);
    g_autoptr(GSubprocess) child = g_subprocess_launcher_spawn(launcher, &error, WORKER, NULL);
    g_assert_no_error(error);
    g_assert_true(g_subprocess_communicate_utf8(child, NULL, NULL, &said, NULL, &error));
    g_assert_true(g_subprocess_get_if_exited(child));
    g_assert_cmpint(g_subprocess_get_exit_status(child), ==, 0);
    GStatBuf facts;
    g_assert_cmpint(g_stat(out, &facts), ==, 0);
    *ret_bytes = facts.st_size;
    const char *last = strstr(said, "{\"ok\"");
    g_assert_nonnull(last);
    g_test_message("%s: %s", name, last);
    Json *result = json_parse(last, strcspn(last, "\n"), &error);
    g_assert_no_error(error);
    return result;
}

/* "I: -16.1 LUFS" and the last "Peak: -1.3 dBFS". */
void worker_measure(const char *name, double *ret_lufs, double *ret_dbtp)
{
    g_autofree char *text_path = worker_path("measured");
    g_autofree char *text = NULL;
    worker_shell("ffmpeg -nostats -hide_banner -i '%s' -af ebur128=peak=true -f null - 2>measured",
                 name);
    g_assert_true(g_file_get_contents(text_path, &text, NULL, NULL));
    const char *summary = strstr(text, "Summary:");
    g_assert_nonnull(summary);
    *ret_lufs = g_ascii_strtod(strstr(summary, "I:") + 2, NULL);
    *ret_dbtp = g_ascii_strtod(strstr(summary, "Peak:") + 5, NULL);
}

void worker_desk_open(void)
{
    folder = g_dir_make_tmp("loa-worker-XXXXXX", NULL);
    worker_shell("espeak-ng -v vi -w speech.wav '" SENTENCE "'");
}

void worker_desk_close(void)
{
    worker_shell("rm -rf '%s'", folder);
    g_free(folder);
}
