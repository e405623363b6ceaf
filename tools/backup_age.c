/* age has no library in C and needs none: both ways are one pipe. */
#include "backup_age.h"

#include <sys/wait.h>
#include <unistd.h>

static bool start(AgePipe *pipe, const char *const *words, bool feed, GError **error)
{
    GSpawnFlags flags = G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD;
    *pipe = (AgePipe){.in = -1, .out = -1};
    if (g_spawn_async_with_pipes(NULL, (char **)words, NULL, flags, NULL, NULL, &pipe->pid,
                                 feed ? &pipe->in : NULL, &pipe->out, NULL, error))
        return true;
    g_prefix_error(error, "the program age (Debian package age) cannot be run: ");
    return false;
}

bool age_pipe_encrypt(AgePipe *pipe, const char *recipients_file, GError **error)
{
    const char *words[] = {"age", "-R", recipients_file, NULL};
    return start(pipe, words, true, error);
}

bool age_pipe_decrypt(AgePipe *pipe, const char *identity_file, const char *file, GError **error)
{
    const char *words[] = {"age", "-d", "-i", identity_file, "--", file, NULL};
    return start(pipe, words, false, error);
}

void age_pipe_end_input(AgePipe *pipe)
{
    if (pipe->in >= 0)
        close(pipe->in);
    pipe->in = -1;
}

bool age_pipe_close(AgePipe *pipe, GError **error)
{
    int status = 0;
    age_pipe_end_input(pipe);
    close(pipe->out);
    waitpid(pipe->pid, &status, 0);
    g_spawn_close_pid(pipe->pid);
    if (g_spawn_check_wait_status(status, NULL))
        return true;
    g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_FAILED,
                        "age refused; what it says stands above");
    return false;
}
