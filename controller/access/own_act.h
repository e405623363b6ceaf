/* Something a person does to accounts: the change and its line in the system log, both or none. */
#pragma once

#include "access/people.h"

/* NULL when `write` said true and all was committed, else the reply that says why not. */
Reply *own_act(People *people, Request *request,
               bool (*write)(People *people, Request *request, void *data, GError **error),
               void *data);
/* The line, in the area of the caller's own first role. Inside of `write`. */
bool own_act_note(People *people, const Request *request, const char *verb, const char *object,
                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
