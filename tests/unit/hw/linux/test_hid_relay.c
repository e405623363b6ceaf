/* USB relay boards that answer reports as the real ones do. */
#include "linux/hid_relay.h"

#include <gio/gio.h>

#include "desk_machine.h"

typedef struct Fixture {
    DeskMachine *desk;
} Fixture;

static void set_up(Fixture *f, gconstpointer data)
{
    (void)data;
    f->desk = desk_machine_new();
    desk_machine_add_relay(f->desk, 0, "BITFT");
}

static void tear_down(Fixture *f, gconstpointer data)
{
    (void)data;
    desk_machine_free(f->desk);
}

static void test_one_relay_follows_and_its_neighbour_stays(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autoptr(HidRelay) relay = hid_relay_new(&f->desk->machine, 2, NULL);
    f->desk->relays[0].closed = 1;
    g_assert_true(hid_relay_set(relay, true, NULL));
    g_assert_cmphex(f->desk->relays[0].closed, ==, 3);
    g_assert_true(hid_relay_set(relay, false, NULL));
    g_assert_cmphex(f->desk->relays[0].closed, ==, 1);
}

static void test_a_relay_that_does_not_follow_is_an_error(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autoptr(HidRelay) relay = hid_relay_new(&f->desk->machine, 1, NULL);
    f->desk->relays[0].stuck = true;
    g_assert_false(hid_relay_set(relay, true, &error));
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_FAILED);
}

static void test_several_boards_are_told_apart_by_serial_number_only(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autoptr(HidRelay) any = hid_relay_new(&f->desk->machine, 1, NULL);
    g_autoptr(HidRelay) second = hid_relay_new(&f->desk->machine, 1, "QAAMZ");
    desk_machine_add_relay(f->desk, 1, "QAAMZ");
    g_assert_false(hid_relay_set(any, true, &error));
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
    g_assert_true(hid_relay_set(second, true, NULL));
    g_assert_cmphex(f->desk->relays[0].closed, ==, 0);
    g_assert_cmpuint(f->desk->relays[0].reports, ==, 0);
    g_assert_cmphex(f->desk->relays[1].closed, ==, 1);
}

static void test_other_devices_of_the_shared_usb_id_are_left_alone(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autoptr(HidRelay) relay = hid_relay_new(&f->desk->machine, 1, NULL);
    desk_machine_write(f->desk, "/sys/class/hidraw/hidraw0/device/uevent",
                       "HID_ID=0003:000016C0:000005DF\nHID_NAME=somebody.example Lamp\n");
    g_assert_false(hid_relay_set(relay, true, NULL));
    g_assert_cmpuint(f->desk->relays[0].reports, ==, 0);
}

static void test_a_board_that_was_replugged_is_found_under_its_new_number(Fixture *f,
                                                                          gconstpointer data)
{
    (void)data;
    g_autoptr(HidRelay) relay = hid_relay_new(&f->desk->machine, 1, NULL);
    g_assert_true(hid_relay_set(relay, true, NULL));
    f->desk->relays[0].gone = true;
    desk_machine_remove(f->desk, "/sys/class/hidraw/hidraw0");
    desk_machine_remove(f->desk, "/dev/hidraw0");
    g_assert_false(hid_relay_set(relay, false, NULL));
    desk_machine_add_relay(f->desk, 1, "BITFT");
    f->desk->relays[1].closed = 1;
    g_assert_true(hid_relay_set(relay, false, NULL));
    g_assert_cmphex(f->desk->relays[1].closed, ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name, function)                                                                        \
    g_test_add("/hid_relay/" name, Fixture, NULL, set_up, function, tear_down)
    ADD("one relay follows and its neighbour stays",
        test_one_relay_follows_and_its_neighbour_stays);
    ADD("a relay that does not follow is an error", test_a_relay_that_does_not_follow_is_an_error);
    ADD("several boards are told apart by serial number only",
        test_several_boards_are_told_apart_by_serial_number_only);
    ADD("other devices of the shared USB ID are left alone",
        test_other_devices_of_the_shared_usb_id_are_left_alone);
    ADD("a board that was replugged is found under its new number",
        test_a_board_that_was_replugged_is_found_under_its_new_number);
    return g_test_run();
}
