/* Stations that wait to be paired, and people who mistype codes. */
#pragma once

#include "db/database.h"

#define ENROLMENT_MAX_WAITING 1000
#define ENROLMENT_KEPT_US     (INT64_C(24) * 3600 * G_USEC_PER_SEC)
#define PAIRING_MAX_FAILURES  5
#define PAIRING_LOCK_US       (INT64_C(15) * 60 * G_USEC_PER_SEC)

typedef struct Enrolment {
    char *keyid;
    uint8_t public_key[32];
    char *code;
    char *model;
    char *serial;
    char *software;
    char *remote;
    int64_t first_us;
    int64_t last_us;
} Enrolment;

void enrolment_free(Enrolment *enrolment);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Enrolment, enrolment_free)

/* Adds, or refreshes what the station says of itself. False without error when too many wait. */
bool enrolment_store_put(Database *database, const Enrolment *enrolment, int64_t now_us,
                         GError **error);
/* NULL without error when it is not there or has expired. */
Enrolment *enrolment_store_get(Database *database, const char *keyid, int64_t now_us,
                               GError **error);
/* The one that waits with this code; NULL when there is none, or more than one. */
Enrolment *enrolment_store_by_code(Database *database, const char *code, int64_t now_us,
                                   GError **error);
bool enrolment_store_remove(Database *database, const char *keyid,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Longest waiting first. Elements are Enrolment*. */
GPtrArray *enrolment_store_list(Database *database, int64_t now_us, GError **error);

/* Until when a person may not pair; 0 = free. */
int64_t enrolment_store_locked_until(Database *database, const char *user, int64_t now_us,
                                     GError **error);
/* Counts one wrong code; the fifth within 15 minutes locks for 15 minutes. */
bool enrolment_store_failed(Database *database, const char *user, int64_t now_us,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool enrolment_store_succeeded(Database *database, const char *user,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
