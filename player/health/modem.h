/* What ModemManager knows of this station's way to the network. It may not be there, come later, or
 * go: then nothing is known, and nothing is ever guessed. */
#pragma once

#include "json.h"

#define MODEM_WEAK_PERCENT 20
#define MODEM_WELL_PERCENT 30 /* from here on it is no longer weak */

typedef struct ModemFacts {
    bool present;
    int signal_percent; /* -1 = not known */
    bool weak;
    int64_t rx_bytes; /* of all connections that ModemManager remembers; -1 = not known */
    int64_t tx_bytes;
    char technology[16]; /* "lte"; "" = not known */
    char network[64];    /* its name, as the network says it */
    char state[24];      /* "connected" */
} ModemFacts;

typedef struct Modem Modem;

/* Listens on the system bus; never blocks. `on_news`: worth telling the centre about, such as that
 * there is a modem at all, or that its signal has become weak. */
Modem *modem_new(void (*on_news)(void *user), void *user);
void modem_free(Modem *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Modem, modem_free)
const ModemFacts *modem_facts(const Modem *self);
/* The report of it; null without a modem. */
Json *modem_to_json(const ModemFacts *facts);
