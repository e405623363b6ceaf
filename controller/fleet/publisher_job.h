/* A batch of plans to be printed and signed, away from the loop. Holds copies of all that it needs;
 * shares nothing but sheets and the signer, which any thread may use. */
#pragma once

#include "fleet/publisher_copy.h"

/* One station's order, and what became of it. */
typedef struct PublisherItem {
    char *station;
    char *keyid;
    int volume_mdb;
    PlanStanding standing;
    int64_t data_day_bytes, data_month_bytes;
    PublisherSheet *sheet; /* NULL = out of service */
    int64_t epoch;         /* of the newest plan; 0 = it has none */
    int64_t version;
    char *fingerprint;
    /* The answer: fingerprint and paper of a new version, or nothing because it would say the same.
     */
    bool is_new;
    char *new_fingerprint;
    PublisherPaper paper;
    int64_t new_version;
    bool is_logged; /* its airings stand in the log already */
} PublisherItem;

void publisher_item_free(PublisherItem *item);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PublisherItem, publisher_item_free)

typedef struct PublisherJob {
    const Signer *signer;
    int64_t epoch;     /* in force */
    int64_t issued_us; /* of what is signed now */
    GPtrArray *items;  /* PublisherItem* */
    GError *error;     /* the signer failed; nothing of the job counts */
} PublisherJob;

PublisherJob *publisher_job_new(const Signer *signer, int64_t epoch, int64_t issued_us);
void publisher_job_free(PublisherJob *job);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PublisherJob, publisher_job_free)
/* Any thread; at the end items hold their answers, or job->error says why not. */
void publisher_job_run(PublisherJob *job);

/* Jobs in other threads. */
typedef struct PublisherFlight PublisherFlight;
typedef void (*PublisherLanded)(PublisherFlight *flight, PublisherJob *job, void *user);

/* `landed` runs in the loop and owns the job; the flight is gone after it. */
PublisherFlight *publisher_flight_start(PublisherJob *take_job, PublisherLanded landed, void *user);
/* Waits for its thread and lands it now. */
void publisher_flight_finish(PublisherFlight *self);
/* Waits for its thread; `landed` will not be called. */
void publisher_flight_abandon(PublisherFlight *self);
