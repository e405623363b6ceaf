/* What an airing that was begun has come to. Pure: from evidence to outcome, and never `played`
 * unless every sign says that it was heard. */
#pragma once

#include "board.h"
#include "playout/audio.h"
#include "wire/receipt.h"

typedef enum {
    STOP_NONE,
    STOP_CANCELLED, /* gone from a newer plan */
    STOP_SHUTDOWN,  /* the daemon was asked to end */
    STOP_LOCAL,     /* the stop button */
    STOP_DISPLACED, /* something of a higher rank */
    STOP_POLICY,    /* quiet hours */
    STOP_MUTED,     /* the centre wants silence */
    STOP_BUDGET,    /* no data left for a relay */
    STOP_POWER,     /* cut off by a crash, with a new boot since */
} StopCause;

typedef struct Account {
    int64_t expected_frames; /* of all items */
    int64_t played_frames;   /* that left the converter */
    int64_t stood_in_frames; /* of what stood in for it, that left the converter */
    bool complete;           /* every item came to its end with its frames */
    AudioEnd end;            /* of the item that was the last */
    StopCause stop;
    double rms_dbfs; /* after gain; -INFINITY = nothing */
    double gain_db;
    int64_t starved_frames;
    Reason lack; /* a relay or a file could not be heard for part of its time, or at all */
    bool mixer_present;
    bool mixer_muted;
    double mixer_db;
    BoardFact amplifier;       /* as read back while it sounded */
    int64_t least_ma, most_ma; /* the amplifier's current while it sounded; INT64_MIN = unknown */
    int current_min_ma;        /* less, and the horn is silent; 0 = not judged */
    int trust;                 /* of the clock at the start */
    const char *fault;         /* the audio's own word, or NULL */
} Account;

typedef struct Verdict {
    Outcome outcome;
    Reason reason;
    const char *fault; /* static, or the account's own */
    int grade; /* of the evidence: 0 nothing sounded, 2 the hardware's account, 3 and current */
} Verdict;

Verdict verdict_of(const Account *account);
/* 99.5 % of the frames, or all but 20 ms, so that a file's padding makes no item a partial one. */
bool verdict_is_whole(int64_t played_frames, int64_t expected_frames);
/* 98 % of the time that it had. */
bool verdict_stream_is_whole(int64_t played_frames, int64_t starved_frames);
