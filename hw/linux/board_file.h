/* A board file: which line, sensor and light of a board does what. docs/boards has examples. */
#pragma once

#include "board.h"
#include "linux/gpio_line.h"
#include "linux/sensors.h"

typedef enum { DRIVE_GPIO, DRIVE_HID_RELAY, DRIVE_NONE } BoardDrive;

/* A fact is an input line or a sensor whose number is not 0; neither = the board cannot tell. */
typedef struct BoardFactPlace {
    GpioLine line;
    SensorPlace sensor;
} BoardFactPlace;

typedef struct BoardFile {
    BoardDrive drive;
    GpioLine amplifier;       /* DRIVE_GPIO */
    unsigned relay;           /* DRIVE_HID_RELAY; counts from 1 */
    char *relay_serial;       /* NULL = the only one */
    BoardFactPlace read_back; /* of the amplifier */
    GpioEdges buttons;
    BoardButton button_of[GPIO_MAX_EDGES]; /* beside buttons.lines */
    BoardFactPlace mains;
    BoardFactPlace tamper;
    BoardFactPlace under_voltage;
    SensorPlace current;
    SensorPlace temperature;
    SensorPlace battery;
    char *watchdog; /* NULL = none */
    unsigned watchdog_timeout_s;
    char *leds[BOARD_LEDS];
} BoardFile;

BoardFile *board_file_load(const char *path, GError **error);
/* `name` is what errors call it. */
BoardFile *board_file_parse(const char *text, const char *name, GError **error);
void board_file_free(BoardFile *self); /* takes NULL */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(BoardFile, board_file_free)
