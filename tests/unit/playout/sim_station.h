/* A simulated card with everything around it that a test of real sound needs: a folder of its own,
 * media made on the spot, the recording, and where in it a known sound lies. */
#pragma once

#include "playout/audio.h"

typedef struct SimStation SimStation;

/* `build`: the build folder with the simulated card's plugins and loa-decode. Points
 * ALSA_CONFIG_PATH at the card: one station a process. */
SimStation *sim_station_new(const char *build);
void sim_station_free(SimStation *self); /* removes the folder unless sim_station_keep() */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SimStation, sim_station_free)
void sim_station_keep(SimStation *self);
const char *sim_station_dir(const SimStation *self);

AudioSettings sim_station_settings(const SimStation *self); /* borrowed strings */
/* Changes the card: "unplugged=1", "stalled=1", "mute=1", "ppm=80". */
void sim_station_set(const SimStation *self, const char *assignment);

/* An Ogg/Opus sweep (mono, 24 kbit/s) of `seconds`; the path is the station's. */
const char *sim_station_make_sweep(SimStation *self, double seconds);
/* What another decoder makes of the sweep: interleaved stereo int16_t. */
GArray *sim_station_reference(const SimStation *self);

typedef struct SimOnset {
    bool found;
    double error_ms;    /* recorded instant of the reference's first frame - `at_us` */
    double correlation; /* of the compared stretch, 0..1 */
    double level_dbfs;  /* RMS of the recording there */
} SimOnset;

/* Looks in the recording, within 60 ms of `at_us`, for the reference from frame `from` on, compared
 * over `frames`. */
SimOnset sim_station_onset(const SimStation *self, int64_t at_us, const GArray *reference,
                           int64_t from, unsigned frames);
/* The loudest sample (0..32768) recorded in [from_us, to_us). */
int sim_station_peak(const SimStation *self, int64_t from_us, int64_t to_us);
