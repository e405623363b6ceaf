/* What the controller signs when it closes airings that no station ever spoke of: which ones, in
 * which plan each stood, and which receipts of their stations it held by then. Payload of
 * ENVELOPE_TYPE_UNREPORTED; docs/protocol.md describes every member. */
#pragma once

#include "envelope.h"

#define SILENCE_AFTER_US    (INT64_C(60) * 86400 * G_USEC_PER_SEC) /* from the planned end on */
#define SILENCE_MAX_AIRINGS 500                                    /* of one entry */
#define SILENCE_MAX_HEADS   5000

typedef struct SilenceAiring {
    char *airing, *station, *broadcast;
    int64_t planned_us;
    int64_t plan_epoch, plan_version; /* in force at that time */
    char plan_sha256[65]; /* of its payload; "" = its body was not kept, or there is none */
} SilenceAiring;

/* The last receipt of a key that the controller held when it signed. */
typedef struct SilenceHead {
    char *station;
    char keyid[65];
    int64_t counter; /* 0 = none */
    char sha256[65]; /* of the payload */
} SilenceHead;

typedef struct Silence {
    int64_t number;    /* from 1, without gaps; 0 in entries from before they were chained */
    char previous[65]; /* SHA-256 of the payload of the entry before; zeros for the first */
    int64_t made_us;
    GPtrArray *airings; /* SilenceAiring* */
    GPtrArray *heads;   /* SilenceHead*: of every key of the stations named */
} Silence;

Silence *silence_new(void);
void silence_free(Silence *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Silence, silence_free)
SilenceAiring *silence_add(Silence *self, const char *station, const char *airing,
                           const char *broadcast, int64_t planned_us); /* owned by the entry */
void silence_add_head(Silence *self, const char *station, const char *keyid, int64_t counter,
                      const char *sha256);

Json *silence_to_json(const Silence *self);
/* Reads the verified bytes; a member listed in "critical" is an error. */
Silence *silence_parse(const void *bytes, size_t length, GError **error);
