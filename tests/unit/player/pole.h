/* A station at the desk that takes orders: real alerts, conductor and journal, a key that signs. */
#pragma once

#include "alert/alerts.h"
#include "desk.h"

#define POLE_CLIP_S  10
#define POLE_STATION "station-1"

typedef struct Pole {
    Desk *desk;
    Key online;
    Identity identity;
    char *path, *standing;
    Alerts *alerts;
} Pole;

Pole *pole_new(void);
void pole_free(Pole *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Pole, pole_free)

/* The mains go and come back; `boot_id` NULL = only the player was killed. */
void pole_restart(Pole *self, const char *boot_id);
void pole_run_until(Pole *self, int64_t wall_us);

/* Of an hour, for the commune; its id is `fill`, 32 times. */
Command *pole_command(const Pole *self, CommandKind kind, char fill);
/* Its id is a; 0 minutes = once. */
Command *pole_alert(const Pole *self, const char *sha256, int every_minutes);
Command *pole_cancel(const Pole *self); /* of that */
char *pole_sign(const Pole *self, Command *take_command);
CommandCode pole_take(Pole *self, Command *take_command);
