/* Making, mapping and claiming the state file of a simulated card.
 *
 * Several programs may come at the same moment, so the first look is taken under a lock, on an
 * open-file-description lock of byte 0; byte 1 is the claim of the one who plays. The file is
 * really allocated, because touching a mapped hole on a full disk kills the process. */
#include "card_state.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stddef.h>
#include <sys/mman.h>
#include <unistd.h>

#define MAGIC 0x4c6f6131u /* "Loa1"; changes with the layout */

static int lock_byte(int fd, off_t byte, short type, int command)
{
    struct flock lock = {.l_type = type, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1};
    return fcntl(fd, command, &lock);
}

static void initialise(CardState *state)
{
    if (state->magic == MAGIC)
        return;
    atomic_store(&state->volume, CARD_STATE_VOLUME_MAX);
    state->magic = MAGIC;
}

static CardState *map_descriptor(int fd)
{
    int err = posix_fallocate(fd, 0, sizeof(CardState));
    if (err) {
        errno = err;
        return NULL;
    }
    CardState *state = mmap(NULL, sizeof *state, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    return state == MAP_FAILED ? NULL : state;
}

CardState *card_state_map(const char *path, int *ret_fd)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (fd < 0)
        return NULL;
    CardState *state = NULL;
    if (lock_byte(fd, 0, F_WRLCK, F_OFD_SETLKW) == 0) {
        state = map_descriptor(fd);
        if (state)
            initialise(state);
        lock_byte(fd, 0, F_UNLCK, F_OFD_SETLK);
    }
    if (state && ret_fd) {
        *ret_fd = fd;
        return state;
    }
    int err = errno;
    close(fd);
    errno = err;
    return state;
}

void card_state_unmap(CardState *state)
{
    if (state)
        munmap(state, sizeof *state);
}

bool card_state_claim(int fd)
{
    return lock_byte(fd, 1, F_WRLCK, F_OFD_SETLK) == 0;
}

double card_state_gain(int volume, int mute)
{
    if (mute || volume <= 0)
        return 0;
    return pow(10, (volume - CARD_STATE_VOLUME_MAX) * 0.5 / 20);
}
