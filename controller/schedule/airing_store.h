/* The log of airings: what was planned, and what became of it. One row for one airing, from the
 * moment it stands in a signed plan. */
#pragma once

#include "db/database.h"
#include "wire/plan.h"
#include "wire/receipt.h"

typedef struct Airing {
    char *id;
    int64_t planned_us;
    char *station;
    char *broadcast;
    char *area;
    char *area_path;
    char *title;
    char *class;
    int64_t duration_ms;
    int64_t start_by_us;
    char *author;
    char *approver;
    char *outcome; /* "" = no word yet */
    char *said_by; /* "", "controller", "station" */
    char *reason;
    int64_t started_us; /* 0 = it did not */
    int64_t ended_us;
    int64_t late_by_ms;
    int grade;                            /* 0: nothing sounded */
    double rms_dbfs, peak_dbfs, mixer_db; /* NAN = unknown */
    int64_t frames;
    int64_t xruns;
    int mixer_muted; /* -1 = unknown */
    char *amplifier;
    int clock_trust;
    int64_t receipt_counter; /* 0 = none */
    int64_t receipts;
    int64_t receipt_seq; /* in the ledger, of the one that counts; 0 = none */
    char *bulletin;
    char *bulletin_version;
    char *language;
    char *source; /* "speech", "audio"; "" = not known */
} Airing;

void airing_free(Airing *airing);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Airing, airing_free)

/* A plan for one station: `plan` may be that of another one which differs in its ids only. */
typedef struct AiringPlan {
    const char *station;
    const Plan *plan;
    const char (*ids)[AIRING_ID_HEX + 1]; /* one per airing of the plan */
} AiringPlan;

/* Writes one airing of a plan, or brings its row up to date until it has started. Who does not know
 * what the log says of the rest uses airing_store_sync.h. */
bool airing_store_put(Database *database, const AiringPlan *planned, unsigned index,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool airing_store_cancel(Database *database, int64_t planned_us, const char *id,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
int64_t airing_store_duration_ms(const PlanAiring *airing);
char *airing_store_path(const Plan *plan); /* "/a1/b2/" */
/* An airing to come is written each time; one of the past only when the log does not know it yet:
 * it was ordered in time and planned too late. */
bool airing_store_wants(Database *database, const char *station, const PlanAiring *airing,
                        const char *id, int64_t now_us);
/* Ids of airings of a station planned in [from, to) that were not cancelled here: a set. */
GHashTable *airing_store_known(Database *database, const char *station, int64_t from_us,
                               int64_t to_us, GError **error);

/* Where a receipt's airing stands; false without error when there is none of that station. A moved
 * airing is found by its id within two days of what the receipt says. */
bool airing_store_find(Database *database, const char *station, const char *id, int64_t near_us,
                       int64_t *ret_planned_us, GError **error);
/* Takes over what a receipt says, unless a receipt before it said that sound was played. */
bool airing_store_set_outcome(Database *database, int64_t planned_us, const Receipt *receipt,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Airings without a word that ended before `before_us`, at most `limit`: Airing*. */
GPtrArray *airing_store_silent(Database *database, int64_t before_us, unsigned limit,
                               GError **error);
/* Such a one becomes "unreported", said by the controller in the entry `entry`. */
bool airing_store_close(Database *database, int64_t planned_us, const char *id, int64_t entry,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct AiringFilter {
    int64_t from_us, to_us; /* planned start in [from, to) */
    const char *area_path;  /* "/a1/b2/": at or below; NULL = everywhere */
    bool area_is_small;     /* few of all stations lie there: look by area, not by time */
    const char *station;    /* NULL = all */
    const char *broadcast;  /* NULL = all */
    const char *outcome;    /* stored word, "" = no word yet; NULL = all */
    const char *class;      /* NULL = all */
    int64_t after_us;       /* with after_id: where the page before ended; after_id NULL = start */
    const char *after_id;
    unsigned limit;
} AiringFilter;

/* By its planned start, to the millisecond; NULL without error when there is none. */
Airing *airing_store_get(Database *database, int64_t planned_us, const char *id, GError **error);
/* Newest planned start first. Elements are Airing*. */
GPtrArray *airing_store_list(Database *database, const AiringFilter *filter, GError **error);
/* True when so few stations lie there that its own index is the shorter way through a long time. */
bool airing_store_area_is_small(Database *database, const char *area_path);

/* One broadcast at one time over many stations, by outcome. */
typedef struct AiringGroup {
    char *broadcast;
    char *title;
    char *class;
    char *outcome; /* stored word, "" = no word yet */
    int64_t planned_us;
    int64_t duration_ms;
    int64_t stations;
} AiringGroup;
void airing_group_free(AiringGroup *group);

/* Groups planned in [from, to) at or below an area ("/" = everywhere), oldest first. */
GPtrArray *airing_store_groups(Database *database, const char *area_path, int64_t from_us,
                               int64_t to_us, GError **error);
/* Stations of one group: char*. */
GPtrArray *airing_store_group_stations(Database *database, const char *area_path,
                                       const char *broadcast, int64_t planned_us, GError **error);
