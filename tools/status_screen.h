/* What the controller says, as one screen of text. Pure. */
#pragma once

#include <glib.h>

#include "json.h"

typedef struct StatusFacts {
    const Json *health;  /* of /healthz */
    const Json *home;    /* of /api/home */
    const char *metrics; /* of /metrics; NULL where this token may not see them */
    const char *url;
} StatusFacts;

/* `ret_needed` becomes true when somebody should look. Free with g_free(). */
char *status_screen(const StatusFacts *facts, bool vietnamese, bool *ret_needed);
