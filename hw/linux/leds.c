/* Lights of the LED class: `trigger` none and a brightness, or the kernel's own blinking.
 *
 * A kernel without the timer trigger shows steady light instead of blinking. A light that is not
 * there is passed over: nothing else of the station depends on it. */
#include "linux/leds.h"

struct Leds {
    const Machine *machine;
    char *const *names;
    int shown[BOARD_LEDS]; /* BoardLight; -1 = not known */
};

static bool put(const Leds *self, BoardLed led, const char *attribute, const char *text)
{
    g_autofree char *file = g_strdup_printf("%s/sys/class/leds/%s/%s", self->machine->root,
                                            self->names[led], attribute);
    return machine_write_text(file, text);
}

static bool light_up(const Leds *self, BoardLed led)
{
    g_autofree char *file = g_strdup_printf("%s/sys/class/leds/%s/max_brightness",
                                            self->machine->root, self->names[led]);
    g_autofree char *full = machine_read_text(file);
    return put(self, led, "brightness", full ? full : "1");
}

static bool show(const Leds *self, BoardLed led, BoardLight light)
{
    if (light == BOARD_LIGHT_BLINK && put(self, led, "trigger", "timer"))
        return true;
    if (!put(self, led, "trigger", "none"))
        return false;
    return light == BOARD_LIGHT_OFF ? put(self, led, "brightness", "0") : light_up(self, led);
}

Leds *leds_new(const Machine *machine, char *const names[BOARD_LEDS])
{
    Leds *self = g_new0(Leds, 1);
    *self = (Leds){.machine = machine, .names = names};
    for (unsigned i = 0; i < BOARD_LEDS; i++) {
        self->shown[i] = -1;
        leds_set(self, (BoardLed)i, BOARD_LIGHT_OFF);
    }
    return self;
}

void leds_set(Leds *self, BoardLed led, BoardLight light)
{
    if (self->names[led] && self->shown[led] != (int)light)
        self->shown[led] = show(self, led, light) ? (int)light : -1;
}

void leds_free(Leds *self)
{
    if (!self)
        return;
    for (unsigned i = 0; i < BOARD_LEDS; i++)
        leds_set(self, (BoardLed)i, BOARD_LIGHT_OFF);
    g_free(self);
}
