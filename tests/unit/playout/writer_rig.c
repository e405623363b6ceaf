/* Two clocks are kept in step: the rig's and that of whatever fake card is open; a card opened
 * later is advanced to the rig's time before it plays. */
#include "writer_rig.h"

#include <math.h>

static Card *open_card(void *user, GError **error)
{
    Rig *rig = user;
    if (rig->refuse) {
        g_set_error(error, CARD_ERROR, CARD_ERROR_GONE, "no card");
        return NULL;
    }
    rig->opened++;
    rig->card = NULL;
    pass_time(rig, rig->open_takes);
    rig->card = card_fake_new(PERIOD, BUFFER);
    card_fake_advance(rig->card, (unsigned)rig->elapsed); /* its clock = ours */
    return rig->card;
}

static int64_t monotonic_ns(void *user)
{
    return BORN_NS + ((Rig *)user)->elapsed * 1000000000 / CARD_RATE;
}

static int64_t offset_ns(void *user)
{
    return ((Rig *)user)->offset_ns;
}

static void on_news(void *user)
{
    Rig *rig = user;
    unsigned news = voice_take_news(rig->voice);
    rig->news |= news;
    for (unsigned i = 0; i < rig->extras->len; i++) {
        Extra *extra = rig->extras->pdata[i];
        extra->news |= voice_take_news(extra->voice);
    }
}

/* Frame n of the item sounds as this on both channels. */
int16_t tone(int64_t frame)
{
    return (int16_t)(frame % 30000 + 1);
}

static void feed(Rig *rig)
{
    int64_t until = rig->stalls_at ? rig->stalls_at : rig->length;
    while (rig->fed < until && ring_room(rig->producer) > 0) {
        int16_t frame[2] = {tone(rig->fed), tone(rig->fed)};
        ring_put(rig->producer, frame, 1);
        rig->fed++;
    }
    if (rig->fed == rig->length)
        ring_finish(rig->producer);
}

static void feed_extra(Extra *extra)
{
    while (extra->fed < extra->length && ring_room(extra->producer) > 0) {
        int16_t frame[2] = {extra->level, extra->level};
        ring_put(extra->producer, frame, 1);
        extra->fed++;
    }
    if (extra->fed == extra->length)
        ring_finish(extra->producer);
}

static void feed_all(Rig *rig)
{
    feed(rig);
    for (unsigned i = 0; i < rig->extras->len; i++)
        feed_extra(rig->extras->pdata[i]);
}

/* Time goes by; what the card played is put where it was heard. */
void pass_time(Rig *rig, unsigned frames)
{
    unsigned before = rig->card ? card_fake_played(rig->card)->len / 2 : 0;
    if (rig->card)
        card_fake_advance(rig->card, frames);
    GArray *played = rig->card ? card_fake_played(rig->card) : NULL;
    for (unsigned i = 0; i < frames; i++) {
        unsigned at = 2 * (before + i);
        int16_t sample = played && at < played->len ? g_array_index(played, int16_t, at) : 0;
        g_array_append_val(rig->heard, sample);
    }
    rig->elapsed += frames;
}

void turn(Rig *rig)
{
    writer_step(rig->writer);
    if (!writer_has_card(rig->writer))
        rig->card = NULL;
}

void run(Rig *rig, double seconds)
{
    for (int64_t until = rig->elapsed + llround(seconds * SECOND); rig->elapsed < until;) {
        feed_all(rig);
        pass_time(rig, TURN);
        turn(rig);
    }
}

int64_t wall_us(const Rig *rig, int64_t elapsed)
{
    return (BORN_NS + elapsed * 1000000000 / CARD_RATE + rig->offset_ns) / 1000;
}

/* An item of `length` frames to start when `start` frames have gone by. */
Rig *given_item(int64_t start, int64_t length)
{
    static const WriterOps ops = {open_card, monotonic_ns, offset_ns, on_news};
    Rig *rig = g_new0(Rig, 1);
    rig->offset_ns = OFFSET;
    rig->heard = g_array_new(FALSE, FALSE, sizeof(int16_t));
    rig->writer = writer_new(&ops, rig);
    rig->ring = ring_new(NULL);
    rig->producer = ring_attach(ring_fd(rig->ring), NULL);
    rig->length = length;
    rig->extras = g_ptr_array_new();
    VoiceSettings settings = {.ring = rig->ring,
                              .id = 1,
                              .start_us = wall_us(rig, start),
                              .expect_frames = length,
                              .now_us = wall_us(rig, 0)};
    rig->voice = voice_new(&settings);
    writer_play(rig->writer, rig->voice);
    return rig;
}

Extra *add_voice(Rig *rig, const VoiceSettings *settings, int64_t length, int16_t level)
{
    Extra *extra = g_new0(Extra, 1);
    VoiceSettings whole = *settings;
    extra->ring = whole.ring = ring_new(NULL);
    extra->producer = ring_attach(ring_fd(extra->ring), NULL);
    extra->length = length;
    extra->level = level;
    extra->voice = voice_new(&whole);
    g_ptr_array_add(rig->extras, extra);
    feed_extra(extra);
    g_assert_true(writer_play(rig->writer, extra->voice));
    return extra;
}

static void extra_free(Extra *extra)
{
    voice_free(extra->voice);
    ring_free(extra->ring);
    ring_free(extra->producer);
    g_free(extra);
}

void rig_free(Rig *rig)
{
    writer_free(rig->writer);
    for (unsigned i = 0; i < rig->extras->len; i++)
        extra_free(rig->extras->pdata[i]);
    g_ptr_array_unref(rig->extras);
    voice_free(rig->voice);
    ring_free(rig->ring);
    ring_free(rig->producer);
    g_array_unref(rig->heard);
    g_clear_pointer(&rig->evidence.segments, g_array_unref);
    g_free(rig);
}
