/* One station's own plan from a sheet: printed, compressed, signed. Any thread. */
#pragma once

#include "fleet/publisher_sheet.h"
#include "fleet/signer.h"

/* Who gets a copy. epoch, version and issued_us 0 are for the fingerprint. */
typedef struct PublisherCopy {
    const char *station;
    const char *keyid;
    int volume_mdb;
    PlanStanding standing;
    int64_t data_day_bytes, data_month_bytes; /* 0 = no limit of its own */
    int64_t epoch, version, issued_us;
} PublisherCopy;

typedef struct PublisherPaper {
    AiringId *ids;   /* one per airing of the model */
    GBytes *gzip;    /* of the signed envelope */
    char sha256[65]; /* of the payload */
} PublisherPaper;

void publisher_paper_clear(PublisherPaper *paper);

/* SHA-256 of all that a plan says but its version and time of issue. */
char *publisher_copy_fingerprint(PublisherSheet *self, const PublisherCopy *copy);
bool publisher_copy_sign(PublisherSheet *self, const PublisherCopy *copy, const Signer *signer,
                         PublisherPaper *ret_paper, GError **error) G_GNUC_WARN_UNUSED_RESULT;
