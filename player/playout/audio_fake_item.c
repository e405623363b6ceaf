/* What of an item has sounded when: one from the first frame to the last, perhaps with a gap; a
 * stream in stretches between which it could not be heard. */
#include "playout/audio_fake_item.h"

#define RATE            48000
#define FRAMES_TO_US(f) ((f)*G_USEC_PER_SEC / RATE)

typedef struct FakeSpan {
    int64_t from_us, until_us; /* until 0 = still */
} FakeSpan;

AudioFakeItem *audio_fake_item_new(void)
{
    AudioFakeItem *item = g_new0(AudioFakeItem, 1);
    item->heard = g_array_new(FALSE, FALSE, sizeof(FakeSpan));
    return item;
}

void audio_fake_item_free(AudioFakeItem *item)
{
    if (item) {
        g_free(item->path);
        g_array_unref(item->heard);
    }
    g_free(item);
}

int64_t audio_fake_item_sounded(const AudioFakeItem *item, int64_t at_us)
{
    if (item->phase != AUDIO_FAKE_PLAYING)
        return 0;
    int64_t us = MAX(at_us - item->from_us, 0);
    if (item->gap_us) {
        int64_t before = FRAMES_TO_US(item->gap_after);
        us = us <= before ? us : MAX(before, us - item->gap_us);
    }
    return MIN(us * RATE / G_USEC_PER_SEC, MAX(item->frames, 0));
}

int64_t audio_fake_item_heard_us(const AudioFakeItem *item, int64_t frame)
{
    int64_t us = item->from_us + FRAMES_TO_US(frame);
    return item->gap_us && frame >= item->gap_after ? us + item->gap_us : us;
}

void audio_fake_item_add_segment(const AudioFakeItem *item, GArray *segments, int64_t from,
                                 int64_t frames, AudioEnd ended)
{
    AudioSegment segment = {
        .first_us = audio_fake_item_heard_us(item, from),
        .last_us = audio_fake_item_heard_us(item, from) + FRAMES_TO_US(frames - 1),
        .offset_frames = item->item.skip_frames + from,
        .frames = frames,
        .ended = ended,
    };
    if (frames > 0)
        g_array_append_val(segments, segment);
}

void audio_fake_item_open_span(AudioFakeItem *item, int64_t at_us)
{
    FakeSpan span = {.from_us = at_us};
    g_array_append_val(item->heard, span);
}

void audio_fake_item_close_span(AudioFakeItem *item, int64_t at_us)
{
    FakeSpan *last =
        item->heard->len ? &g_array_index(item->heard, FakeSpan, item->heard->len - 1) : NULL;
    if (last && !last->until_us)
        last->until_us = at_us;
}

int64_t audio_fake_item_add_spans(AudioFakeItem *item, GArray *segments, int64_t now_us,
                                  AudioEnd end)
{
    int64_t from = 0;
    audio_fake_item_close_span(item, now_us);
    for (unsigned i = 0; i < item->heard->len; i++) {
        FakeSpan span = g_array_index(item->heard, FakeSpan, i);
        AudioSegment segment = {
            .first_us = span.from_us,
            .last_us = span.until_us,
            .offset_frames = item->item.skip_frames + from,
            .frames = (span.until_us - span.from_us) * RATE / G_USEC_PER_SEC,
            .ended = i + 1 < item->heard->len ? AUDIO_END_MEDIA : end,
        };
        from += segment.frames;
        g_array_append_val(segments, segment);
    }
    return audio_fake_item_sounded(item, now_us) - from;
}

int64_t audio_fake_item_next_us(const AudioFakeItem *item)
{
    switch (item->phase) {
    case AUDIO_FAKE_IDLE: return AUDIO_FAKE_NEVER;
    case AUDIO_FAKE_PREPARED: return item->item.after ? AUDIO_FAKE_NEVER : item->stop_us;
    case AUDIO_FAKE_ARMED:
        return item->item.after ? AUDIO_FAKE_NEVER : MIN(item->stop_us, item->from_us);
    case AUDIO_FAKE_PLAYING: break;
    }
    int64_t next = MIN(item->frames, item->reported + AUDIO_FAKE_PROGRESS);
    return MIN(item->stop_us, audio_fake_item_heard_us(item, next));
}
