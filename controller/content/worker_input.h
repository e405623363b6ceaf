/* The bytes that the content worker decodes: an inherited descriptor, or a file in memory. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct WorkerInput {
    int fd; /* -1: memory */
    const uint8_t *memory;
    int64_t base; /* bytes of tags skipped at the start */
    int64_t size; /* bytes behind the tags */
    int64_t position;
} WorkerInput;

/* False when `fd` is no regular file. */
bool worker_input_open(WorkerInput *ret_input, int fd);
WorkerInput worker_input_memory(const uint8_t *bytes, size_t length);

/* Reads at `position` and moves it; 0 at the end, -1 on a read error. */
gssize worker_input_read(WorkerInput *self, void *bytes, size_t length);

/* Moves the start behind ID3v2 tags, so that what follows is recognised for what it is. */
void worker_input_skip_tags(WorkerInput *self);

/* Cuts off what a WAV file has behind its samples, the padding byte of an odd length included: the
 * parser takes that byte for a chunk that is cut off. */
void worker_input_drop_wav_tail(WorkerInput *self);

/* What the headers promise. A WAV, MP4 or WebM header may promise more bytes than there are; an MP3
 * encoder writes the number of MPEG frames into the first one (0: it did not). */
bool worker_input_wav_is_cut(WorkerInput *self);
bool worker_input_film_is_cut(WorkerInput *self);
uint32_t worker_input_mpeg_frames(WorkerInput *self);
