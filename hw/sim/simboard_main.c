/* loa-simboard: one command for a simulated board, from a terminal or a script.
 *
 *   loa-simboard SOCKET mains off
 *   loa-simboard SOCKET press alert2
 *   loa-simboard SOCKET show
 *
 * SOCKET is the key `socket` of [board] in the player's file. Prints the board's answer; the exit
 * code is 0 unless the board refused (1) or could not be reached (1). board_socket.c lists the
 * commands, and so does the board when it does not know one. */
#include <errno.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#define PATIENCE_S 5
#define MAX_ANSWER 4096

static int reach(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const struct timeval patience = {.tv_sec = PATIENCE_S};
    if (g_strlcpy(address.sun_path, path, sizeof address.sun_path) >= sizeof address.sun_path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0)
        return fd;
    close(fd);
    return -1;
}

/* The answer up to its newline; NULL when the board hung up before. */
static char *ask(int fd, const char *line)
{
    g_autoptr(GString) answer = g_string_new(NULL);
    char bytes[512];
    if (send(fd, line, strlen(line), MSG_NOSIGNAL) != (ssize_t)strlen(line))
        return NULL;
    while (answer->len < MAX_ANSWER && !strchr(answer->str, '\n')) {
        ssize_t count = recv(fd, bytes, sizeof bytes, 0);
        if (count <= 0)
            return NULL;
        g_string_append_len(answer, bytes, count);
    }
    return g_strdup(g_strchomp(answer->str));
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        g_printerr("usage: loa-simboard SOCKET COMMAND...   (such as: show, mains off)\n");
        return 2;
    }
    int fd = reach(argv[1]);
    if (fd < 0) {
        g_printerr("loa-simboard: %s: %s\n", argv[1], g_strerror(errno));
        return EXIT_FAILURE;
    }
    g_autofree char *words = g_strjoinv(" ", argv + 2);
    g_autofree char *line = g_strconcat(words, "\n", NULL);
    g_autofree char *answer = ask(fd, line);
    close(fd);
    if (!answer) {
        g_printerr("loa-simboard: %s: no answer\n", argv[1]);
        return EXIT_FAILURE;
    }
    g_print("%s\n", answer);
    return g_str_has_prefix(answer, "error") ? EXIT_FAILURE : EXIT_SUCCESS;
}
