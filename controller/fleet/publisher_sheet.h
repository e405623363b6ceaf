/* What the plans of many stations have in common, printed and compressed once.
 *
 * Stations of one commune differ in their name, their key and the ids of their airings; all else of
 * the payload is the same text at the same place. A sheet holds that text, its base64 and its
 * deflated form, each in pieces between the ids, so that one more station costs a signature and a
 * few copies. Made on the loop, used by any thread; printing happens at the first use. */
#pragma once

#include "fleet/signer.h"
#include "wire/plan.h"

typedef struct PublisherSheet PublisherSheet;

/* `take_model` is the plan of any one of the stations; its ids do not matter. */
PublisherSheet *publisher_sheet_new(Plan *take_model);
PublisherSheet *publisher_sheet_ref(PublisherSheet *self);
void publisher_sheet_unref(PublisherSheet *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PublisherSheet, publisher_sheet_unref)
/* Once printed it may hold fewer airings than before: a plan has a largest size. */
const Plan *publisher_sheet_model(const PublisherSheet *self);

typedef char AiringId[AIRING_ID_HEX + 1];

/* Who gets a copy. epoch, version and issued_us 0 are for the fingerprint. */
typedef struct PublisherCopy {
    const char *station;
    const char *keyid;
    int volume_mdb;
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
char *publisher_sheet_fingerprint(PublisherSheet *self, const PublisherCopy *copy);
bool publisher_sheet_sign(PublisherSheet *self, const PublisherCopy *copy, const Signer *signer,
                          PublisherPaper *ret_paper, GError **error) G_GNUC_WARN_UNUSED_RESULT;
