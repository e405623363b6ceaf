/* The hand on a simulated board: a unix socket that takes one command a line.
 *
 *   mains on|off|unknown       tamper on|off|unknown      under_voltage on|off|unknown
 *   current MA|auto            heat MILLI_CELSIUS|unknown battery MV|unknown
 *   relay stuck|ok             press stop|alert1..4|test  show
 *
 * The answer to a line is one line: ok, the JSON of `show`, or "error: " and what would be right.
 * Everything happens on the loop; a press is a press of the real button. Somebody who sends without
 * end or does not read the answers is hung up on, so the station never waits for a hand. */
#include "sim/board_sim.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib-unix.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define MAX_CLIENTS 8
#define MAX_LINE    256

struct BoardSocket {
    Board *board;
    char *path;
    int fd;
    guint source;
    GPtrArray *clients; /* Client*, owned */
};

typedef struct Client {
    BoardSocket *owner;
    int fd;
    guint source;
    GString *heard; /* less than a line */
} Client;

typedef enum { ACT_FACT, ACT_NUMBER, ACT_RELAY, ACT_PRESS, ACT_SHOW } Act;

static const struct Command {
    const char *word;
    Act act;
    const char *key; /* of [simulate] */
    const char *usage;
} commands[] = {
    {"mains", ACT_FACT, "mains", "mains on|off|unknown"},
    {"tamper", ACT_FACT, "tamper", "tamper on|off|unknown"},
    {"under_voltage", ACT_FACT, "under_voltage", "under_voltage on|off|unknown"},
    {"current", ACT_NUMBER, "current_ma", "current MILLIAMPERE|auto"},
    {"heat", ACT_NUMBER, "temperature_mc", "heat MILLI_CELSIUS|unknown"},
    {"battery", ACT_NUMBER, "battery_mv", "battery MILLIVOLT|unknown"},
    {"relay", ACT_RELAY, "relay", "relay stuck|ok"},
    {"press", ACT_PRESS, NULL, "press stop|alert1|alert2|alert3|alert4|test"},
    {"show", ACT_SHOW, NULL, "show"},
};

static char *refuse(const char *usage)
{
    return g_strconcat("error: ", usage, NULL);
}

static char *list_commands(void)
{
    GString *text = g_string_new("error: known:");
    for (unsigned i = 0; i < G_N_ELEMENTS(commands); i++)
        g_string_append_printf(text, "%s %s", i ? ";" : "", commands[i].usage);
    return g_string_free(text, FALSE);
}

static char *simulate(Board *board, const struct Command *command, const char *value)
{
    g_autoptr(GError) error = NULL;
    if (board_sim_simulate(board, command->key, value, &error))
        return g_strdup("ok");
    return refuse(error->message);
}

static char *act_choice(Board *board, const struct Command *command, const char *argument)
{
    static const struct {
        Act act;
        const char *argument, *value;
    } choices[] = {
        {ACT_FACT, "on", "yes"},       {ACT_FACT, "off", "no"}, {ACT_FACT, "unknown", NULL},
        {ACT_RELAY, "stuck", "stuck"}, {ACT_RELAY, "ok", NULL}, {ACT_NUMBER, "auto", NULL},
        {ACT_NUMBER, "unknown", NULL},
    };
    gint64 number;
    for (unsigned i = 0; i < G_N_ELEMENTS(choices); i++)
        if (choices[i].act == command->act && g_str_equal(choices[i].argument, argument))
            return simulate(board, command, choices[i].value);
    if (command->act == ACT_NUMBER &&
        g_ascii_string_to_signed(argument, 10, G_MININT32, G_MAXINT32, &number, NULL))
        return simulate(board, command, argument);
    return refuse(command->usage);
}

static char *act_press(Board *board, const struct Command *command, const char *argument)
{
    for (unsigned i = 0; board_button_words[i]; i++) {
        if (!g_str_equal(board_button_words[i], argument))
            continue;
        board_sim_press(board, (BoardButton)i);
        return g_strdup("ok");
    }
    return refuse(command->usage);
}

static char *answer(Board *board, const char *line)
{
    g_auto(GStrv) words = g_strsplit(line, " ", 3);
    const struct Command *command = NULL;
    for (unsigned i = 0; i < G_N_ELEMENTS(commands); i++)
        if (g_strcmp0(words[0], commands[i].word) == 0)
            command = &commands[i];
    if (!command)
        return list_commands();
    if (g_strv_length(words) != (command->act == ACT_SHOW ? 1 : 2))
        return refuse(command->usage);
    if (command->act == ACT_SHOW)
        return board_sim_show(board);
    return command->act == ACT_PRESS ? act_press(board, command, words[1])
                                     : act_choice(board, command, words[1]);
}

static void client_free(gpointer data)
{
    Client *client = data;
    if (client->source)
        g_source_remove(client->source);
    close(client->fd);
    g_string_free(client->heard, TRUE);
    g_free(client);
}

/* False: the client does not take its answers. */
static bool answer_lines(Client *client)
{
    char *end;
    while ((end = memchr(client->heard->str, '\n', client->heard->len))) {
        *end = '\0';
        g_autofree char *reply = answer(client->owner->board, g_strstrip(client->heard->str));
        g_autofree char *line = g_strconcat(reply, "\n", NULL);
        g_string_erase(client->heard, 0, end + 1 - client->heard->str);
        if (send(client->fd, line, strlen(line), MSG_DONTWAIT | MSG_NOSIGNAL) !=
            (ssize_t)strlen(line))
            return false;
    }
    return client->heard->len <= MAX_LINE;
}

static gboolean on_client(gint fd, GIOCondition condition, gpointer user)
{
    (void)condition;
    Client *client = user;
    char bytes[MAX_LINE];
    ssize_t count = recv(fd, bytes, sizeof bytes, MSG_DONTWAIT);
    if (count < 0 && (errno == EAGAIN || errno == EINTR))
        return G_SOURCE_CONTINUE;
    if (count > 0)
        g_string_append_len(client->heard, bytes, count);
    if (count > 0 && answer_lines(client))
        return G_SOURCE_CONTINUE;
    client->source = 0;
    g_ptr_array_remove(client->owner->clients, client);
    return G_SOURCE_REMOVE;
}

static gboolean on_caller(gint listener, GIOCondition condition, gpointer user)
{
    (void)condition;
    BoardSocket *self = user;
    int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0)
        return G_SOURCE_CONTINUE;
    if (self->clients->len >= MAX_CLIENTS) {
        close(fd);
        return G_SOURCE_CONTINUE;
    }
    Client *client = g_new0(Client, 1);
    *client = (Client){.owner = self, .fd = fd, .heard = g_string_new(NULL)};
    client->source = g_unix_fd_add(fd, G_IO_IN | G_IO_HUP | G_IO_ERR, on_client, client);
    g_ptr_array_add(self->clients, client);
    return G_SOURCE_CONTINUE;
}

/* Only its owner may press buttons. What an earlier life left behind is taken away. */
static bool bind_path(BoardSocket *self, GError **error)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct stat found;
    if (strlen(self->path) >= sizeof address.sun_path) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_FILENAME_TOO_LONG,
                    "%s: longer than the %zu bytes of a socket's path", self->path,
                    sizeof address.sun_path - 1);
        return false;
    }
    strcpy(address.sun_path, self->path);
    if (lstat(self->path, &found) == 0 && S_ISSOCK(found.st_mode))
        unlink(self->path);
    mode_t before = umask(0177);
    bool good = bind(self->fd, (struct sockaddr *)&address, sizeof address) == 0;
    int reason = errno;
    umask(before);
    if (!good || listen(self->fd, MAX_CLIENTS) != 0) {
        g_set_error(error, G_IO_ERROR, g_io_error_from_errno(good ? errno : reason), "%s: %s",
                    self->path, g_strerror(good ? errno : reason));
        g_clear_pointer(&self->path, g_free); /* not ours to take away */
        return false;
    }
    return true;
}

BoardSocket *board_socket_new(Board *board, const char *path, GError **error)
{
    g_autoptr(BoardSocket) self = g_new0(BoardSocket, 1);
    self->board = board;
    self->path = g_strdup(path);
    self->clients = g_ptr_array_new_with_free_func(client_free);
    self->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (self->fd < 0) {
        g_set_error(error, G_IO_ERROR, g_io_error_from_errno(errno), "%s: %s", path,
                    g_strerror(errno));
        return NULL;
    }
    if (!bind_path(self, error))
        return NULL;
    self->source = g_unix_fd_add(self->fd, G_IO_IN, on_caller, self);
    return g_steal_pointer(&self);
}

void board_socket_free(BoardSocket *self)
{
    if (!self)
        return;
    if (self->source) {
        g_source_remove(self->source);
        unlink(self->path);
    }
    g_ptr_array_unref(self->clients);
    if (self->fd >= 0)
        close(self->fd);
    g_free(self->path);
    g_free(self);
}
