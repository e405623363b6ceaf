/* The packets of one Opus stream (RFC 7845) as samples at 48 kHz: mono or stereo, as its head says.
 * Used by loa-decode alone. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct Packets Packets;

/* Whether a packet is a head, with which a stream begins. */
bool packets_is_head(const void *packet, size_t length);
/* NULL: not the one form that is played (version 1, one or two channels without a mapping table).
 */
Packets *packets_new(const void *head, size_t length) G_GNUC_WARN_UNUSED_RESULT;
void packets_free(Packets *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Packets, packets_free)

unsigned packets_channels(const Packets *self);
/* Frames that `packet` sounds for, less what the head says to skip and less its last `trim` ones;
 * they lie at `*ret_samples`, interleaved, until the next call. A damaged packet is concealed by
 * as much sound as the one before it had; -1: too many of them in a row. */
int packets_decode(Packets *self, const void *packet, size_t length, unsigned trim,
                   const int16_t **ret_samples) G_GNUC_WARN_UNUSED_RESULT;
