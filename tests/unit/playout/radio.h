/* A small radio on loopback: MP3 streams as Icecast sends them (what lies in its queue at once,
 * then real time), and ways to fail.
 *
 *   /loud /soft /silent   a tone of half, a quarter and no amplitude, for ever
 *   /hushed               no amplitude until radio_wake(), then half
 *   /asleep               404 until radio_wake(), then /loud
 *   /stops                loud for a second, then the connection stays open without a byte
 *   /ends                 loud for two seconds, then closed
 *   /nothing              accepted, never answered
 *   anything else         404 */
#pragma once

#include <glib.h>

#define RADIO_BYTES_A_SECOND 8000

typedef struct Radio Radio;

Radio *radio_new(void);
void radio_free(Radio *self); /* when nobody listens any more */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Radio, radio_free)
void radio_wake(Radio *self);
char *radio_url(const Radio *self, const char *path);
unsigned radio_visits(Radio *self, const char *path); /* so far, of a programme */
