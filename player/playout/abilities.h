/* Which kinds of streams this machine can decode: looked up once, at the start. */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef struct Abilities Abilities;

/* Asks `decoder` (the path of loa-decode) in the background; `on_known` once it has answered. */
Abilities *abilities_new(const char *decoder, void (*on_known)(void *user), void *user);
void abilities_free(Abilities *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Abilities, abilities_free)
/* The decoder has answered, or will not. */
bool abilities_known(const Abilities *self);
/* A name of relay_format.h. Nothing is known to work before it has been seen to. */
bool abilities_has(const Abilities *self, const char *format);
