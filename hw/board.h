/* Pins and sensors of a station's board, behind one small table.
 *
 * Every implementation starts with the amplifier off and leaves it off when it is freed. Reading a
 * sensor that the board does not have gives BOARD_UNKNOWN, never a guess. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct Board Board;

typedef enum { BOARD_UNKNOWN, BOARD_NO, BOARD_YES } BoardFact;

typedef struct BoardReadings {
    BoardFact mains;         /* mains present */
    BoardFact amplifier;     /* the amplifier line as read back */
    int64_t current_ma;      /* amplifier supply current; INT64_MIN = unknown */
    int64_t temperature_mc;  /* milli-degrees Celsius; INT64_MIN = unknown */
    int64_t battery_mv;      /* INT64_MIN = none */
    BoardFact tamper;        /* the case is open */
    BoardFact under_voltage; /* the board's own supply is too low now */
} BoardReadings;

typedef enum {
    BOARD_BUTTON_STOP,
    BOARD_BUTTON_ALERT1,
    BOARD_BUTTON_ALERT2,
    BOARD_BUTTON_ALERT3,
    BOARD_BUTTON_ALERT4,
    BOARD_BUTTON_TEST /* the technician's tone */
} BoardButton;

#define BOARD_BUTTONS 6

typedef enum { BOARD_LED_ON_AIR, BOARD_LED_NETWORK, BOARD_LED_FAULT } BoardLed;
#define BOARD_LEDS 3

typedef enum { BOARD_LIGHT_OFF, BOARD_LIGHT_ON, BOARD_LIGHT_BLINK } BoardLight;

/* The words of files and sockets, in the order of the enums; NULL at their end. */
extern const char *const board_button_words[];
extern const char *const board_led_words[];

typedef struct BoardOps {
    bool (*set_amplifier)(Board *self, bool on, GError **error);
    void (*read)(Board *self, BoardReadings *ret);
    void (*feed_watchdog)(Board *self);
    void (*set_led)(Board *self, BoardLed led, BoardLight light); /* NULL = there is none */
    void (*free)(Board *self);
} BoardOps;

struct Board {
    const BoardOps *ops;
    const char *name;
    void (*on_button)(BoardButton button, void *user); /* set by the owner; called from the loop */
    void *on_button_user;
};

typedef enum { BOARD_SIMULATED, BOARD_LINUX } BoardKind;
extern const char *const board_kind_words[]; /* NULL at their end */

/* What a kind does not use is not looked at. */
typedef struct BoardSettings {
    BoardKind kind;
    const char *state;  /* simulated: its key file; NULL = memory only */
    const char *socket; /* simulated: where `loa-simboard` reaches it; NULL = nowhere */
    const char *file;   /* linux: the board file; docs/boards explains its keys */
} BoardSettings;

/* The one place where a board is made. A board file with a mistake is an error; hardware that is
 * not there is not (the station must start and say so): setting the amplifier then fails, and is
 * tried anew at each call, and a sensor reads as unknown. */
Board *board_open(const BoardSettings *settings, GError **error);
/* Reads what board_open() would read, touches no hardware. Errors name file and line. */
bool board_check(const BoardSettings *settings, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The board of a station on a desk. Keeps its pins in `state_path` (a key file that a test or a
 * person can read and fake sensors in; see sim/board_sim.c), with the wall time of each change
 * appended to `state_path`.log as JSON lines. NULL = memory only. */
Board *board_sim_new(const char *state_path, GError **error);
/* Presses a button of the simulated board: calls on_button at once. */
void board_sim_press(Board *self, BoardButton button);
int64_t board_sim_watchdog_feeds(Board *self);
/* Takes commands from a unix socket until the board is freed; sim/board_socket.c lists them. A file
 * of that name is replaced if it is a socket. */
bool board_sim_listen(Board *self, const char *path, GError **error);

bool board_set_amplifier(Board *self, bool on, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void board_read(Board *self, BoardReadings *ret_readings);
void board_feed_watchdog(Board *self);
/* Does nothing where the board has no such light. */
void board_set_led(Board *self, BoardLed led, BoardLight light);
void board_free(Board *self); /* takes NULL */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Board, board_free)
