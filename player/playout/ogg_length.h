/* How long an Ogg/Opus file is, from its first and its last page. */
#pragma once

#include <glib.h>
#include <stdint.h>

/* 48 kHz frames; 0 = it is no such file. Nothing is decoded. */
int64_t ogg_length_frames(GBytes *file);
