/* How loud a sound is: EBU R 128 integrated loudness (ITU-R BS.1770) and true peak of one channel.
 */
#pragma once

#include <glib.h>
#include <stddef.h>

/* What stands for "nothing above the absolute gate" or "shorter than one 400 ms block". */
#define LOUDNESS_SILENT_LUFS (-120.0)

typedef struct Loudness Loudness;

Loudness *loudness_new(unsigned rate_hz);
void loudness_free(Loudness *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Loudness, loudness_free)

/* Samples of one channel, full scale = 1.0. */
void loudness_add(Loudness *self, const float *pcm, size_t frames);
double loudness_integrated_lufs(const Loudness *self); /* >= LOUDNESS_SILENT_LUFS */
double loudness_true_peak_db(const Loudness *self);    /* dBTP, >= -120 */
