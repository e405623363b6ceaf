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
    BoardFact mains;        /* mains present */
    BoardFact amplifier;    /* the amplifier line as read back */
    int64_t current_ma;     /* amplifier supply current; INT64_MIN = unknown */
    int64_t temperature_mc; /* milli-degrees Celsius; INT64_MIN = unknown */
    int64_t battery_mv;     /* INT64_MIN = none */
} BoardReadings;

typedef enum {
    BOARD_BUTTON_STOP,
    BOARD_BUTTON_ALERT1,
    BOARD_BUTTON_ALERT2,
    BOARD_BUTTON_ALERT3,
    BOARD_BUTTON_ALERT4
} BoardButton;

typedef struct BoardOps {
    bool (*set_amplifier)(Board *self, bool on, GError **error);
    void (*read)(Board *self, BoardReadings *ret);
    void (*feed_watchdog)(Board *self);
    void (*free)(Board *self);
} BoardOps;

struct Board {
    const BoardOps *ops;
    const char *name;
    void (*on_button)(BoardButton button, void *user); /* set by the owner; called from the loop */
    void *on_button_user;
};

/* The board of a station on a desk. Keeps its pins in `state_path` (a key file that a test or a
 * person can read and fake sensors in; see sim/board_sim.c), with the wall time of each change
 * appended to `state_path`.log as JSON lines. NULL = memory only. */
Board *board_sim_new(const char *state_path, GError **error);
/* Presses a button of the simulated board: calls on_button at once. */
void board_sim_press(Board *self, BoardButton button);
int64_t board_sim_watchdog_feeds(Board *self);

bool board_set_amplifier(Board *self, bool on, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void board_read(Board *self, BoardReadings *ret_readings);
void board_feed_watchdog(Board *self);
void board_free(Board *self); /* takes NULL */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Board, board_free)
