/* The real player's rule on the Linux board, whose lights are plain files of a sysfs on the desk.
 */
#include "../hw/linux/desk_machine.h"
#include "health/lights.h"
#include "linux/board_linux.h"

#include <glib/gstdio.h>
#include <unistd.h>

static const char *const leds[BOARD_LEDS] = {"green", "blue", "red"};

static const struct {
    const char *what;
    LightFacts facts;
    BoardLight on_air, network, fault;
} table[] = {
    {"nobody has accepted it", {.any_fault = false}, 0, 0, 0},
    {"it cannot reach the controller", {.accepted = true}, 0, BOARD_LIGHT_BLINK, 0},
    {"all is well", {.accepted = true, .heard = true}, 0, BOARD_LIGHT_ON, 0},
    {"it plays",
     {.accepted = true, .heard = true, .sounding = true},
     BOARD_LIGHT_ON,
     BOARD_LIGHT_ON,
     0},
    {"an alert without a network",
     {.accepted = true, .sounding = true, .warning = true},
     BOARD_LIGHT_BLINK,
     BOARD_LIGHT_BLINK,
     0},
    {"no mains",
     {.accepted = true, .heard = true, .any_fault = true},
     0,
     BOARD_LIGHT_ON,
     BOARD_LIGHT_ON},
    {"a silent horn",
     {.accepted = true, .heard = true, .no_sound = true, .any_fault = true},
     0,
     BOARD_LIGHT_ON,
     BOARD_LIGHT_BLINK},
};

static void expect(const DeskMachine *desk, BoardLed led, BoardLight light)
{
    g_autofree char *trigger = g_strdup_printf("/sys/class/leds/%s/trigger", leds[led]);
    g_autofree char *brightness = g_strdup_printf("/sys/class/leds/%s/brightness", leds[led]);
    g_autofree char *how = desk_machine_read(desk, trigger);
    g_autofree char *bright = desk_machine_read(desk, brightness);
    g_assert_cmpstr(how, ==, light == BOARD_LIGHT_BLINK ? "timer" : "none");
    if (light != BOARD_LIGHT_BLINK)
        g_assert_cmpstr(bright, ==, light == BOARD_LIGHT_ON ? "255" : "0");
}

static void given_lights(DeskMachine *desk)
{
    static const char *const attributes[][2] = {
        {"trigger", "none"}, {"brightness", "0"}, {"max_brightness", "255"}};
    for (unsigned i = 0; i < BOARD_LEDS; i++)
        for (unsigned a = 0; a < G_N_ELEMENTS(attributes); a++) {
            g_autofree char *path =
                g_strdup_printf("/sys/class/leds/%s/%s", leds[i], attributes[a][0]);
            desk_machine_write(desk, path, attributes[a][1]);
        }
}

static void test_each_state_has_its_lights(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *file = NULL;
    DeskMachine *desk = desk_machine_new();
    given_lights(desk);
    close(g_file_open_tmp("loa-board-XXXXXX", &file, &error));
    g_assert_true(g_file_set_contents(file,
                                      "[amplifier]\ndrive=none\n"
                                      "[leds]\non_air=green\nnetwork=blue\nfault=red\n",
                                      -1, &error));
    Board *board = board_linux_new(file, &desk->machine, &error);
    g_assert_no_error(error);
    for (unsigned i = 0; i < G_N_ELEMENTS(table); i++) {
        g_test_message("%s", table[i].what);
        lights_show(board, &table[i].facts);
        expect(desk, BOARD_LED_ON_AIR, table[i].on_air);
        expect(desk, BOARD_LED_NETWORK, table[i].network);
        expect(desk, BOARD_LED_FAULT, table[i].fault);
    }
    board_free(board);
    for (unsigned i = 0; i < BOARD_LEDS; i++)
        expect(desk, (BoardLed)i, BOARD_LIGHT_OFF);
    desk_machine_free(desk);
    g_unlink(file);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/lights/each_state_has_its_lights", test_each_state_has_its_lights);
    return g_test_run();
}
