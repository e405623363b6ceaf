/* GPIO lines against chips that answer as the kernel's do. */
#include "linux/gpio_line.h"

#include <gio/gio.h>
#include <linux/gpio.h>
#include <unistd.h>

#include "desk_machine.h"

#define HEADER "pinctrl-test"

typedef struct Fixture {
    DeskMachine *desk;
    DeskChip *chip;
    const Machine *machine;
} Fixture;

static void set_up(Fixture *f, gconstpointer data)
{
    (void)data;
    f->desk = desk_machine_new();
    f->machine = &f->desk->machine;
    desk_machine_add_chip(f->desk, "gpiochip0", "other-chip");
    f->chip = desk_machine_add_chip(f->desk, "gpiochip4", HEADER);
}

static void tear_down(Fixture *f, gconstpointer data)
{
    (void)data;
    desk_machine_free(f->desk);
}

static GpioLine line_of(const char *chip, int line)
{
    return (GpioLine){.chip = (char *)chip, .line = line};
}

static void test_an_output_has_its_first_value_at_once(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    GpioLine line = line_of(HEADER, 17);
    int fd = gpio_line_open_output(f->machine, &line, false, &error);
    g_assert_no_error(error);
    g_assert_false(desk_chip_is_high(f->chip, 17));
    g_assert_cmpuint(desk_chip_changes(f->chip, 17), ==, 0);
    g_assert_true(gpio_line_set(f->machine, fd, true, NULL));
    g_assert_true(desk_chip_is_high(f->chip, 17));
    close(fd);
    g_assert_false(desk_chip_is_taken(f->desk, f->chip, 17));
}

static void test_off_is_high_where_active_is_low(Fixture *f, gconstpointer data)
{
    (void)data;
    GpioLine line = line_of(HEADER, 17);
    line.active_low = true;
    desk_chip_drive(f->desk, f->chip, 17, true); /* the resistor holds it off */
    int fd = gpio_line_open_output(f->machine, &line, false, NULL);
    g_assert_true(desk_chip_is_high(f->chip, 17));
    g_assert_cmpuint(desk_chip_changes(f->chip, 17), ==, 0); /* not for an instant */
    g_assert_true(gpio_line_set(f->machine, fd, true, NULL));
    g_assert_false(desk_chip_is_high(f->chip, 17));
    close(fd);
}

static void test_an_input_is_read_with_its_bias_and_sense(Fixture *f, gconstpointer data)
{
    (void)data;
    bool active = true;
    GpioLine line = line_of(HEADER, 22);
    line.active_low = true;
    line.bias = GPIO_BIAS_PULL_UP;
    desk_chip_drive(f->desk, f->chip, 22, true);
    int fd = gpio_line_open_input(f->machine, &line, NULL);
    g_assert_cmpuint(desk_chip_flags(f->desk, f->chip, 22, NULL), ==,
                     GPIO_V2_LINE_FLAG_INPUT | GPIO_V2_LINE_FLAG_BIAS_PULL_UP |
                         GPIO_V2_LINE_FLAG_ACTIVE_LOW);
    g_assert_true(gpio_line_get(f->machine, fd, &active));
    g_assert_false(active);
    desk_chip_drive(f->desk, f->chip, 22, false);
    g_assert_true(gpio_line_get(f->machine, fd, &active));
    g_assert_true(active);
    close(fd);
}

static void test_edges_to_active_are_told_once_each(Fixture *f, gconstpointer data)
{
    (void)data;
    uint32_t debounce_us = 0;
    int line = -1;
    const GpioEdges edges = {.chip = (char *)HEADER,
                             .lines = {5, 6},
                             .count = 2,
                             .active_low = true,
                             .bias = GPIO_BIAS_PULL_UP,
                             .debounce_ms = 30};
    desk_chip_drive(f->desk, f->chip, 5, true);
    desk_chip_drive(f->desk, f->chip, 6, true);
    int fd = gpio_line_open_edges(f->machine, &edges, NULL);
    g_assert_cmpint(gpio_line_next_edge(fd, &line), ==, 0); /* does not wait */
    desk_chip_drive(f->desk, f->chip, 6, false);
    desk_chip_drive(f->desk, f->chip, 6, true);
    desk_chip_drive(f->desk, f->chip, 5, false);
    g_assert_cmpint(gpio_line_next_edge(fd, &line), ==, 1);
    g_assert_cmpint(line, ==, 6);
    g_assert_cmpint(gpio_line_next_edge(fd, &line), ==, 1);
    g_assert_cmpint(line, ==, 5);
    g_assert_cmpint(gpio_line_next_edge(fd, &line), ==, 0);
    desk_chip_flags(f->desk, f->chip, 5, &debounce_us);
    g_assert_cmpuint(debounce_us, ==, 30000);
    close(fd);
}

static void test_a_chip_is_known_by_label_or_name_and_not_by_a_link(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    GpioLine by_label = line_of(HEADER, 1), by_name = line_of("gpiochip4", 2);
    desk_machine_link(f->desk, "/dev/gpiochip9", "gpiochip4"); /* as on a Raspberry Pi 5 */
    int first = gpio_line_open_input(f->machine, &by_label, &error);
    g_assert_no_error(error);
    int second = gpio_line_open_input(f->machine, &by_name, &error);
    g_assert_no_error(error);
    g_assert_true(desk_chip_is_taken(f->desk, f->chip, 1));
    g_assert_true(desk_chip_is_taken(f->desk, f->chip, 2));
    close(first);
    close(second);
}

static void test_no_chip_and_two_chips_of_a_label_are_errors(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) none = NULL;
    g_autoptr(GError) two = NULL;
    GpioLine nowhere = line_of("no-such-chip", 1), twice = line_of(HEADER, 1);
    g_assert_cmpint(gpio_line_open_input(f->machine, &nowhere, &none), ==, -1);
    g_assert_error(none, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
    desk_machine_add_chip(f->desk, "gpiochip7", HEADER);
    g_assert_cmpint(gpio_line_open_input(f->machine, &twice, &two), ==, -1);
    g_assert_error(two, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
}

static void test_a_line_in_use_and_one_that_is_not_there_are_errors(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) busy = NULL;
    g_autoptr(GError) missing = NULL;
    GpioLine line = line_of(HEADER, 17), beyond = line_of(HEADER, 200);
    int fd = gpio_line_open_output(f->machine, &line, false, NULL);
    g_assert_cmpint(gpio_line_open_input(f->machine, &line, &busy), ==, -1);
    g_assert_error(busy, G_IO_ERROR, G_IO_ERROR_BUSY);
    g_assert_cmpint(gpio_line_open_input(f->machine, &beyond, &missing), ==, -1);
    g_assert_error(missing, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
    close(fd);
}

static void test_a_chip_that_was_pulled_out_is_told(Fixture *f, gconstpointer data)
{
    (void)data;
    int line;
    bool active;
    GpioLine output = line_of(HEADER, 17);
    const GpioEdges edges = {.chip = (char *)HEADER, .lines = {5}, .count = 1};
    int out = gpio_line_open_output(f->machine, &output, false, NULL);
    int in = gpio_line_open_edges(f->machine, &edges, NULL);
    desk_chip_unplug(f->desk, f->chip);
    g_assert_false(gpio_line_set(f->machine, out, true, NULL));
    g_assert_false(gpio_line_get(f->machine, out, &active));
    g_assert_cmpint(gpio_line_next_edge(in, &line), ==, -1);
    close(out);
    close(in);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name, function)                                                                        \
    g_test_add("/gpio_line/" name, Fixture, NULL, set_up, function, tear_down)
    ADD("an output has its first value at once", test_an_output_has_its_first_value_at_once);
    ADD("off is high where active is low", test_off_is_high_where_active_is_low);
    ADD("an input is read with its bias and sense", test_an_input_is_read_with_its_bias_and_sense);
    ADD("edges to active are told once each", test_edges_to_active_are_told_once_each);
    ADD("a chip is known by label or name, and not by a link",
        test_a_chip_is_known_by_label_or_name_and_not_by_a_link);
    ADD("no chip and two chips of a label are errors",
        test_no_chip_and_two_chips_of_a_label_are_errors);
    ADD("a line in use and one that is not there are errors",
        test_a_line_in_use_and_one_that_is_not_there_are_errors);
    ADD("a chip that was pulled out is told", test_a_chip_that_was_pulled_out_is_told);
    return g_test_run();
}
