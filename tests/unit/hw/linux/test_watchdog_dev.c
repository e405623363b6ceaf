/* The watchdog: a device file whose letters are read afterwards. */
#include "linux/watchdog_dev.h"

#include <gio/gio.h>
#include <unistd.h>

#include "desk_machine.h"

#define DEVICE "/dev/watchdog0"

typedef struct Fixture {
    DeskMachine *desk;
} Fixture;

static void set_up(Fixture *f, gconstpointer data)
{
    (void)data;
    f->desk = desk_machine_new();
    f->desk->watchdog_max_s = 16;
    f->desk->watchdog_s = 10;
    desk_machine_write(f->desk, DEVICE, "");
}

static void tear_down(Fixture *f, gconstpointer data)
{
    (void)data;
    desk_machine_free(f->desk);
}

static void test_it_takes_its_timeout_and_is_fed(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autoptr(WatchdogDev) dog = watchdog_dev_open(&f->desk->machine, DEVICE, 15, &error);
    g_assert_no_error(error);
    g_assert_cmpint(f->desk->watchdog_s, ==, 15);
    g_assert_cmpuint(watchdog_dev_timeout_s(dog), ==, 15);
    unsigned before = f->desk->feeds;
    watchdog_dev_feed(dog);
    g_assert_cmpuint(f->desk->feeds, ==, before + 1);
}

static void test_a_timeout_it_cannot_take_leaves_its_own(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autoptr(WatchdogDev) dog = watchdog_dev_open(&f->desk->machine, DEVICE, 60, NULL);
    g_assert_cmpuint(watchdog_dev_timeout_s(dog), ==, 10);
}

static void test_only_a_clean_end_writes_the_magic_letter(Fixture *f, gconstpointer data)
{
    (void)data;
    WatchdogDev *dog = watchdog_dev_open(&f->desk->machine, DEVICE, 15, NULL);
    for (unsigned i = 0; i < 3; i++)
        watchdog_dev_feed(dog);
    g_autofree char *before = desk_machine_read(f->desk, DEVICE);
    watchdog_dev_close(dog);
    g_autofree char *after = desk_machine_read(f->desk, DEVICE);
    g_assert_cmpstr(before, ==, "");
    g_assert_cmpstr(after, ==, "V");
}

static void test_no_device_is_an_error_and_no_watchdog_is_fed_in_peace(Fixture *f,
                                                                       gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_assert_null(watchdog_dev_open(&f->desk->machine, "/dev/watchdog7", 15, &error));
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
    watchdog_dev_feed(NULL);
    watchdog_dev_close(NULL);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name, function)                                                                        \
    g_test_add("/watchdog_dev/" name, Fixture, NULL, set_up, function, tear_down)
    ADD("it takes its timeout and is fed", test_it_takes_its_timeout_and_is_fed);
    ADD("a timeout it cannot take leaves its own", test_a_timeout_it_cannot_take_leaves_its_own);
    ADD("only a clean end writes the magic letter", test_only_a_clean_end_writes_the_magic_letter);
    ADD("no device is an error, and no watchdog is fed in peace",
        test_no_device_is_an_error_and_no_watchdog_is_fed_in_peace);
    return g_test_run();
}
