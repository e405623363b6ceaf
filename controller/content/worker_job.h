/* The work of the content worker, without the library that decodes: recognise, measure, encode,
 * check, correct, write. */
#pragma once

#include "content/worker_input.h"
#include "content/worker_report.h"

/* One sound being worked on. */
typedef struct WorkerSound {
    WorkerInput *input;
    const void *container;    /* the codec's own knowledge of the type */
    const char *type;         /* "mp3", "wav", ... */
    char words[64];           /* what the file is, for people */
    uint32_t promised_frames; /* MPEG frames, by the file's own header; 0 = not said */
    unsigned rate, channels;  /* of the file, once decoded */
    int64_t frames;           /* decoded so far, canonical rate */
} WorkerSound;

/* Gets decoded sound in order: canonical rate, one channel; it may be changed in place. */
typedef bool (*WorkerPcm)(float *pcm, size_t frames, void *data, WorkerFailure *failure);

typedef struct WorkerCodec {
    /* Fills type, words and container by the first bytes. */
    bool (*recognise)(WorkerSound *sound, WorkerFailure *failure);
    /* From the beginning to the end; may be called again. */
    bool (*decode)(WorkerSound *sound, WorkerPcm each, void *data, WorkerFailure *failure);
    /* Canonical encoding into `out`; finish frees, whatever happened before. */
    void *(*encode_start)(GByteArray *out);
    bool (*encode)(void *encoder, const float *pcm, size_t frames, WorkerFailure *failure);
    bool (*encode_finish)(void *encoder, WorkerFailure *failure);
} WorkerCodec;

/* Reads `input_fd`, writes the canonical file to `output_fd`. */
bool worker_job_run(const WorkerCodec *codec, int input_fd, int output_fd, WorkerResult *result,
                    WorkerFailure *failure);
