/* Reading the original by offset only, and the headers that the demultiplexers do not judge: ID3v2
 * tags (skipped, pictures and all, without a parser for them), the RIFF length, the box and segment
 * sizes of MP4 and WebM, and the frame count of an MP3 file. Everything here treats the bytes as
 * hostile. */
#include "content/worker_input.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHUNKS_MAX 1000
#define TAGS_MAX   4
#define BOXES_MAX  100000 /* two hours in fragments of a second, many times over */

bool worker_input_open(WorkerInput *ret_input, int fd)
{
    struct stat facts;
    if (fstat(fd, &facts) != 0 || !S_ISREG(facts.st_mode))
        return false;
    *ret_input = (WorkerInput){.fd = fd, .size = facts.st_size};
    return true;
}

WorkerInput worker_input_memory(const uint8_t *bytes, size_t length)
{
    return (WorkerInput){.fd = -1, .memory = bytes, .size = (int64_t)length};
}

gssize worker_input_read(WorkerInput *self, void *bytes, size_t length)
{
    const size_t left = (size_t)MAX(self->size - self->position, 0);
    length = MIN(length, left);
    if (length == 0)
        return 0;
    gssize got = (gssize)length;
    if (self->fd < 0)
        memcpy(bytes, self->memory + self->position, length);
    else
        got = pread(self->fd, bytes, length, self->base + self->position);
    self->position += MAX(got, 0);
    return got;
}

/* The first `length` bytes; false when there are fewer. */
static bool peek(WorkerInput *self, uint8_t *bytes, size_t length)
{
    self->position = 0;
    const bool whole = worker_input_read(self, bytes, length) == (gssize)length;
    self->position = 0;
    return whole;
}

/* Reads `length` bytes at `offset`; false when there are fewer. */
static bool peek_at(WorkerInput *self, uint64_t offset, uint8_t *bytes, size_t length)
{
    self->position = (int64_t)offset;
    const bool whole = worker_input_read(self, bytes, length) == (gssize)length;
    self->position = 0;
    return whole;
}

void worker_input_skip_tags(WorkerInput *self)
{
    uint8_t head[10];
    for (int i = 0; i < TAGS_MAX && peek(self, head, sizeof head); i++) {
        if (memcmp(head, "ID3", 3) != 0 || ((head[6] | head[7] | head[8] | head[9]) & 0x80) != 0)
            return;
        int64_t tag = (head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9]) + 10;
        if ((head[5] & 0x10) != 0)
            tag += 10; /* a footer */
        if (tag > self->size)
            return;
        self->base += tag;
        self->size -= tag;
    }
}

static uint32_t little_endian(const uint8_t *bytes)
{
    return bytes[0] | bytes[1] << 8 | bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

bool worker_input_wav_is_cut(WorkerInput *self)
{
    uint8_t head[12];
    if (!peek(self, head, sizeof head) || memcmp(head, "RIFF", 4) != 0)
        return false;
    const uint32_t promised = little_endian(head + 4);
    if (promised == 0 || promised >= 0x7fffff00u) /* written to a pipe: length not known */
        return false;
    return (int64_t)promised + 8 > self->size + 1; /* the padding byte is often forgotten */
}

void worker_input_drop_wav_tail(WorkerInput *self)
{
    uint8_t head[12];
    if (!peek(self, head, sizeof head) || memcmp(head, "RIFF", 4) != 0)
        return;
    uint64_t at = 12;
    for (int chunk = 0; chunk < CHUNKS_MAX && peek_at(self, at, head, 8); chunk++) {
        const uint64_t size = little_endian(head + 4);
        if (memcmp(head, "data", 4) != 0) {
            at += 8 + size + (size & 1);
            continue;
        }
        if (size > 0 && at + 8 + size < (uint64_t)self->size)
            self->size = (int64_t)(at + 8 + size);
        return;
    }
}

static uint64_t big_endian(const uint8_t *bytes, size_t length)
{
    uint64_t value = 0;
    for (size_t i = 0; i < length; i++)
        value = value << 8 | bytes[i];
    return value;
}

/* MP4: boxes of size and name in a row; the size 1 means that a long size follows, 0 the rest. */
static bool boxes_are_cut(WorkerInput *self)
{
    uint8_t head[16];
    uint64_t at = 0;
    for (int box = 0; box < BOXES_MAX && peek_at(self, at, head, 8); box++) {
        uint64_t size = big_endian(head, 4);
        if (size == 1 && peek_at(self, at, head, 16))
            size = big_endian(head + 8, 8);
        if (size < 8)
            return false;
        if (size > (uint64_t)self->size - at)
            return true;
        at += size;
    }
    return false;
}

/* A number of EBML: the zero bits in front say how many bytes it has. All ones: not known. */
static bool read_ebml_size(WorkerInput *self, uint64_t *at, uint64_t *ret_size)
{
    uint8_t bytes[8];
    if (!peek_at(self, *at, bytes, 1) || bytes[0] == 0)
        return false;
    const size_t length = (size_t)__builtin_clz(bytes[0]) - 24 + 1;
    if (!peek_at(self, *at, bytes, length))
        return false;
    const uint64_t mask = (UINT64_C(1) << (7 * length)) - 1;
    *ret_size = big_endian(bytes, length) & mask;
    *at += length;
    return *ret_size != mask;
}

/* WebM: a header and one segment; a recorder that is still writing leaves its size open. */
static bool segment_is_cut(WorkerInput *self)
{
    uint8_t id[4];
    uint64_t at = 4, size = 0;
    if (!read_ebml_size(self, &at, &size) || size > (uint64_t)self->size - at)
        return false;
    at += size;
    if (!peek_at(self, at, id, 4) || big_endian(id, 4) != 0x18538067)
        return false;
    at += 4;
    return read_ebml_size(self, &at, &size) && size > (uint64_t)self->size - at;
}

bool worker_input_film_is_cut(WorkerInput *self)
{
    uint8_t head[8];
    if (!peek(self, head, sizeof head))
        return false;
    if (memcmp(head + 4, "ftyp", 4) == 0)
        return boxes_are_cut(self);
    return big_endian(head, 4) == 0x1a45dfa3 && segment_is_cut(self);
}

uint32_t worker_input_mpeg_frames(WorkerInput *self)
{
    uint8_t head[256];
    if (!peek(self, head, sizeof head) || head[0] != 0xff)
        return 0;
    for (size_t at = 4; at + 12 <= sizeof head; at++) {
        const uint8_t *mark = head + at;
        if (memcmp(mark, "Xing", 4) != 0 && memcmp(mark, "Info", 4) != 0)
            continue;
        if ((mark[7] & 1) == 0)
            return 0;
        return (uint32_t)mark[8] << 24 | mark[9] << 16 | mark[10] << 8 | mark[11];
    }
    return 0;
}
