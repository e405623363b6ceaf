/* Stations that were accepted: identity, key, place. What they say of themselves lives in fleet. */
#pragma once

#include "db/database.h"

typedef struct Station {
    char *id;
    char *area;
    char *name;
    char *keyid; /* of the key in force */
    uint8_t public_key[32];
    char *serial;
    char *model;
    int volume_mdb;            /* goes out with the plan; at most 0 */
    int64_t volume_generation; /* of its orders; 0 = nobody ever gave one */
    int64_t mute_generation, mute_from_us, mute_until_us; /* silent then; as wire/standing.h */
    int data_day_mb, data_month_mb;                       /* of the SIM; 0 = no limit of its own */
    double latitude, longitude;                           /* WGS 84 degrees; NAN = nobody said */
    int64_t accepted_us;
    int64_t retired_us; /* 0 = in service */
    int64_t cloned_us;  /* since when its key is known to exist twice; 0 = it does not */
} Station;

#define DATA_MB (INT64_C(1000) * 1000) /* as SIM tariffs count */

void station_free(Station *station);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Station, station_free)

Station *station_store_get(Database *database, const char *id, GError **error);
/* By key id, also retired ones; NULL when unknown. */
Station *station_store_by_key(Database *database, const char *keyid, GError **error);
/* In service, by the number on the label; NULL when there is none. */
Station *station_store_by_serial(Database *database, const char *serial, GError **error);
/* In service, at or below an area. Elements are Station*. */
GPtrArray *station_store_in_area(Database *database, const char *area, GError **error);
/* Their ids by name, for lists of which few are shown: those that fit what somebody typed (name or
 * serial, accents or not); NULL or "" = all. Elements are char*. */
GPtrArray *station_store_search(Database *database, const char *area, const char *typed,
                                GError **error);
bool station_store_add(Database *database, const Station *station,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool station_store_rename(Database *database, const char *id, const char *name, const char *area,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool station_store_retire(Database *database, const char *id, int64_t now_us,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* NAN takes the place away. */
bool station_store_set_place(Database *database, const char *id, double latitude, double longitude,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Millions of bytes; 0 = no limit of its own. */
bool station_store_set_data(Database *database, const char *id, int day_mb, int month_mb,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Another volume than before is the next generation. */
bool station_store_set_volume(Database *database, const char *id, int volume_mdb,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool station_store_order_volume(Database *database, const char *id, int volume_mdb,
                                int64_t generation, GError **error) G_GNUC_WARN_UNUSED_RESULT;
typedef struct StationMute {
    int64_t generation, from_us, until_us;
} StationMute;
bool station_store_set_mute(Database *database, const char *id, const StationMute *mute,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
