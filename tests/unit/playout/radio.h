/* A small radio on loopback: MP3 streams as Icecast sends them, and ways to fail.
 *
 *   /loud /soft /silent   a tone of half, a quarter and no amplitude, for ever
 *   /hushed               no amplitude until radio_wake(), then half
 *   /stops                loud for two seconds, then the connection stays open without a byte
 *   /ends                 loud for two seconds, then closed
 *   /nothing              accepted, never answered
 *   anything else         404 */
#pragma once

#include <glib.h>

typedef struct Radio Radio;

Radio *radio_new(const char *folder); /* its sounds are made in there */
void radio_free(Radio *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Radio, radio_free)
void radio_wake(Radio *self);
char *radio_url(const Radio *self, const char *path);
