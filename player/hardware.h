/* The board and the sound of a station, as its settings say. */
#pragma once

#include "board.h"
#include "playout/audio.h"
#include "settings.h"

/* Amplifier off, card closed. On false what was opened is in `ret_board` all the same. */
bool hardware_open(const Settings *settings, const Clock *clock, Board **ret_board,
                   Audio **ret_audio, GError **error) G_GNUC_WARN_UNUSED_RESULT;
