/* Stations of an imported list that have not been paired yet: name and place wait for their key. */
#pragma once

#include "db/database.h"

typedef struct ExpectedStation {
    char *serial;
    char *name;
    char *area;
    int volume_mdb;
    double latitude, longitude; /* NAN = nobody said */
} ExpectedStation;

void expected_station_free(ExpectedStation *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ExpectedStation, expected_station_free)

/* NULL without error when the list has none. */
ExpectedStation *expected_store_get(Database *database, const char *serial, GError **error);
bool expected_store_put(Database *database, const ExpectedStation *expected, int64_t now_us,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool expected_store_remove(Database *database, const char *serial,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
