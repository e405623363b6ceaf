/* The publisher: keeps every station's signed plan in line with broadcasts, bulletins and areas.
 *
 * Rooms say what changed; only the stations that the change touches are planned again, each at most
 * once for a burst of changes, and a plan that would say nothing new is not signed. */
#pragma once

#include "base/clock.h"
#include "db/database.h"
#include "fleet/signer.h"
#include "schedule/broadcast.h"

#define PUBLISHER_PAST_DAYS 2  /* a station may owe an answer for so long */
#define PUBLISHER_BATCH     32 /* stations of one signing job */

typedef struct Publisher Publisher;

typedef struct PublisherSettings {
    Database *database;
    const Signer *signer;
    const Clock *clock;
    int64_t epoch;
    /* After COMMIT, for each new plan. */
    void (*published)(const char *station, int64_t epoch, int64_t version, void *user);
    void *user;
} PublisherSettings;

Publisher *publisher_new(const PublisherSettings *settings);
void publisher_free(Publisher *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Publisher, publisher_free)

/* May be called inside a transaction: planning waits for the loop. */
void publisher_station_changed(Publisher *self, const char *station);
/* What an area says for all stations at or below it. */
void publisher_area_changed(const char *area, void *self);
void publisher_all_changed(Publisher *self);
void publisher_broadcast_changed(const Broadcast *broadcast, void *self);
void publisher_clips_changed(Publisher *self, const char *area); /* those of an area */
/* Before a group changes and again after: those who leave it and those who join are both touched.
 */
void publisher_group_changing(const char *group, void *self);
void publisher_bulletin_changed(const char *bulletin, void *self); /* a BulletinChanged */

/* Plans up to `max` waiting stations now (0 = all) and comes back when it is done; the loop does
 * the same by itself, in turns. Returns how many plans are new, -1 on error (the stations wait on).
 */
int publisher_run(Publisher *self, unsigned max, GError **error);
/* This station's plan, at once; waits for the threads if one of them has it. */
int publisher_run_station(Publisher *self, const char *station, GError **error);
unsigned publisher_waiting(const Publisher *self); /* those being signed do not count */
/* Every change that it was told of is in plans and log. */
bool publisher_is_idle(const Publisher *self);

/* A station took a plan: receipts may refer to it. Kept in memory until the flush. */
void publisher_plan_fetched(Publisher *self, const char *station, int64_t epoch, int64_t version);
bool publisher_flush(Publisher *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The plans' window moves with the days: call it now and then. */
void publisher_tick(Publisher *self);
