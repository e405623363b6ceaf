/* The signed plan of one station: what it should sound in the coming weeks. Whole and idempotent.
 * Payload of ENVELOPE_TYPE_PLAN; docs/protocol.md describes every member. */
#pragma once

#include "json.h"
#include "timeline/timeline_span.h"
#include "wire/airing_id.h"
#include "wire/standing.h"

#define PLAN_MAX_BYTES    (4 * 1024 * 1024)
#define PLAN_MAX_AIRINGS  20000
#define PLAN_MAX_MEDIA    5000
#define PLAN_MAX_ITEMS    64 /* of one airing */
#define PLAN_MAX_CLIPS    32
#define PLAN_BUTTONS      4
#define PLAN_MAX_DEPTH    32 /* areas on a path */
#define PLAN_DAYS         35
#define PLAN_MAX_SPANS    64 /* of one kind in one policy */
#define PLAN_MAX_OFFSETS  16 /* changes of the local clock */
#define PLAN_MAX_SOURCES  8
#define PLAN_MAX_FALLBACK 4 /* of one item */

typedef enum {
    RANK_EMERGENCY,
    RANK_LIVE,
    RANK_PRIORITY,
    RANK_NORMAL,
    RANK_RELAY,
    RANK_FILLER,
} Rank;                                /* smaller wins */
extern const char *const rank_words[]; /* NULL-terminated, in this order */

typedef enum { CLASS_NORMAL, CLASS_PRIORITY, CLASS_EMERGENCY } AiringClass;
extern const char *const class_words[];

typedef enum { PREEMPT_RESUME, PREEMPT_RESTART, PREEMPT_DROP } OnPreempt;
extern const char *const on_preempt_words[];

typedef enum { ITEM_FILE, ITEM_SPEECH, ITEM_RELAY, ITEM_LIVE } PlanItemKind;
extern const char *const plan_item_words[];

/* One address of a stream; its format is a name of relay_format.h. */
typedef struct PlanSource {
    char *url, *format;
} PlanSource;

typedef struct PlanItem {
    PlanItemKind kind;      /* speech is a file, too, by the time that it is planned */
    char *bulletin;         /* id */
    char *bulletin_version; /* id */
    char *sha256;           /* canonical Ogg/Opus file; NULL of a stream */
    GPtrArray *sources;     /* PlanSource* of a relay, the best first; NULL = none */
    GPtrArray *fallback;    /* PlanItem*: files that stand in while it cannot be heard, the best
                               first; NULL = silence */
    int64_t frames;         /* 48 kHz */
    int gain_mdb;           /* 1/1000 dB, at most 0 */
    char *path;             /* of a stored clip outside the media cache; not on the wire */
} PlanItem;

typedef struct PlanAiring {
    char *id; /* 32 hexadecimal digits: docs/protocol.md says of what */
    char *broadcast;
    int64_t start_us;       /* nominal */
    int64_t start_by_us;    /* start + late tolerance */
    int64_t valid_until_us; /* 0 = open */
    int order;              /* total order among equals, set by the planner */
    int level;              /* of the issuing area; 0 = top */
    int64_t came_us;        /* approval; 0 = unsaid */
    uint32_t outputs;       /* bit per output; 0 = all */
    Rank rank;
    AiringClass class;
    OnPreempt on_preempt;
    int gain_mdb;
    char *title;
    char *issuer; /* area id that issued it */
    char *author; /* names as they stood when it was planned */
    char *approver;
    GPtrArray *items; /* PlanItem* */
    /* Of the id; not on the wire. */
    int64_t recurrence_us;
    unsigned repeat;
    unsigned main_item; /* that the log names the airing by */
} PlanAiring;

/* A prepared message that the station holds ready: for alerts, and for a button of its own. */
typedef struct PlanClip {
    char *id;
    char *title;
    unsigned severity; /* 1..5, larger is graver */
    unsigned button;   /* 1..PLAN_BUTTONS; 0 = none */
    bool drill;        /* the words that say that what follows is a drill */
    PlanItem *item;
} PlanClip;

typedef struct PlanMedia {
    char *sha256;
    int64_t bytes;
    int64_t needed_by_us;
} PlanMedia;

/* What one area of the path says; 0 and empty = nothing. */
typedef struct PlanPolicy {
    char *area;
    bool states_quiet;
    GArray *quiet;    /* TimelineSpan */
    GArray *windows;  /* TimelineWindow */
    GArray *ceilings; /* TimelineCeiling */
    int session_min, day_min;
    int64_t data_day_bytes, data_month_bytes;
} PlanPolicy;

typedef struct Plan {
    unsigned holders; /* see plan_hold() */
    char *station;
    char keyid[65]; /* of the station's key in force: binds receipts to the station; "" = unsaid */
    int64_t epoch;
    int64_t version;
    int64_t issued_us;
    int64_t from_us; /* airings that start in [from, until) are all here */
    int64_t until_us;
    GPtrArray *area_path;                     /* char*, top first, own area last */
    int utc_offset_s;                         /* of the station's area when issued */
    int volume_mdb;                           /* card mixer, at most 0 */
    PlanStanding standing;                    /* the generations behind that, and its silence */
    int64_t data_day_bytes, data_month_bytes; /* of the station itself; 0 = no limit of its own */
    GPtrArray *policies;                      /* PlanPolicy*, from the top area down */
    GArray *offsets;    /* TimelineOffset, ascending; the first holds from the beginning */
    GPtrArray *airings; /* PlanAiring*, by (start_us, order) */
    GPtrArray *media;   /* PlanMedia* */
    GPtrArray *clips;   /* PlanClip*; the first ones matter most */
} Plan;

/* The member "class" of a volume ceiling as a bit; 0 = it is left out. */
uint8_t plan_class_read(JsonForm *form);
Plan *plan_new(void);
/* One more holder of a finished plan; each lets go with plan_free(). One thread only. */
Plan *plan_hold(Plan *self);
void plan_free(Plan *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Plan, plan_free)
PlanAiring *plan_airing_new(void);
void plan_airing_free(PlanAiring *airing);
PlanAiring *plan_airing_copy(const PlanAiring *airing);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlanAiring, plan_airing_free)
PlanItem *plan_item_new(void);
void plan_item_free(PlanItem *item);
/* Goes on without us: what is not heard of it is gone. */
bool plan_item_is_stream(const PlanItem *item);
PlanPolicy *plan_policy_new(const char *area);
void plan_policy_free(PlanPolicy *policy);
void plan_item_add_source(PlanItem *item, const char *url, const char *format);
void plan_item_add_fallback(PlanItem *item, PlanItem *take_file);
unsigned plan_item_fallbacks(const PlanItem *item); /* how many stand ready to stand in */
PlanItem *plan_item_copy(const PlanItem *item);
Json *plan_item_to_json(const PlanItem *item);
void plan_item_read(JsonForm *form, PlanItem *item);
PlanClip *plan_clip_new(void);
void plan_clip_free(PlanClip *clip);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlanClip, plan_clip_free)
PlanMedia *plan_media_new(const char *sha256, int64_t bytes, int64_t needed_by_us);
void plan_media_free(PlanMedia *media);

Json *plan_to_json(const Plan *self);
/* The same without its airings, for who prints those itself: behind the id of each comes the tail,
 * which names its content by the number in `ret_contents` (one per airing). */
Json *plan_frame_to_json(const Plan *self, unsigned *ret_contents);
void plan_airing_print_tail(const PlanAiring *airing, unsigned content, GString *text);
/* Reads the verified bytes. Unknown members are ignored unless listed in "critical", which is an
 * error of code PLAN_ERROR_UNSUPPORTED. */
Plan *plan_parse(const void *bytes, size_t length, GError **error);

/* The id of an airing: SHA-256 over "loa airing v1", series, RECURRENCE-ID instant (µs), repeat
 * index and station, each closed by a line feed; first 128 bits in hexadecimal. */
char *plan_airing_id(const char *series, int64_t recurrence_us, unsigned repeat,
                     const char *station);

typedef enum { PLAN_ERROR_FORMAT, PLAN_ERROR_UNSUPPORTED } PlanError;
#define PLAN_ERROR (plan_error_quark())
GQuark plan_error_quark(void);
