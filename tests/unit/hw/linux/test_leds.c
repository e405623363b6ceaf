/* Lights in a sysfs of plain files. */
#include "linux/leds.h"

#include "desk_machine.h"

#define ACT "/sys/class/leds/ACT"

static char *const names[BOARD_LEDS] = {
    [BOARD_LED_ON_AIR] = (char *)"ACT", [BOARD_LED_FAULT] = (char *)"gone"};

typedef struct Fixture {
    DeskMachine *desk;
    Leds *leds;
} Fixture;

static void set_up(Fixture *f, gconstpointer data)
{
    (void)data;
    f->desk = desk_machine_new();
    desk_machine_write(f->desk, ACT "/trigger", "mmc0");
    desk_machine_write(f->desk, ACT "/brightness", "255");
    desk_machine_write(f->desk, ACT "/max_brightness", "255\n");
    f->leds = leds_new(&f->desk->machine, names);
}

static void tear_down(Fixture *f, gconstpointer data)
{
    (void)data;
    g_clear_pointer(&f->leds, leds_free);
    desk_machine_free(f->desk);
}

static void expect(const Fixture *f, const char *trigger, const char *brightness)
{
    g_autofree char *real_trigger = desk_machine_read(f->desk, ACT "/trigger");
    g_autofree char *real_brightness = desk_machine_read(f->desk, ACT "/brightness");
    g_assert_cmpstr(real_trigger, ==, trigger);
    if (brightness)
        g_assert_cmpstr(real_brightness, ==, brightness);
}

static void test_a_light_starts_and_ends_dark(Fixture *f, gconstpointer data)
{
    (void)data;
    expect(f, "none", "0");
    leds_set(f->leds, BOARD_LED_ON_AIR, BOARD_LIGHT_ON);
    expect(f, "none", "255");
    g_clear_pointer(&f->leds, leds_free);
    expect(f, "none", "0");
}

static void test_blinking_is_the_kernels_and_ends_with_the_next_light(Fixture *f,
                                                                      gconstpointer data)
{
    (void)data;
    leds_set(f->leds, BOARD_LED_ON_AIR, BOARD_LIGHT_BLINK);
    expect(f, "timer", NULL);
    leds_set(f->leds, BOARD_LED_ON_AIR, BOARD_LIGHT_ON);
    expect(f, "none", "255");
}

static void test_a_light_is_written_when_it_changes_only(Fixture *f, gconstpointer data)
{
    (void)data;
    leds_set(f->leds, BOARD_LED_ON_AIR, BOARD_LIGHT_ON);
    desk_machine_write(f->desk, ACT "/brightness", "somebody else");
    leds_set(f->leds, BOARD_LED_ON_AIR, BOARD_LIGHT_ON);
    expect(f, "none", "somebody else");
}

static void test_lights_that_are_not_there_are_passed_over(Fixture *f, gconstpointer data)
{
    (void)data;
    leds_set(f->leds, BOARD_LED_FAULT, BOARD_LIGHT_BLINK);
    leds_set(f->leds, BOARD_LED_NETWORK, BOARD_LIGHT_ON);
    expect(f, "none", "0");
    desk_machine_write(f->desk, "/sys/class/leds/gone/trigger", "");
    desk_machine_write(f->desk, "/sys/class/leds/gone/brightness", "");
    leds_set(f->leds, BOARD_LED_FAULT, BOARD_LIGHT_ON); /* it has come */
    g_autofree char *brightness = desk_machine_read(f->desk, "/sys/class/leds/gone/brightness");
    g_assert_cmpstr(brightness, ==, "1");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name, function) g_test_add("/leds/" name, Fixture, NULL, set_up, function, tear_down)
    ADD("a light starts and ends dark", test_a_light_starts_and_ends_dark);
    ADD("blinking is the kernel's and ends with the next light",
        test_blinking_is_the_kernels_and_ends_with_the_next_light);
    ADD("a light is written when it changes only", test_a_light_is_written_when_it_changes_only);
    ADD("lights that are not there are passed over",
        test_lights_that_are_not_there_are_passed_over);
    return g_test_run();
}
