/* What the content worker tells its parent: lines of JSON on one descriptor. */
#pragma once

#include "content/peaks.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* Why there is no canonical file. `code` is one of unknown-type, broken, too-long, silent,
 * too-large, internal; NULL while nothing went wrong. */
typedef struct WorkerFailure {
    const char *code;
    char found[160]; /* English, printable ASCII */
    int64_t decoded_ms;
} WorkerFailure;

typedef struct WorkerResult {
    const char *type; /* mp3, aac, flac, amr, wav, m4a, webm, ogg */
    int64_t frames;   /* of the canonical file when decoded, 48 kHz */
    double input_lufs, output_lufs, output_dbtp, gain_db;
    const char *limited_by; /* NULL, or "gain" or "peak": why it is quieter than the target */
    unsigned sample_rate, channels; /* of the original */
    int64_t bytes;                  /* of the canonical file */
    Peaks peaks;                    /* of the canonical file */
} WorkerResult;

/* Keeps the first reason. Always false. */
bool worker_fail(WorkerFailure *self, const char *code, int64_t decoded_ms, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

/* `phases` finished (measuring, encoding, checking, ...), `part` of the one under way. How many
 * there will be is not known, so the figure creeps towards 1 and never reaches it. */
void worker_say_progress(int phases, double part);
void worker_say_failure(const WorkerFailure *failure);
void worker_say_result(const WorkerResult *result);
