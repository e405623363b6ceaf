/* A receipt: what one station says became of one airing. Made, chained and signed at the station;
 * its exact payload bytes are kept for good. Payload of ENVELOPE_TYPE_RECEIPT. */
#pragma once

#include "json.h"

#define RECEIPT_MAX_BYTES    (64 * 1024)
#define RECEIPT_BATCH_MAX    256
#define RECEIPT_MAX_SEGMENTS 256 /* of one item */
#define RECEIPT_MAX_ITEMS    64

typedef enum {
    OUTCOME_PLAYED,
    OUTCOME_PARTIAL,
    OUTCOME_MISSED,
    OUTCOME_CANCELLED,
    OUTCOME_UNKNOWN, /* the controller's word only */
} Outcome;
extern const char *const outcome_words[]; /* NULL-terminated */

typedef enum {
    REASON_NONE,
    REASON_NO_POWER,
    REASON_RESTART,
    REASON_NO_TIME,
    REASON_NO_MEDIA,
    REASON_BAD_MEDIA,
    REASON_DISPLACED,
    REASON_EXPIRED,
    REASON_DEVICE_FAULT,
    REASON_POLICY,
    REASON_LOCAL_STOP,
    REASON_UNSUPPORTED,
    REASON_LATE,
    REASON_DATA_BUDGET, /* the station's data for the day or the month is used up */
    REASON_MUTED,       /* silenced from the centre for a while */
} Reason;
extern const char *const reason_words[]; /* "" , "no_power", ... NULL-terminated */

typedef enum {
    RECEIPT_AIRING,
    RECEIPT_ALERT, /* one play of an alert: `broadcast` is the alert's id */
    RECEIPT_LOCAL, /* the same, ordered by a button at the station */
    RECEIPT_TEST,  /* a test tone; airing and `broadcast` are its id */
    RECEIPT_ORDER, /* volume or mute taken: `broadcast` says which, `repeat` its generation */
} ReceiptKind;
extern const char *const receipt_kind_words[]; /* NULL-terminated */

typedef struct ReceiptSegment {
    int64_t first_us; /* first and last sample at the converter, UTC µs */
    int64_t last_us;
    int64_t offset_frames; /* in the item, 48 kHz */
    int64_t frames;        /* that left the converter, by the hardware pointer */
    char *ended;           /* complete | stopped | device | media | crash */
    int source;            /* of a stream: which of the item's sources was heard; -1 = unsaid */
} ReceiptSegment;

typedef struct ReceiptItem {
    char *bulletin_version;
    char *sha256;        /* NULL for a stream */
    char *source;        /* of a stream: the address heard last; NULL = none was heard */
    GPtrArray *sources;  /* char*, of a stream: what the segments' `source` counts */
    int stands_for;      /* it stood in while the item of that number could not be heard; -1 = no */
    GPtrArray *segments; /* ReceiptSegment* */
} ReceiptItem;

typedef struct Receipt {
    ReceiptKind kind;
    char *station;
    char *keyid;
    int64_t counter; /* from 1, per station key, without gaps */
    char *boot_id;
    char *airing;
    char *broadcast;
    unsigned repeat; /* of an alert; 0 = first play. Of an order: its generation */
    int64_t plan_epoch;
    int64_t plan_version;
    int64_t planned_us;  /* nominal start */
    int64_t resolved_us; /* start the timeline decided on */
    Outcome outcome;
    Reason reason;
    int64_t late_by_ms;
    GPtrArray *items; /* ReceiptItem* */
    int gain_mdb;
    int clock_trust;        /* 0..3 */
    int64_t clock_error_ms; /* -1 = unknown */
    int evidence_grade;     /* 1..5, 0 = nothing sounded */
    double rms_dbfs;        /* not finite = nothing */
    double peak_dbfs;
    int64_t starved_frames;
    int64_t xruns;
    bool mixer_present;
    double mixer_db;
    bool mixer_muted;
    int64_t
        current_ma;   /* the least that the amplifier drew while it sounded; INT64_MIN = unknown */
    char *amplifier;  /* on | off | unknown, as read back while sounding */
    char *fault;      /* short word, or NULL */
    bool is_volatile; /* the journal could not be written */
    int64_t made_us;
    char previous[65]; /* SHA-256 of the previous receipt's payload; 64 zeros for the first */
} Receipt;

Receipt *receipt_new(void);
void receipt_free(Receipt *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Receipt, receipt_free)
ReceiptItem *receipt_item_new(const char *bulletin_version, const char *sha256);
void receipt_item_set_source(ReceiptItem *self, const char *url);
ReceiptSegment *receipt_item_add_segment(ReceiptItem *self); /* owned by the item */
void receipt_item_free(ReceiptItem *item);

Json *receipt_to_json(const Receipt *self);
/* Reads the verified bytes; a member listed in "critical" that is not known here is an error. */
Receipt *receipt_parse(const void *bytes, size_t length, GError **error);

#define RECEIPT_ERROR (receipt_error_quark())
GQuark receipt_error_quark(void);
