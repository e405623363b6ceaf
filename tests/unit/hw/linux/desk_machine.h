/* A machine on a desk for the Linux board: a root of plain files, and GPIO chips, a USB relay board
 * and a watchdog that answer ioctls as strictly as the kernel does. */
#pragma once

#include <stdint.h>

#include "linux/machine.h"

#define DESK_LINES 64

typedef struct DeskChip DeskChip;

typedef struct DeskMachine {
    Machine machine;
    char *root;
    GPtrArray *chips; /* DeskChip* */
    GPtrArray *lines; /* requests that were made */
    struct {
        char serial[6];
        uint8_t closed; /* a bit for each relay */
        bool stuck, gone;
        unsigned reports;           /* written */
    } relays[2];                    /* /dev/hidraw0 and 1 */
    int watchdog_s, watchdog_max_s; /* 0 = takes no timeout */
    unsigned feeds;
    GPtrArray *warnings; /* what was logged as a warning */
} DeskMachine;

DeskMachine *desk_machine_new(void);
void desk_machine_free(DeskMachine *self);

/* Folders above it are made. `path` begins with /. */
void desk_machine_write(const DeskMachine *self, const char *path, const char *text);
void desk_machine_remove(const DeskMachine *self, const char *path);
char *desk_machine_read(const DeskMachine *self, const char *path);
void desk_machine_link(const DeskMachine *self, const char *path, const char *target);

DeskChip *desk_machine_add_chip(DeskMachine *self, const char *node, const char *label);
/* Every ioctl on it and its lines fails with ENODEV, and its node goes. */
void desk_chip_unplug(DeskMachine *self, DeskChip *chip);
/* The electrical level, from outside; edges become events of whoever asked for them. */
void desk_chip_drive(DeskMachine *self, DeskChip *chip, unsigned line, bool high);
bool desk_chip_is_high(const DeskChip *chip, unsigned line);
bool desk_chip_is_taken(const DeskMachine *self, const DeskChip *chip, unsigned line);
/* Of the last request of the line: its flags, and the debounce period in µs. */
uint64_t desk_chip_flags(const DeskMachine *self, const DeskChip *chip, unsigned line,
                         uint32_t *ret_debounce_us);
/* How often the level of an output changed. */
unsigned desk_chip_changes(const DeskChip *chip, unsigned line);

/* /dev/hidraw<index> as a board called USBRelay2. */
void desk_machine_add_relay(DeskMachine *self, unsigned index, const char *serial);
