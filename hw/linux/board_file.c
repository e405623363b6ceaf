/* Reads a board file, with every mistake at its line (base/config.h).
 *
 *   [gpio]          chip                                  the chip of lines that name none
 *   [amplifier]     drive=gpio: chip line active_low      drive=hid_relay: relay serial drive=none
 *   [read_back]     a fact: the amplifier's contact as it really is
 *   [buttons]       chip stop alert1 alert2 alert3 alert4 test (lines)  active_low bias debounce_ms
 *   [mains] [tamper] [under_voltage]                      facts
 *   [current] [temperature] [battery]                     sensors
 *   [watchdog]      device timeout_s
 *   [leds]          on_air network fault                  names in /sys/class/leds
 *
 * A fact is `line` (chip, active_low, bias) or a sensor; a sensor is `hwmon` + `input` or `label`,
 * `iio` + `input`, or `path`, with zero, multiply and divide. Groups that are left out are things
 * the board does not have. A line with two uses, a number that the kernel may change (hwmon2) and a
 * key that does not belong to what was chosen are mistakes. */
#include "linux/board_file.h"

#include <gio/gio.h>
#include <string.h>

#include "base/config.h"

#define MAX_LINE        1023
#define MAX_DEBOUNCE_MS 1000
#define MAX_FACTOR      1000000000
#define WATCHDOG_S      15 /* what a Raspberry Pi can at most */
#define WATCHDOG_MAX_S  600

typedef struct Reading {
    Config *config;
    char *chip;         /* of [gpio] */
    GHashTable *in_use; /* "chip line" of every line */
} Reading;

static char *none_if_empty(char *text)
{
    if (*text)
        return text;
    g_free(text);
    return NULL;
}

static char *take_text(const Reading *reading, const char *group, const char *key)
{
    return none_if_empty(config_take_string(reading->config, group, key, ""));
}

/* For a key that another key of the group makes necessary. */
static void need(const Reading *reading, const char *group, const char *key)
{
    g_free(config_take_string(reading->config, group, key, NULL));
}

static char *take_chip(const Reading *reading, const char *group)
{
    char *chip = config_take_string(reading->config, group, "chip", reading->chip);
    return none_if_empty(chip);
}

static int take_offset(const Reading *reading, const char *group, const char *key, const char *chip)
{
    int line = (int)config_take_int(reading->config, group, key, -1, 0, MAX_LINE);
    if (line < 0)
        return -1;
    if (!chip)
        need(reading, group, "chip");
    if (!g_hash_table_add(reading->in_use, g_strdup_printf("%s %d", chip ? chip : "", line)))
        config_refuse(reading->config, group, key, "a line that nothing else uses");
    return line;
}

/* `input`: the line may have a bias. */
static void take_line(const Reading *reading, const char *group, bool input, GpioLine *line)
{
    line->chip = take_chip(reading, group);
    line->line = take_offset(reading, group, "line", line->chip);
    line->active_low = config_take_bool(reading->config, group, "active_low", false);
    if (input)
        line->bias = (GpioBias)config_take_choice(reading->config, group, "bias", GPIO_BIAS_AS_IS,
                                                  gpio_bias_words);
}

static void refuse_number(const Reading *reading, const char *group, const char *path)
{
    static const char *const numbered[] = {"/hwmon/hwmon", "iio:device", "/gpiochip"};
    for (unsigned i = 0; path && i < G_N_ELEMENTS(numbered); i++) {
        const char *found = strstr(path, numbered[i]);
        if (found && g_ascii_isdigit(found[strlen(numbered[i])]))
            config_refuse(reading->config, group, "path", "* for a number that changes (hwmon*)");
    }
}

static bool is_wired(const SensorPlace *place)
{
    return place->hwmon || place->iio || place->path;
}

/* Which input or label belongs to the device. */
static void take_input(const Reading *reading, const char *group, SensorPlace *place)
{
    if (place->path || !is_wired(place))
        return;
    place->input = take_text(reading, group, "input");
    place->label = place->hwmon ? take_text(reading, group, "label") : NULL;
    if (!place->input && !place->label)
        need(reading, group, "input");
    if (place->input && place->label)
        config_refuse(reading->config, group, "label", "either input or label");
    if (place->input && strchr(place->input, '/'))
        config_refuse(reading->config, group, "input", "a name without /");
}

static void take_sensor(const Reading *reading, const char *group, SensorPlace *place)
{
    place->hwmon = take_text(reading, group, "hwmon");
    place->iio = take_text(reading, group, "iio");
    place->path = none_if_empty(config_take_path(reading->config, group, "path", ""));
    refuse_number(reading, group, place->path);
    if (place->iio && place->hwmon)
        config_refuse(reading->config, group, "iio", "one of hwmon, iio, path");
    if (place->path && (place->hwmon || place->iio))
        config_refuse(reading->config, group, "path", "one of hwmon, iio, path");
    take_input(reading, group, place);
}

static void take_scaled(const Reading *reading, const char *group, SensorPlace *place)
{
    Config *config = reading->config;
    take_sensor(reading, group, place);
    if (!is_wired(place))
        return;
    place->zero = config_take_int(config, group, "zero", 0, -MAX_FACTOR, MAX_FACTOR);
    place->multiply = config_take_int(config, group, "multiply", 1, 1, MAX_FACTOR);
    place->divide = config_take_int(config, group, "divide", 1, 1, MAX_FACTOR);
}

static void take_fact(const Reading *reading, const char *group, BoardFactPlace *place)
{
    take_line(reading, group, true, &place->line);
    take_sensor(reading, group, &place->sensor);
    if (place->line.line >= 0 && is_wired(&place->sensor))
        config_refuse(reading->config, group, "line", "either a line or a sensor");
}

static void take_hid_relay(const Reading *reading, BoardFile *self)
{
    self->relay = (unsigned)config_take_int(reading->config, "amplifier", "relay", 1, 1, 8);
    self->relay_serial = take_text(reading, "amplifier", "serial");
    if (self->relay_serial && strlen(self->relay_serial) != 5)
        config_refuse(reading->config, "amplifier", "serial", "the 5 letters of the board");
}

static void take_amplifier(const Reading *reading, BoardFile *self)
{
    static const char *const drives[] = {"gpio", "hid_relay", "none", NULL};
    need(reading, "amplifier", "drive");
    self->amplifier.line = -1;
    self->drive =
        (BoardDrive)config_take_choice(reading->config, "amplifier", "drive", DRIVE_NONE, drives);
    if (self->drive == DRIVE_HID_RELAY)
        take_hid_relay(reading, self);
    if (self->drive != DRIVE_GPIO)
        return;
    take_line(reading, "amplifier", false, &self->amplifier);
    if (self->amplifier.line < 0)
        need(reading, "amplifier", "line");
}

static void take_buttons(const Reading *reading, BoardFile *self)
{
    Config *config = reading->config;
    GpioEdges *edges = &self->buttons;
    edges->chip = take_chip(reading, "buttons");
    edges->active_low = config_take_bool(config, "buttons", "active_low", true);
    edges->bias =
        (GpioBias)config_take_choice(config, "buttons", "bias", GPIO_BIAS_PULL_UP, gpio_bias_words);
    edges->debounce_ms =
        (unsigned)config_take_int(config, "buttons", "debounce_ms", 30, 0, MAX_DEBOUNCE_MS);
    for (unsigned i = 0; i < BOARD_BUTTONS; i++) {
        int line = take_offset(reading, "buttons", board_button_words[i], edges->chip);
        if (line < 0)
            continue;
        self->button_of[edges->count] = (BoardButton)i;
        edges->lines[edges->count++] = line;
    }
}

static void take_rest(const Reading *reading, BoardFile *self)
{
    Config *config = reading->config;
    self->watchdog = none_if_empty(config_take_path(config, "watchdog", "device", ""));
    self->watchdog_timeout_s =
        (unsigned)config_take_int(config, "watchdog", "timeout_s", WATCHDOG_S, 5, WATCHDOG_MAX_S);
    for (unsigned i = 0; i < BOARD_LEDS; i++) {
        self->leds[i] = take_text(reading, "leds", board_led_words[i]);
        if (self->leds[i] && strchr(self->leds[i], '/'))
            config_refuse(config, "leds", board_led_words[i], "a name in /sys/class/leds");
    }
}

static BoardFile *read_file(Config *config, GError **error)
{
    g_autoptr(BoardFile) self = g_new0(BoardFile, 1);
    g_autofree char *chip = config_take_string(config, "gpio", "chip", "");
    g_autoptr(GHashTable) in_use = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    const Reading reading = {.config = config, .chip = chip, .in_use = in_use};
    take_amplifier(&reading, self);
    take_buttons(&reading, self);
    take_fact(&reading, "read_back", &self->read_back);
    take_fact(&reading, "mains", &self->mains);
    take_fact(&reading, "tamper", &self->tamper);
    take_fact(&reading, "under_voltage", &self->under_voltage);
    take_scaled(&reading, "current", &self->current);
    take_scaled(&reading, "temperature", &self->temperature);
    take_scaled(&reading, "battery", &self->battery);
    take_rest(&reading, self);
    return config_finish(config, error) ? g_steal_pointer(&self) : NULL;
}

BoardFile *board_file_load(const char *path, GError **error)
{
    g_autoptr(Config) config = config_load(path, error);
    return config ? read_file(config, error) : NULL;
}

BoardFile *board_file_parse(const char *text, const char *name, GError **error)
{
    g_autoptr(Config) config = config_parse(text, name, error);
    return config ? read_file(config, error) : NULL;
}

static void clear_fact(BoardFactPlace *place)
{
    g_free(place->line.chip);
    sensor_place_clear(&place->sensor);
}

void board_file_free(BoardFile *self)
{
    if (!self)
        return;
    clear_fact(&self->read_back);
    clear_fact(&self->mains);
    clear_fact(&self->tamper);
    clear_fact(&self->under_voltage);
    sensor_place_clear(&self->current);
    sensor_place_clear(&self->temperature);
    sensor_place_clear(&self->battery);
    g_free(self->amplifier.chip);
    g_free(self->relay_serial);
    g_free(self->buttons.chip);
    g_free(self->watchdog);
    for (unsigned i = 0; i < BOARD_LEDS; i++)
        g_free(self->leds[i]);
    g_free(self);
}
