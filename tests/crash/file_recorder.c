/* The real call comes first and is noted when it succeeded, so a power cut is tried before the Disk
 * knows of it. Files are told apart by the path of their descriptor. */
#include "file_recorder.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_MAX_CHARS 4096

/* The linker's names for the calls themselves and for what stands in front of them. */
int __real_open(const char *path, int flags, ...);
int __real_mkostemp(char *path, int flags);
ssize_t __real_write(int fd, const void *bytes, size_t length);
int __real_fsync(int fd);
int __real_rename(const char *from, const char *to);
int __real_unlink(const char *path);
int __real_ftruncate(int fd, off_t length);
int __real_mkdir(const char *path, mode_t mode);
int __real_g_mkdir_with_parents(const char *path, int mode);
int __wrap_open(const char *path, int flags, ...);
int __wrap_mkostemp(char *path, int flags);
ssize_t __wrap_write(int fd, const void *bytes, size_t length);
int __wrap_fsync(int fd);
int __wrap_rename(const char *from, const char *to);
int __wrap_unlink(const char *path);
int __wrap_ftruncate(int fd, off_t length);
int __wrap_mkdir(const char *path, mode_t mode);
int __wrap_g_mkdir_with_parents(const char *path, int mode);

static Disk *watched;
static char *watched_root;

void file_recorder_watch(Disk *disk, const char *root)
{
    g_free(watched_root);
    watched_root = g_strdup(root);
    watched = disk;
}

/* The path on the disk, or NULL when it is none of ours. */
static const char *inside(const char *path)
{
    size_t length = watched ? strlen(watched_root) : 0;
    if (!watched || strncmp(path, watched_root, length) != 0)
        return NULL;
    if (path[length] == '\0')
        return "/";
    return path[length] == '/' ? path + length : NULL;
}

static const char *inside_of(int fd, char path[PATH_MAX_CHARS])
{
    if (!watched)
        return NULL;
    char link[64];
    g_snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, PATH_MAX_CHARS - 1);
    path[MAX(length, 0)] = '\0';
    return inside(path);
}

static void note_file(const char *path)
{
    const char *mine = inside(path);
    if (mine && !disk_find(watched, mine) && !g_file_test(path, G_FILE_TEST_IS_DIR))
        disk_create(watched, mine);
}

int __wrap_open(const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    int fd = __real_open(path, flags, flags & O_CREAT ? va_arg(rest, mode_t) : 0);
    va_end(rest);
    if (fd >= 0 && flags & O_CREAT)
        note_file(path);
    return fd;
}

int __wrap_mkostemp(char *path, int flags)
{
    int fd = __real_mkostemp(path, flags);
    if (fd >= 0)
        note_file(path);
    return fd;
}

ssize_t __wrap_write(int fd, const void *bytes, size_t length)
{
    char path[PATH_MAX_CHARS];
    ssize_t written = __real_write(fd, bytes, length);
    const char *mine = written > 0 ? inside_of(fd, path) : NULL;
    DiskFile *file = mine ? disk_find(watched, mine) : NULL;
    if (file)
        disk_file_write(watched, file, (uint64_t)(lseek(fd, 0, SEEK_CUR) - written), bytes,
                        (size_t)written);
    return written;
}

int __wrap_fsync(int fd)
{
    char path[PATH_MAX_CHARS];
    const char *mine = inside_of(fd, path);
    DiskFile *file = mine ? disk_find(watched, mine) : NULL;
    if (mine && (!file || disk_is_folder(file)))
        disk_sync_folder(watched, mine);
    else if (file)
        disk_file_sync(watched, file);
    return mine ? 0 : __real_fsync(fd);
}

int __wrap_rename(const char *from, const char *to)
{
    int done = __real_rename(from, to);
    if (done == 0 && inside(from) && inside(to))
        disk_rename(watched, inside(from), inside(to));
    return done;
}

int __wrap_unlink(const char *path)
{
    int done = __real_unlink(path);
    if (done == 0 && inside(path))
        disk_unlink(watched, inside(path));
    return done;
}

int __wrap_ftruncate(int fd, off_t length)
{
    char path[PATH_MAX_CHARS];
    int done = __real_ftruncate(fd, length);
    const char *mine = done == 0 ? inside_of(fd, path) : NULL;
    if (mine && disk_find(watched, mine))
        disk_file_truncate(watched, disk_find(watched, mine), (uint64_t)length);
    return done;
}

static void note_folder(const char *path)
{
    const char *mine = inside(path);
    if (mine && !g_str_equal(mine, "/") && !disk_find(watched, mine))
        disk_make_folder(watched, mine);
}

int __wrap_mkdir(const char *path, mode_t mode)
{
    int done = __real_mkdir(path, mode);
    if (done == 0)
        note_folder(path);
    return done;
}

static void note_folders(const char *path)
{
    const char *mine = inside(path);
    if (!mine || g_str_equal(mine, "/"))
        return;
    g_autofree char *parent = g_path_get_dirname(path);
    note_folders(parent);
    note_folder(path);
}

int __wrap_g_mkdir_with_parents(const char *path, int mode)
{
    int done = __real_g_mkdir_with_parents(path, mode);
    if (done == 0)
        note_folders(path);
    return done;
}

static void empty(const char *folder)
{
    g_autoptr(GDir) entries = g_dir_open(folder, 0, NULL);
    for (const char *name; entries && (name = g_dir_read_name(entries));) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        if (__real_unlink(path) == 0)
            continue;
        empty(path);
        rmdir(path);
    }
}

static void lay_out_file(const DiskFile *file, const char *path)
{
    size_t length;
    const uint8_t *bytes = disk_file_bytes(file, &length);
    int fd = __real_open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0 || (length > 0 && __real_write(fd, bytes, length) != (ssize_t)length)) {
        perror(path);
        abort();
    }
    close(fd);
}

void file_recorder_lay_out(const Disk *disk, const char *folder)
{
    empty(folder);
    g_autoptr(GPtrArray) paths = disk_list(disk);
    for (unsigned i = 0; i < paths->len; i++) {
        g_autofree char *path = g_strconcat(folder, paths->pdata[i], NULL);
        const DiskFile *file = disk_find(disk, paths->pdata[i]);
        if (disk_is_folder(file))
            __real_mkdir(path, 0700);
        else
            lay_out_file(file, path);
    }
}
