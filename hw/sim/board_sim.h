/* The inside of the simulated board, for its socket. */
#pragma once

#include "board.h"

typedef struct BoardSocket BoardSocket;

/* Sets a key of [simulate]; NULL takes it away. */
bool board_sim_simulate(Board *board, const char *key, const char *value, GError **error);
/* Pins, sensors and lights as one JSON object; what is unknown is null. */
char *board_sim_show(Board *board);

/* `board` is simulated and outlives the socket. */
BoardSocket *board_socket_new(Board *board, const char *path, GError **error);
void board_socket_free(BoardSocket *self); /* takes NULL */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(BoardSocket, board_socket_free)
