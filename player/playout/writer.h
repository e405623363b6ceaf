/* The one thread that owns the sound card.
 *
 * Without a voice the card is closed and the thread sleeps. With one or more, the card runs on
 * silence from the moment the voice is lent, so that the DAC clock has settled when the start
 * comes; a card that is missing is asked for again every 250 ms. Everything happens in
 * writer_step(), which never blocks: tests turn it by hand over a card in memory, writer_run()
 * turns it from a thread. */
#pragma once

#include "card.h"
#include "playout/voice.h"

typedef struct WriterOps {
    Card *(*open_card)(void *self, GError **error);
    int64_t (*monotonic_ns)(void *self);
    int64_t (*offset_ns)(void *self); /* wall time - CLOCK_MONOTONIC */
    void (*news)(void *self);         /* from the writer thread: a voice has news; must not block */
} WriterOps;

typedef struct Writer Writer;

Writer *writer_new(const WriterOps *ops, void *user);
void writer_free(Writer *self); /* ends the thread, closes the card; a lent voice is returned */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Writer, writer_free)
bool writer_run(Writer *self, GError **error);

/* Main loop. Lends a voice until it is done; false when AUDIO_MAX_ITEMS are lent already. Wake it
 * after turning a knob. */
bool writer_play(Writer *self, Voice *voice);
void writer_wake(Writer *self);

/* One turn; returns how long there is nothing to do unless the card or the owner calls: ms, -1 =
 * for ever. */
int writer_step(Writer *self);
bool writer_has_card(const Writer *self);

/* The machine's own clocks for WriterOps. */
int64_t writer_system_monotonic_ns(void);
int64_t writer_offset_ns(const Clock *clock); /* wall time of `clock` - CLOCK_MONOTONIC */
