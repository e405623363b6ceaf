/* What the content worker takes: the fixed way from a type to the elements that decode it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* What type finding says -> the demultiplexer that takes it apart (NULL: frames already). */
typedef struct WorkerContainer {
    const char *caps, *key, *demux;
    bool tells_length; /* asking it for a duration gives what the headers say, not an estimate */
} WorkerContainer;

/* What comes out of it -> what decodes it, at most two elements in order. */
typedef struct WorkerChain {
    const char *caps;
    const char *elements[2];
} WorkerChain;

extern const char *const worker_plugins[];
extern const size_t worker_plugins_count;
extern const WorkerContainer worker_containers[];
extern const size_t worker_containers_count;
extern const WorkerChain worker_chains[];
extern const size_t worker_chains_count;

/* Whether a track of this media type is no sound at all (pictures, subtitles, positions): such a
 * track is passed over undecoded, and its presence is no fault. */
bool worker_forms_is_silent_track(const char *media_type);
