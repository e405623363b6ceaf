/* Makes this station known to its controller: announces the key and waits until a person accepts
 * it. */
#pragma once

#include "link/connection.h"
#include "link/identity.h"

typedef struct EnrolSettings {
    Connection *connection;
    const Key *key;
    const char *dir; /* where the identity is kept */
    const char *model;
    const char *serial;
    void (*on_enrolled)(Identity *take_identity, void *user);
    void *user;
} EnrolSettings;

typedef struct Enrol Enrol;

Enrol *enrol_new(const EnrolSettings *settings);
void enrol_start(Enrol *self);
void enrol_free(Enrol *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Enrol, enrol_free)
