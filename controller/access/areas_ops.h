/* What access asks of the tree of areas, which lies one room further: handed over by the app. */
#pragma once

#include "access/access.h"

typedef struct AreasOps {
    /* The organisation itself: the area above all others. */
    bool (*make_top)(Database *database, const char *name, int64_t now_us, char **ret_id,
                     GError **error);
    /* Array of `Area` at or below any of the person's grants. NULL on error. */
    Json *(*list)(Database *database, const User *user, GError **error);
    /* NULL when there is none. Free with g_free(). */
    char *(*name)(Database *database, const char *id);
} AreasOps;
