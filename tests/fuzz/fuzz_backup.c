/* The stream inside a backup, which anybody who knows a public key can have made. Whatever is taken
 * was whole: with its last block cut off it is not taken any more. */
#include "fuzz.h"

#include <gio/gio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "restore_read.h"

bool fuzz_accepted;
char *fuzz_why;

static bool is_taken(const uint8_t *data, size_t size)
{
    RestoredBackup backup;
    int fd = memfd_create("backup", MFD_CLOEXEC);
    g_autoptr(GError) error = NULL;
    if (fd < 0 || write(fd, data, size) != (ssize_t)size || lseek(fd, 0, SEEK_SET) != 0)
        g_error("no memory for a file");
    bool taken = restore_read(fd, NULL, &backup, &error);
    close(fd);
    fuzz_assert(taken == (error == NULL));
    return taken;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_accepted = is_taken(data, size);
    if (fuzz_accepted)
        fuzz_assert(!is_taken(data, size / 2));
    return 0;
}
