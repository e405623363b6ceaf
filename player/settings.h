/* loa-player's configuration file (docs/player.conf explains every key). */
#pragma once

#include "board.h"
#include "clock/trust.h"
#include "playout/relay_limits.h"

typedef struct Settings {
    char *data;       /* directory of everything that is kept */
    char *controller; /* base URL */
    char *ca_file;    /* NULL = the system's */
    char *limits;     /* the station's own limits; the file need not be there */
    char *carry;      /* where sticks appear; NULL = nowhere */
    char *clips;      /* messages of a station that nobody accepted; NULL = none */
    char *name;
    char *model;
    char *serial;
    char *device;
    char *mixer;         /* NULL = none */
    char *mixer_element; /* NULL = the first with a playback volume */
    char *decoder;
    RelayLimits relay;
    char *speaker; /* NULL = the pairing code is only shown */
    BoardKind board_kind;
    char *board_state;  /* simulated; NULL = memory only */
    char *board_socket; /* simulated; NULL = none */
    char *board_file;   /* linux */
    int current_min_ma;
    unsigned settle_ms;
    unsigned linger_ms;
    TrustSource clock_source;
} Settings;

Settings *settings_load(const char *path, GError **error);
void settings_free(Settings *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Settings, settings_free)
