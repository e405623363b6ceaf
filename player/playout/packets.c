/* libopus is called directly and not through GStreamer's opusdec, which decodes with
 * opus_multistream_decode(). In Debian's libopus that function asks the processor for its abilities
 * six times a packet: nothing on bare metal, but in a virtual machine each question costs more than
 * a millisecond of sound, and the decoder three times what it needs (docs/decisions/008). What is
 * heard is the same, bit for bit. */
#include "playout/packets.h"

#include <opus/opus.h>
#include <string.h>

#define RATE         48000
#define MAX_CHANNELS 2
#define MAX_FRAMES   5760 /* the longest packet, 120 ms */
#define FIRST_GUESS  960  /* frames of a damaged first packet */
#define MAX_BAD      10   /* in a row; more is no sound any more */

/* The head: "OpusHead", version, channels, pre-skip (2), rate (4), gain (2), mapping family. */
#define HEAD_BYTES   19
#define HEAD_VERSION 8
#define HEAD_SKIP    10
#define HEAD_GAIN    16
#define HEAD_FAMILY  18

struct Packets {
    OpusDecoder *decoder;
    unsigned channels;
    int skip;        /* frames still to be left out at the beginning */
    int last_frames; /* of the packet before */
    unsigned bad;
    int16_t samples[MAX_FRAMES * MAX_CHANNELS];
};

bool packets_is_head(const void *packet, size_t length)
{
    return length >= 8 && memcmp(packet, "OpusHead", 8) == 0;
}

static unsigned two_bytes(const uint8_t *at)
{
    return at[0] | (unsigned)at[1] << 8;
}

Packets *packets_new(const void *head, size_t length)
{
    const uint8_t *byte = head;
    int err;
    if (!packets_is_head(head, length) || length < HEAD_BYTES || byte[HEAD_VERSION] > 15 ||
        byte[HEAD_FAMILY] != 0 || byte[9] < 1 || byte[9] > MAX_CHANNELS)
        return NULL;
    Packets *self = g_new0(Packets, 1);
    self->channels = byte[9];
    self->skip = (int)two_bytes(byte + HEAD_SKIP);
    self->last_frames = FIRST_GUESS;
    self->decoder = opus_decoder_create(RATE, (int)self->channels, &err);
    if (self->decoder) /* Q7.8 dB */
        opus_decoder_ctl(self->decoder, OPUS_SET_GAIN((int16_t)two_bytes(byte + HEAD_GAIN)));
    return self->decoder ? self : (packets_free(self), NULL);
}

void packets_free(Packets *self)
{
    if (!self)
        return;
    if (self->decoder)
        opus_decoder_destroy(self->decoder);
    g_free(self);
}

unsigned packets_channels(const Packets *self)
{
    return self->channels;
}

static int decode(Packets *self, const void *packet, size_t length)
{
    int frames =
        opus_decode(self->decoder, packet, (opus_int32)length, self->samples, MAX_FRAMES, 0);
    self->bad = frames > 0 ? 0 : self->bad + 1;
    if (self->bad > MAX_BAD)
        return -1;
    if (frames <= 0)
        frames = opus_decode(self->decoder, NULL, 0, self->samples, self->last_frames, 0);
    self->last_frames = frames > 0 ? frames : self->last_frames;
    return frames;
}

int packets_decode(Packets *self, const void *packet, size_t length, unsigned trim,
                   const int16_t **ret_samples)
{
    int frames = decode(self, packet, length);
    if (frames < 0)
        return -1;
    frames -= MIN((int)MIN(trim, MAX_FRAMES), frames);
    int skip = MIN(self->skip, frames);
    self->skip -= skip;
    *ret_samples = self->samples + (size_t)skip * self->channels;
    return frames - skip;
}
