/* Pins before sound: whatever comes of the card, the amplifier stands in its safe state first. */
#include "hardware.h"

bool hardware_open(const Settings *settings, const Clock *clock, Board **ret_board,
                   Audio **ret_audio, GError **error)
{
    *ret_board = board_open(&(BoardSettings){.kind = settings->board_kind,
                                             .state = settings->board_state,
                                             .socket = settings->board_socket,
                                             .file = settings->board_file},
                            error);
    if (!*ret_board)
        return false;
    *ret_audio = playout_new(&(AudioSettings){.device = settings->device,
                                              .mixer = settings->mixer,
                                              .mixer_element = settings->mixer_element,
                                              .decoder = settings->decoder,
                                              .relay = settings->relay,
                                              .clock = clock},
                             error);
    return *ret_audio != NULL;
}
