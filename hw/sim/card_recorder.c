/* The recording of a simulated card.
 *
 * A WAV of 48 kHz stereo S16LE, and one JSON line per event of the converter:
 *   {"event":"start","realtime_ns":..,"monotonic_ns":..,"frame":..,"rate":48000.96}
 * From a "start" (or a "clock": wall time was stepped) on, frame f of the WAV left the converter at
 * realtime_ns + (f - frame) / rate. Of two lines that fit, the later one counts. Time in which the
 * card did not run is between the lines and not in the WAV.
 *
 * Each frame has its fixed place in the file (pwrite), so a lost write never shifts what follows,
 * and silence is left as a hole: a station that idles for weeks fills no disk. The header is kept
 * right about once a second and at every event; a killed player leaves a file that can be read. */
#include "card_recorder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define HEADER_BYTES 44
#define FRAME_BYTES  (CARD_RECORDER_CHANNELS * 2)

struct CardRecorder {
    int wav; /* -1 = none */
    int log; /* -1 = none */
    int64_t frame;
    int64_t header_frame; /* frames that the header tells of */
};

static int64_t clock_ns(clockid_t id)
{
    struct timespec t;
    clock_gettime(id, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

CardInstant card_instant_now(void)
{
    CardInstant best = {0};
    int64_t narrowest = INT64_MAX;
    /* Whoever is interrupted between two reads tries again: the narrowest of five counts. */
    for (int i = 0; i < 5 && narrowest > 2000; i++) {
        int64_t before = clock_ns(CLOCK_MONOTONIC);
        int64_t wall = clock_ns(CLOCK_REALTIME);
        int64_t after = clock_ns(CLOCK_MONOTONIC);
        if (after - before >= narrowest)
            continue;
        narrowest = after - before;
        best = (CardInstant){.realtime_ns = wall, .monotonic_ns = before + (after - before) / 2};
    }
    return best;
}

static void put_u32(unsigned char *at, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        at[i] = (unsigned char)(value >> (8 * i));
}

/* The 44 bytes of the canonical PCM WAV header (Microsoft/IBM, 1991). Lengths stop at 4 GiB. */
static void fill_header(unsigned char header[HEADER_BYTES], int64_t frames)
{
    int64_t bytes = frames * FRAME_BYTES;
    uint32_t length = bytes > UINT32_MAX - 36 ? UINT32_MAX - 36 : (uint32_t)bytes;
    memcpy(header, "RIFF....WAVEfmt ....", 20);
    put_u32(header + 4, length + 36);
    put_u32(header + 16, 16);
    put_u32(header + 20, 1 | CARD_RECORDER_CHANNELS << 16); /* PCM, channels */
    put_u32(header + 24, CARD_RECORDER_RATE);
    put_u32(header + 28, CARD_RECORDER_RATE * FRAME_BYTES);
    put_u32(header + 32, FRAME_BYTES | 16 << 16); /* bytes a frame, bits a sample */
    memcpy(header + 36, "data", 4);
    put_u32(header + 40, length);
}

/* The length first, because trailing silence was never written. */
static void update_header(CardRecorder *self)
{
    unsigned char header[HEADER_BYTES];
    struct stat file;
    off_t end = HEADER_BYTES + self->frame * FRAME_BYTES;
    self->header_frame = self->frame;
    if (self->wav < 0)
        return;
    if (fstat(self->wav, &file) == 0 && file.st_size < end && ftruncate(self->wav, end) != 0)
        return; /* a full disk: the next update tries again */
    fill_header(header, self->frame);
    if (pwrite(self->wav, header, sizeof header, 0) != sizeof header)
        self->header_frame = -1;
}

/* Frames of an existing recording; 0 for a new file; -1 if it is somebody else's. */
static int64_t existing_frames(int fd)
{
    unsigned char wanted[HEADER_BYTES];
    unsigned char found[HEADER_BYTES];
    struct stat file;
    if (fstat(fd, &file) != 0)
        return -1;
    if (file.st_size == 0)
        return 0;
    if (pread(fd, found, sizeof found, 0) != sizeof found)
        return -1;
    fill_header(wanted, 0);
    memcpy(wanted + 4, found + 4, 4);
    memcpy(wanted + 40, found + 40, 4);
    if (memcmp(wanted, found, sizeof found) != 0)
        return -1;
    return (file.st_size - HEADER_BYTES) / FRAME_BYTES;
}

static bool open_wav(CardRecorder *self, const char *path)
{
    self->wav = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (self->wav < 0)
        return false;
    self->frame = existing_frames(self->wav);
    if (self->frame < 0) {
        errno = EEXIST;
        return false;
    }
    update_header(self);
    return true;
}

CardRecorder *card_recorder_new(const char *wav, const char *log)
{
    CardRecorder *self = calloc(1, sizeof *self);
    if (!self)
        return NULL;
    self->wav = self->log = -1;
    bool good = !wav || open_wav(self, wav);
    if (good && log) {
        self->log = open(log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
        good = self->log >= 0;
    }
    if (good)
        return self;
    int err = errno;
    self->frame = self->header_frame; /* what is not ours stays as it is */
    card_recorder_free(self);
    errno = err;
    return NULL;
}

void card_recorder_free(CardRecorder *self)
{
    if (!self)
        return;
    if (self->header_frame != self->frame)
        update_header(self);
    if (self->wav >= 0)
        close(self->wav);
    if (self->log >= 0)
        close(self->log);
    free(self);
}

int64_t card_recorder_frame(const CardRecorder *self)
{
    return self->frame;
}

static bool is_silent(const int16_t *samples, unsigned frames)
{
    for (unsigned i = 0; i < frames * CARD_RECORDER_CHANNELS; i++)
        if (samples[i])
            return false;
    return true;
}

void card_recorder_append(CardRecorder *self, const int16_t *samples, unsigned frames)
{
    off_t at = HEADER_BYTES + self->frame * FRAME_BYTES;
    self->frame += frames;
    if (self->wav >= 0 && !is_silent(samples, frames)) {
        ssize_t written = pwrite(self->wav, samples, (size_t)frames * FRAME_BYTES, at);
        (void)written; /* the converter does not wait for a disk */
    }
    if (self->frame - self->header_frame >= CARD_RECORDER_RATE)
        update_header(self);
}

void card_recorder_stamp(CardRecorder *self, const char *event, const char *reason,
                         CardInstant when, double rate)
{
    char line[256];
    update_header(self);
    if (self->log < 0)
        return;
    int length = snprintf(line, sizeof line,
                          "{\"event\":\"%s\",\"realtime_ns\":%lld,\"monotonic_ns\":%lld,"
                          "\"frame\":%lld,\"rate\":%.6f%s%s%s}\n",
                          event, (long long)when.realtime_ns, (long long)when.monotonic_ns,
                          (long long)self->frame, rate, reason ? ",\"reason\":\"" : "",
                          reason ? reason : "", reason ? "\"" : "");
    ssize_t written = write(self->log, line, (size_t)length); /* one write: lines stay whole */
    (void)written;
}
