/* A board with real pins, wired as its board file says. */
#pragma once

#include "board.h"
#include "linux/machine.h"

/* `machine` outlives the board; NULL = this machine. Only a mistake in the file is an error. */
Board *board_linux_new(const char *file, const Machine *machine, GError **error);
