/* One clip is a plain array of up to a ring's worth of samples. It is made by the same decoder
 * child as everything else, into a ring of its own that nobody plays: when the ring is full, or the
 * clip at its end, the samples are copied and the child is let go. What cannot be decoded is left
 * out; the item that wants it will say why. */
#include "playout/held.h"

#include "playout/audio.h"
#include "playout/decoder.h"

#define LOOK_MS 50

typedef struct Clip {
    char *path;
    int16_t *samples; /* NULL: not decoded yet */
    unsigned frames;
    bool whole; /* there is no more of it */
    bool failed;
} Clip;

struct Held {
    char *program;
    GPtrArray *clips;
    Clip *filling; /* in `clips`; NULL = none */
    Ring *ring;
    Decoder *decoder;
    guint look;
};

static void fill_next(Held *self);

static void clip_free(gpointer data)
{
    Clip *clip = data;
    g_free(clip->path);
    g_free(clip->samples);
    g_free(clip);
}

static Clip *find(const Held *self, const char *path)
{
    for (unsigned i = 0; i < self->clips->len; i++) {
        Clip *clip = self->clips->pdata[i];
        if (g_str_equal(clip->path, path))
            return clip;
    }
    return NULL;
}

static void stop_filling(Held *self)
{
    if (self->look)
        g_source_remove(self->look);
    self->look = 0;
    self->filling = NULL;
    g_clear_pointer(&self->decoder, decoder_free);
    g_clear_pointer(&self->ring, ring_free);
}

static gboolean look(gpointer data)
{
    Held *self = data;
    Clip *clip = self->filling;
    bool finished = ring_finished(self->ring);
    unsigned frames = ring_available(self->ring);
    bool failed = ring_end(self->ring) == RING_FAILED || ring_broken(self->ring);
    if (!finished && !failed && frames < ring_capacity())
        return G_SOURCE_CONTINUE;
    clip->failed = failed || frames == 0;
    if (!clip->failed) {
        clip->samples = g_new(int16_t, (size_t)frames * RING_CHANNELS);
        clip->frames = ring_take(self->ring, clip->samples, frames);
        clip->whole = finished;
    }
    self->look = 0;
    stop_filling(self);
    fill_next(self);
    return G_SOURCE_REMOVE;
}

/* Both ends are seen in look(): the ring says all there is to know. */
static void on_decoded(G_GNUC_UNUSED const char *fault, G_GNUC_UNUSED void *user)
{
}

static void fill_next(Held *self)
{
    for (unsigned i = 0; i < self->clips->len && !self->filling; i++) {
        Clip *clip = self->clips->pdata[i];
        if (clip->samples || clip->failed)
            continue;
        self->ring = ring_new(NULL);
        DecoderSettings settings = {
            .program = self->program, .path = clip->path, .ring = self->ring};
        if (self->ring)
            self->decoder = decoder_new(&settings, on_decoded, self, NULL);
        clip->failed = !self->decoder;
        if (clip->failed) {
            g_clear_pointer(&self->ring, ring_free);
            continue;
        }
        self->filling = clip;
        self->look = g_timeout_add(LOOK_MS, look, self);
    }
}

Held *held_new(const char *program)
{
    Held *self = g_new0(Held, 1);
    self->program = g_strdup(program);
    self->clips = g_ptr_array_new_with_free_func(clip_free);
    return self;
}

void held_free(Held *self)
{
    if (!self)
        return;
    stop_filling(self);
    g_ptr_array_unref(self->clips);
    g_free(self->program);
    g_free(self);
}

void held_set(Held *self, const char *const *paths)
{
    g_autoptr(GPtrArray) before = g_steal_pointer(&self->clips);
    self->clips = g_ptr_array_new_with_free_func(clip_free);
    stop_filling(self);
    for (; *paths && self->clips->len < AUDIO_MAX_HELD; paths++) {
        Clip *clip = NULL;
        for (unsigned i = 0; i < before->len && !clip; i++)
            if (g_str_equal(((Clip *)before->pdata[i])->path, *paths))
                clip = g_ptr_array_steal_index_fast(before, i);
        if (!clip) {
            clip = g_new0(Clip, 1);
            clip->path = g_strdup(*paths);
        }
        clip->failed = false;
        if (find(self, clip->path))
            clip_free(clip);
        else
            g_ptr_array_add(self->clips, clip);
    }
    fill_next(self);
}

bool held_pour(Held *self, const char *path, Ring *ring)
{
    const Clip *clip = find(self, path);
    if (!clip || !clip->samples)
        return false;
    ring_put(ring, clip->samples, clip->frames);
    if (clip->whole)
        ring_finish(ring);
    return true;
}
