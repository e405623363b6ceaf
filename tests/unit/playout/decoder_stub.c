/* Stands in for loa-decode and misbehaves as the "media" file says; what is Ogg goes to the real
 * one. Argument: frames to skip. */
#include "playout/ring.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define LENGTH 48000

static void put(Ring *ring, int64_t from, int64_t to)
{
    for (; from < to; from++) {
        int16_t frame[2] = {(int16_t)from, (int16_t)from};
        while (ring_put(ring, frame, 1) == 0)
            g_usleep(1000);
    }
}

static void be_the_real_one(char **argv)
{
    g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *folder = g_path_get_dirname(self);
    g_autofree char *real = g_build_filename(folder, "../../../player/loa-decode", NULL);
    lseek(4, 0, SEEK_SET);
    execv(real, argv);
}

int main(G_GNUC_UNUSED int argc, char **argv)
{
    char word[32] = {0};
    Ring *ring = ring_attach(3, NULL);
    int64_t skip = g_ascii_strtoll(argv[1], NULL, 10);
    bool first = skip == 0;
    if (!ring || read(4, word, sizeof word - 1) <= 0)
        return 1;

    if (g_str_has_prefix(word, "OggS"))
        be_the_real_one(argv);
    if (g_str_equal(word, "hang"))
        pause();
    if (g_str_equal(word, "crash-once") && first) {
        put(ring, 0, LENGTH / 4);
        abort();
    }
    if (g_str_equal(word, "hang-once") && first) {
        put(ring, 0, LENGTH / 4);
        pause();
    }
    if (g_str_equal(word, "hostile")) {
        uint64_t *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, 3, 0);
        page[0] = UINT64_MAX / 2;
        pause();
    }
    if (g_str_equal(word, "memory"))
        for (;;)
            memset(g_malloc(1 << 20), 1, 1 << 20);
    if (g_str_equal(word, "spin"))
        for (;;)
            ring_touch(ring);
    if (g_str_equal(word, "crash")) {
        put(ring, skip, skip + LENGTH / 4);
        abort();
    }
    put(ring, skip, LENGTH);
    ring_finish(ring);
    return 0;
}
