/* What reaches the service manager's socket. */
#include "base/notify.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

typedef struct Manager {
    int fd;
    char *name; /* as in NOTIFY_SOCKET */
} Manager;

static void set_up(Manager *self, gconstpointer abstract)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    self->name = abstract ? g_strdup_printf("@loa-notify-%d", getpid())
                          : g_strdup_printf("%s/loa-notify-%d", g_get_tmp_dir(), getpid());
    memcpy(address.sun_path, self->name, strlen(self->name));
    if (abstract)
        address.sun_path[0] = '\0';
    self->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(self->name));
    g_assert_cmpint(bind(self->fd, (void *)&address, size), ==, 0);
    g_setenv("NOTIFY_SOCKET", self->name, TRUE);
}

static void tear_down(Manager *self, gconstpointer abstract)
{
    if (!abstract)
        g_unlink(self->name);
    g_unsetenv("NOTIFY_SOCKET");
    g_unsetenv("WATCHDOG_USEC");
    g_unsetenv("WATCHDOG_PID");
    close(self->fd);
    g_free(self->name);
}

static char *heard(Manager *self)
{
    char text[100];
    ssize_t length = recv(self->fd, text, sizeof text, 0);
    return length < 0 ? NULL : g_strndup(text, (gsize)length);
}

static void the_manager_hears_it(Manager *self, gconstpointer abstract)
{
    (void)abstract;
    g_assert_true(notify_say("READY=1"));
    g_autofree char *text = heard(self);
    g_assert_cmpstr(text, ==, "READY=1");
}

static void without_a_manager_nothing_is_said(void)
{
    static const char *const names[] = {"", "@", "relative", "/no/such/socket"};
    g_unsetenv("NOTIFY_SOCKET");
    g_assert_false(notify_say("READY=1"));
    for (unsigned i = 0; i < G_N_ELEMENTS(names); i++) {
        g_setenv("NOTIFY_SOCKET", names[i], TRUE);
        g_assert_false(notify_say("READY=1"));
    }
    g_autofree char *long_name = g_strnfill(200, '/');
    g_setenv("NOTIFY_SOCKET", long_name, TRUE);
    g_assert_false(notify_say("READY=1"));
    g_unsetenv("NOTIFY_SOCKET");
}

static gboolean too_late(void *late)
{
    *(bool *)late = true;
    return G_SOURCE_CONTINUE;
}

static void the_loop_feeds_the_watchdog(Manager *self, gconstpointer abstract)
{
    (void)abstract;
    g_autofree char *text = NULL;
    bool late = false;
    g_setenv("WATCHDOG_USEC", "20000", TRUE);
    notify_watchdog_start();
    guint limit = g_timeout_add_seconds(20, too_late, &late);
    while (!text && !late) {
        g_main_context_iteration(NULL, TRUE);
        text = heard(self);
    }
    g_assert_cmpstr(text, ==, "WATCHDOG=1");
    g_source_remove(limit);
}

static void another_process_is_not_fed_for(Manager *self, gconstpointer abstract)
{
    (void)self, (void)abstract;
    static const char *const limits[] = {"soon", "0", "-1", "1", "20000"};
    guint sources = g_timeout_add_seconds(1000, too_late, NULL);
    g_setenv("WATCHDOG_PID", "1", TRUE);
    for (unsigned i = 0; i < G_N_ELEMENTS(limits); i++) {
        g_setenv("WATCHDOG_USEC", limits[i], TRUE);
        notify_watchdog_start();
    }
    guint after = g_timeout_add_seconds(1000, too_late, NULL);
    g_assert_cmpuint(after, ==, sources + 1); /* nothing was added in between */
    g_source_remove(sources);
    g_source_remove(after);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    const void *path = NULL, *abstract = "abstract";
    g_test_add("/notify/path", Manager, path, set_up, the_manager_hears_it, tear_down);
    g_test_add("/notify/abstract", Manager, abstract, set_up, the_manager_hears_it, tear_down);
    g_test_add("/notify/others", Manager, path, set_up, another_process_is_not_fed_for, tear_down);
    g_test_add("/notify/watchdog", Manager, path, set_up, the_loop_feeds_the_watchdog, tear_down);
    g_test_add_func("/notify/nobody", without_a_manager_nothing_is_said);
    return g_test_run();
}
