/* The small USB relay boards that call themselves USBRelay1 to USBRelay8 (USB ID 16c0:05df). */
#pragma once

#include "linux/machine.h"

#define HID_RELAY_SERIAL_LENGTH 5

typedef struct HidRelay HidRelay;

/* `relay` counts from 1. `serial`: which board, where there are several; NULL = there is only one.
 * `machine` outlives it. The board need not be plugged in yet. */
HidRelay *hid_relay_new(const Machine *machine, unsigned relay, const char *serial);
/* True when the board itself says that the relay has followed. That is its own word about the coil,
 * not about the contact. A board that was replugged is found again. */
bool hid_relay_set(HidRelay *self, bool on, GError **error);
void hid_relay_free(HidRelay *self); /* leaves the relay as it is; takes NULL */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HidRelay, hid_relay_free)
