/* Reading the original by offset only, and the three headers that the demultiplexers do not judge:
 * ID3v2 tags (skipped, pictures and all, without a parser for them), the RIFF length and the frame
 * count of an MP3 file. Everything here treats the bytes as hostile. */
#include "content/worker_input.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TAGS_MAX 4

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

bool worker_input_wav_is_cut(WorkerInput *self)
{
    uint8_t head[12];
    if (!peek(self, head, sizeof head) || memcmp(head, "RIFF", 4) != 0)
        return false;
    const uint32_t promised = head[4] | head[5] << 8 | head[6] << 16 | (uint32_t)head[7] << 24;
    if (promised == 0 || promised >= 0x7fffff00u) /* written to a pipe: length not known */
        return false;
    return (int64_t)promised + 8 > self->size + 1; /* the padding byte is often forgotten */
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
