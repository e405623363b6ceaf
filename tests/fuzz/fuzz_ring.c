/* The ring's consumer against a producer that writes whatever it likes into the shared page: the
 * input is a list of steps, each a byte and up to nine more. */
#include "fuzz.h"

#include <sys/mman.h>

#include "playout/ring.h"

#define HEADER_BYTES 4096

bool fuzz_accepted;
char *fuzz_why;

static void consume(Ring *ring, uint8_t what, unsigned frames)
{
    static int16_t samples[RING_FRAMES * RING_CHANNELS];
    frames %= RING_FRAMES + 1;
    uint64_t before = ring_taken(ring);
    unsigned available = ring_available(ring);
    fuzz_assert(available <= RING_FRAMES);
    switch (what % 6) {
    case 0: fuzz_assert(ring_take(ring, samples, frames) <= frames); break;
    case 1: fuzz_assert(ring_skip(ring, frames) <= frames); break;
    case 2: fuzz_assert(ring_back(ring, frames) <= RING_GUARD); break;
    case 3: ring_end(ring); break;
    case 4: ring_restart(ring); break;
    default: ring_give_up(ring); break;
    }
    uint64_t after = ring_taken(ring);
    fuzz_assert(after <= before + RING_FRAMES && after + RING_GUARD >= before);
    ring_progress(ring);
    ring_has_room(ring);
    ring_finished(ring);
    fuzz_accepted = !ring_broken(ring);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(Ring) ring = ring_new(NULL);
    fuzz_assert(ring);
    uint8_t *page = mmap(NULL, HEADER_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, ring_fd(ring), 0);
    fuzz_assert(page != MAP_FAILED);
    for (size_t at = 0; at + 10 <= size; at += 10) {
        const uint8_t *step = data + at;
        unsigned frames = step[2] | (unsigned)step[3] << 8 | (unsigned)step[4] << 16;
        if (step[0] & 1)
            memcpy(page + step[1] % 128 / 8 * 8, step + 2, 8);
        else
            consume(ring, step[0] >> 1, frames);
    }
    munmap(page, HEADER_BYTES);
    return 0;
}
