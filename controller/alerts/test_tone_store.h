/* Test tones of stations, and what their receipts say of them. Rows are never deleted. */
#pragma once

#include "db/database.h"
#include "wire/receipt.h"

typedef struct TestTone {
    char *id;
    char *station;
    char *author; /* name; NULL = asked for at the pole */
    int64_t issued_us, expires_us;
    int gain_mdb;
    char *outcome; /* "" = no word yet */
    char *reason;
    char *fault;     /* or NULL */
    double rms_dbfs; /* NAN = unknown */
    int grade;
    int64_t ended_us;
} TestTone;

void test_tone_free(TestTone *tone);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TestTone, test_tone_free)

bool test_tone_store_add(Database *database, const TestTone *tone,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* NULL without error when there is none. */
TestTone *test_tone_store_get(Database *database, const char *id, GError **error);
/* The newest of a station; NULL without error when there is none. */
TestTone *test_tone_store_newest(Database *database, const char *station, GError **error);
/* Keeps what the station says; one that nobody here asked for is added. */
bool test_tone_store_note(Database *database, const Receipt *receipt,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
