/* Regression of DAC time on frame numbers over the last DAC_CLOCK_WINDOW readings.
 *
 * The slope is shrunk towards the nominal rate while the window is short: a ridge term says that
 * crystals are usually within 100 ppm and single readings within 50 µs, so that a line of eight
 * readings does not chase their jitter, and one of two seconds has found the crystal's error. A
 * second pass leaves out readings more than three deviations away: a reader that was preempted
 * between pointer and time stamp is late by milliseconds, never early. */
#include "playout/dac_clock.h"

#include <math.h>
#include <stddef.h>

#define JITTER_NS      50e3   /* of one reading */
#define CRYSTAL        100e-6 /* expected relative error of a crystal */
#define STRAY_NS       5e6    /* a reading this far off the line did not come from that line */
#define STRAYS_ALLOWED 1

typedef struct Line {
    double mid_frame, mid_ns, slope;
} Line;

static double nominal(const DacClock *self)
{
    return 1e9 / self->rate;
}

static double residual(const DacClock *self, const Line *line, unsigned i)
{
    return self->ns[i] - (line->mid_ns + (self->frame[i] - line->mid_frame) * line->slope);
}

/* Fits the readings that lie within `within` ns of `around` (all of them where it is NULL). */
static Line fit(const DacClock *self, const Line *around, double within)
{
    double sum_f = 0, sum_t = 0, n = 0, sff = 0, sft = 0;
    for (unsigned i = 0; i < self->count; i++) {
        if (around && fabs(residual(self, around, i)) > within)
            continue;
        sum_f += self->frame[i];
        sum_t += self->ns[i];
        n++;
    }
    if (n < 1)
        return *around;

    Line line = {.mid_frame = sum_f / n, .mid_ns = sum_t / n};
    for (unsigned i = 0; i < self->count; i++) {
        if (around && fabs(residual(self, around, i)) > within)
            continue;
        double f = self->frame[i] - line.mid_frame;
        sff += f * f;
        sft += f * (self->ns[i] - line.mid_ns - f * nominal(self));
    }
    double doubt = pow(JITTER_NS / (CRYSTAL * nominal(self)), 2);
    double limit = DAC_CLOCK_MAX_PPM * 1e-6 * nominal(self);
    line.slope = nominal(self) + fmax(-limit, fmin(limit, sft / (sff + doubt)));
    return line;
}

static double deviation(const DacClock *self, const Line *line)
{
    double sum = 0;
    for (unsigned i = 0; i < self->count; i++)
        sum += pow(residual(self, line, i), 2);
    return sqrt(sum / self->count);
}

static void refit(DacClock *self)
{
    Line line = fit(self, NULL, 0);
    line = fit(self, &line, fmax(3 * deviation(self, &line), 1e3));
    self->mid_frame = line.mid_frame;
    self->mid_ns = line.mid_ns;
    self->ns_per_frame = line.slope;
}

void dac_clock_init(DacClock *self, unsigned rate)
{
    *self = (DacClock){.rate = rate, .ns_per_frame = 1e9 / rate};
}

void dac_clock_reset(DacClock *self)
{
    dac_clock_init(self, (unsigned)self->rate);
}

void dac_clock_add(DacClock *self, int64_t frame, int64_t mono_ns)
{
    if (self->count && fabs((double)(mono_ns - dac_clock_ns(self, frame))) > STRAY_NS) {
        if (self->strays++ < STRAYS_ALLOWED)
            return;
        dac_clock_reset(self);
    }
    if (self->count == 0) {
        self->base_frame = frame;
        self->base_ns = mono_ns;
    }
    self->strays = 0;
    self->frame[self->next] = (double)(frame - self->base_frame);
    self->ns[self->next] = (double)(mono_ns - self->base_ns);
    self->next = (self->next + 1) % DAC_CLOCK_WINDOW;
    if (self->count < DAC_CLOCK_WINDOW)
        self->count++;
    refit(self);
}

bool dac_clock_ready(const DacClock *self)
{
    return self->count >= DAC_CLOCK_ENOUGH;
}

int64_t dac_clock_ns(const DacClock *self, int64_t frame)
{
    double from_mid = (double)(frame - self->base_frame) - self->mid_frame;
    return self->base_ns + llround(self->mid_ns + from_mid * self->ns_per_frame);
}

int64_t dac_clock_frame(const DacClock *self, int64_t mono_ns)
{
    double from_mid = (double)(mono_ns - self->base_ns) - self->mid_ns;
    return self->base_frame + llround(self->mid_frame + from_mid / self->ns_per_frame);
}

int64_t dac_clock_frame_at(const DacClock *self, int64_t real_us, int64_t offset_ns)
{
    return dac_clock_frame(self, real_us * 1000 - offset_ns);
}

double dac_clock_ppm(const DacClock *self)
{
    return (nominal(self) / self->ns_per_frame - 1) * 1e6;
}
