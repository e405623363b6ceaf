/* The tree of areas, of any depth; nothing counts tiers. `path` is the ids from the top, joined and
 * closed by '/', e.g. "/a1/b2/", so that a subtree is a prefix. */
#pragma once

#include "db/database.h"

typedef struct Area {
    char *id;
    char *parent; /* NULL for the top */
    char *name;
    char *kind; /* free word shown to people: "province", "commune", "village" ... */
    char *path;
    char *zone; /* IANA time zone, inherited when the row has none; default Asia/Ho_Chi_Minh */
    bool one_person_approves; /* the creator may approve the own bulletin; never inherited */
} Area;

void area_free(Area *area);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Area, area_free)

/* NULL without error when there is none. */
Area *area_store_get(Database *database, const char *id, GError **error);
/* All areas at or below `top` (NULL = all), parents first. Elements are Area*. */
GPtrArray *area_store_list(Database *database, const char *top, GError **error);
/* Areas neither above nor below `path` whose name matches what somebody typed (NULL = all), by
 * name; at most `limit`. */
GPtrArray *area_store_beside(Database *database, const char *path, const char *typed,
                             unsigned limit, GError **error);
/* The ids of a path (char*), from the top. */
GPtrArray *area_store_ids(const char *path);
/* True when `id` is `top` or lies below it. */
bool area_store_within(Database *database, const char *id, const char *top);
bool area_store_add(Database *database, const Area *area, int64_t now_us,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct AreaChange {
    const char *name;                /* NULL = as it is */
    const bool *one_person_approves; /* NULL = as it is */
} AreaChange;

bool area_store_change(Database *database, const char *id, const AreaChange *change,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* "Asia/Ho_Chi_Minh" where no area says otherwise. */
#define AREA_ZONE_DEFAULT "Asia/Ho_Chi_Minh"
#define AREA_DEPTH_MAX    16
