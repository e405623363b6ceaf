/* Orders that go down at once and live on their own, beside the plan: an alert, the cancel of one,
 * the stop of an airing, the volume of a station or its silence for a while. The same envelope goes
 * to every station; whom it means stands inside. Payload of ENVELOPE_TYPE_COMMAND; docs/protocol.md
 * describes every member. */
#pragma once

#include "wire/plan.h"
#include "wire/standing.h"

#define COMMAND_MAX_ENVELOPE   (160 * 1024) /* bytes of the JSON text, judged before parsing */
#define COMMAND_MAX_BYTES      (COMMAND_MAX_ENVELOPE / 4 * 3)
#define COMMAND_MAX_TARGETS    200
#define COMMAND_MAX_ITEMS      8
#define COMMAND_ID_HEX         32
#define COMMAND_SOUNDS_MAX     (48 * 1024) /* bytes of all sounds in one: some 16 s of speech */
#define COMMAND_EXPIRES_US     (INT64_C(6) * 3600 * G_USEC_PER_SEC) /* default of an alert */
#define COMMAND_EXPIRES_MAX    (INT64_C(24) * 3600 * G_USEC_PER_SEC)
#define COMMAND_EVERY_MIN_US   (INT64_C(60) * G_USEC_PER_SEC)
#define COMMAND_SEVERITY_MAX   5
#define COMMAND_SEVERITY_USUAL 3

typedef enum {
    COMMAND_ALERT,
    COMMAND_CANCEL,
    COMMAND_STOP,
    COMMAND_TEST,
    COMMAND_VOLUME,
    COMMAND_MUTE
} CommandKind;
extern const char *const command_kind_words[]; /* NULL-terminated, in this order */

typedef enum { COMMAND_AREA, COMMAND_STATION } CommandTargetKind;
extern const char *const command_target_words[];

typedef struct CommandTarget {
    CommandTargetKind kind;
    char *id;
    bool exclude;
    /* Area that accepted the group which names the target: its stations are meant although the
     * issuer does not stand above them. NULL = only those below the issuer. */
    char *accepted;
} CommandTarget;

/* A sound that comes along, so that nobody has to fetch it; by its hash, as everywhere. */
typedef struct CommandSound {
    char *sha256;
    GBytes *bytes;
} CommandSound;

typedef struct Command {
    CommandKind kind;
    char *id; /* 128 bits, hexadecimal */
    int64_t epoch;
    int64_t issued_us;
    int64_t expires_us; /* mandatory; at most COMMAND_EXPIRES_MAX after issued_us */
    char *issuer;       /* area; who is below it, or accepted its group, may be meant */
    char *author;       /* name as it stood then */
    GPtrArray *targets; /* CommandTarget* */
    /* ALERT */
    bool drill;        /* ranks as priority and says that it is one */
    unsigned severity; /* larger is graver, 1..COMMAND_SEVERITY_MAX */
    int level;         /* of the issuing area: 0 = top */
    int64_t every_us;  /* 0 = once */
    char *title;
    char *clip;        /* id of the prepared message */
    GPtrArray *items;  /* PlanItem* */
    GPtrArray *sounds; /* CommandSound*: of some of the items, or none */
    /* CANCEL */
    char *cancels; /* id of an alert */
    /* STOP */
    char *broadcast;
    int64_t planned_us; /* of the airing that ends, by its plan */
    /* TEST, VOLUME */
    int gain_mdb; /* of the tone, of the station; at most 0 */
    /* VOLUME, MUTE: the latest holds, whatever the order of arrival */
    int64_t generation;
    int64_t from_us, until_us; /* of MUTE; the same = lifted then */
} Command;

Command *command_new(CommandKind kind);
void command_free(Command *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Command, command_free)
void command_add_target(Command *self, CommandTargetKind kind, const char *id, bool exclude);
void command_add_accepted(Command *self, CommandTargetKind kind, const char *id,
                          const char *accepted);

/* False, and nothing is added, when all of them together would be more than COMMAND_SOUNDS_MAX. */
bool command_add_sound(Command *self, const char *sha256, GBytes *bytes);
/* NULL = it does not come along. Whether the bytes are what the hash says is not looked at. */
GBytes *command_peek_sound(const Command *self, const char *sha256);

Json *command_to_json(const Command *self);
/* Reads the verified bytes. Unknown members are ignored unless listed in "critical", which is an
 * error of code COMMAND_ERROR_UNSUPPORTED, as is an unknown kind. */
Command *command_parse(const void *bytes, size_t length, GError **error);

/* It sets how a station stands from now on: of these an older generation never replaces a later. */
bool command_is_standing(const Command *self);
/* True when the station is meant: a target names it directly or through an area, the issuer or the
 * area that accepted that target stands on its area path (char*, top first), and no target takes it
 * out. */
bool command_reaches(const Command *self, const char *station, const GPtrArray *area_path);

typedef enum { COMMAND_ERROR_FORMAT, COMMAND_ERROR_UNSUPPORTED } CommandError;
#define COMMAND_ERROR (command_error_quark())
GQuark command_error_quark(void);
