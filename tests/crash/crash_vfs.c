/* Says and does what SQLite's unix VFS does where it matters for a power cut: the same sector size
 * and promises, the folder is synced with the first sync of a new journal or WAL and where xDelete
 * asks for it. One connection at a time per disk, so locks always succeed and the WAL index is
 * plain memory that is gone with the connection. */
#include "crash_vfs.h"

#include <sqlite3.h>
#include <string.h>

#define SECTOR_BYTES 4096 /* what SQLite assumes of a unix file */

typedef struct VfsFile {
    sqlite3_file base;
    Disk *disk;
    DiskFile *file;
    char *path;       /* NULL: temporary, without a name */
    bool sync_folder; /* with the next sync */
    bool drop;        /* when closed */
    GPtrArray *index; /* of the WAL, by region */
} VfsFile;

static Disk *mounted;
static Dice dice;
static GHashTable *connections; /* Disk -> the sqlite3 that was opened on it last */

/* A Disk is one folder, whatever that is called. */
static char *on_disk(const char *path)
{
    g_autofree char *name = g_path_get_basename(path);
    return g_strconcat("/", name, NULL);
}

static int vfs_close(sqlite3_file *base)
{
    VfsFile *self = (VfsFile *)base;
    if (self->drop && self->path)
        disk_unlink(self->disk, self->path);
    disk_file_unref(self->file);
    g_clear_pointer(&self->index, g_ptr_array_unref);
    g_free(self->path);
    return SQLITE_OK;
}

static int vfs_read(sqlite3_file *base, void *into, int amount, sqlite3_int64 offset)
{
    size_t length;
    const uint8_t *bytes = disk_file_bytes(((VfsFile *)base)->file, &length);
    size_t there = offset < (sqlite3_int64)length ? length - (size_t)offset : 0;
    size_t got = MIN(there, (size_t)amount);
    if (got > 0)
        memcpy(into, bytes + offset, got);
    memset((char *)into + got, 0, (size_t)amount - got);
    return got == (size_t)amount ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

static int vfs_write(sqlite3_file *base, const void *from, int amount, sqlite3_int64 offset)
{
    VfsFile *self = (VfsFile *)base;
    disk_file_write(self->disk, self->file, (uint64_t)offset, from, (size_t)amount);
    return SQLITE_OK;
}

static int vfs_truncate(sqlite3_file *base, sqlite3_int64 size)
{
    VfsFile *self = (VfsFile *)base;
    disk_file_truncate(self->disk, self->file, (uint64_t)size);
    return SQLITE_OK;
}

static void sync_folder_of(Disk *disk, const char *path)
{
    g_autofree char *folder = g_path_get_dirname(path);
    disk_sync_folder(disk, folder);
}

static int vfs_sync(sqlite3_file *base, G_GNUC_UNUSED int flags)
{
    VfsFile *self = (VfsFile *)base;
    disk_file_sync(self->disk, self->file);
    if (self->sync_folder && self->path)
        sync_folder_of(self->disk, self->path);
    self->sync_folder = false;
    return SQLITE_OK;
}

static int vfs_size(sqlite3_file *base, sqlite3_int64 *ret_size)
{
    size_t length;
    disk_file_bytes(((VfsFile *)base)->file, &length);
    *ret_size = (sqlite3_int64)length;
    return SQLITE_OK;
}

static int vfs_lock(G_GNUC_UNUSED sqlite3_file *base, G_GNUC_UNUSED int level)
{
    return SQLITE_OK;
}

static int vfs_check_reserved(G_GNUC_UNUSED sqlite3_file *base, int *ret_held)
{
    *ret_held = 0;
    return SQLITE_OK;
}

static int vfs_control(G_GNUC_UNUSED sqlite3_file *base, G_GNUC_UNUSED int what,
                       G_GNUC_UNUSED void *argument)
{
    return SQLITE_NOTFOUND;
}

static int vfs_sector_size(G_GNUC_UNUSED sqlite3_file *base)
{
    return SECTOR_BYTES;
}

static int vfs_promises(G_GNUC_UNUSED sqlite3_file *base)
{
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

static int vfs_index_map(sqlite3_file *base, int region, int size, int extend,
                         void volatile **ret_memory)
{
    VfsFile *self = (VfsFile *)base;
    if (!self->index)
        self->index = g_ptr_array_new_with_free_func(g_free);
    while (extend && self->index->len <= (guint)region)
        g_ptr_array_add(self->index, g_malloc0((gsize)size));
    *ret_memory = (guint)region < self->index->len ? self->index->pdata[region] : NULL;
    return SQLITE_OK;
}

static int vfs_index_lock(G_GNUC_UNUSED sqlite3_file *base, G_GNUC_UNUSED int offset,
                          G_GNUC_UNUSED int n, G_GNUC_UNUSED int flags)
{
    return SQLITE_OK;
}

static void vfs_index_barrier(G_GNUC_UNUSED sqlite3_file *base)
{
}

static int vfs_index_unmap(sqlite3_file *base, G_GNUC_UNUSED int delete)
{
    g_clear_pointer(&((VfsFile *)base)->index, g_ptr_array_unref);
    return SQLITE_OK;
}

static const sqlite3_io_methods file_methods = {
    .iVersion = 2,
    .xClose = vfs_close,
    .xRead = vfs_read,
    .xWrite = vfs_write,
    .xTruncate = vfs_truncate,
    .xSync = vfs_sync,
    .xFileSize = vfs_size,
    .xLock = vfs_lock,
    .xUnlock = vfs_lock,
    .xCheckReservedLock = vfs_check_reserved,
    .xFileControl = vfs_control,
    .xSectorSize = vfs_sector_size,
    .xDeviceCharacteristics = vfs_promises,
    .xShmMap = vfs_index_map,
    .xShmLock = vfs_index_lock,
    .xShmBarrier = vfs_index_barrier,
    .xShmUnmap = vfs_index_unmap,
};

static int vfs_open(G_GNUC_UNUSED sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *base,
                    int flags, int *ret_flags)
{
    VfsFile *self = (VfsFile *)base;
    g_autofree char *path = name ? on_disk(name) : g_strdup_printf("/unnamed-%p", (void *)base);
    DiskFile *file = disk_find(mounted, path);
    memset(self, 0, sizeof *self);
    if (!file && !(flags & SQLITE_OPEN_CREATE))
        return SQLITE_CANTOPEN;
    /* As os_unix.c does: by what the caller may create, not by what was missing. */
    self->sync_folder =
        flags & SQLITE_OPEN_CREATE && flags & (SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL);
    self->drop = flags & SQLITE_OPEN_DELETEONCLOSE;
    self->disk = mounted;
    self->file = disk_file_ref(file ? file : disk_create(mounted, path));
    self->path = g_steal_pointer(&path);
    self->base.pMethods = &file_methods;
    if (ret_flags)
        *ret_flags = flags;
    return SQLITE_OK;
}

static int vfs_delete(G_GNUC_UNUSED sqlite3_vfs *vfs, const char *name, int sync_folder)
{
    g_autofree char *path = on_disk(name);
    if (!disk_unlink(mounted, path))
        return SQLITE_IOERR_DELETE_NOENT;
    if (sync_folder)
        sync_folder_of(mounted, path);
    return SQLITE_OK;
}

static int vfs_access(G_GNUC_UNUSED sqlite3_vfs *vfs, const char *name, int what, int *ret_there)
{
    g_autofree char *path = on_disk(name);
    const DiskFile *file = disk_find(mounted, path);
    size_t length = 0;
    if (file)
        disk_file_bytes(file, &length);
    *ret_there = file && (what != SQLITE_ACCESS_EXISTS || length > 0);
    return SQLITE_OK;
}

static int vfs_full_path(G_GNUC_UNUSED sqlite3_vfs *vfs, const char *path, int size, char *ret_path)
{
    return g_strlcpy(ret_path, path, (gsize)size) < (gsize)size ? SQLITE_OK : SQLITE_CANTOPEN;
}

static int vfs_random(G_GNUC_UNUSED sqlite3_vfs *vfs, int size, char *ret_bytes)
{
    for (int i = 0; i < size; i++)
        ret_bytes[i] = (char)dice_below(&dice, 256);
    return size;
}

static int note_connection(sqlite3 *db, G_GNUC_UNUSED const char **ret_error,
                           G_GNUC_UNUSED const struct sqlite3_api_routines *api)
{
    if (!connections)
        connections = g_hash_table_new(NULL, NULL);
    g_hash_table_replace(connections, mounted, db);
    return SQLITE_OK;
}

void crash_vfs_install(void)
{
    static sqlite3_vfs vfs;
    vfs = *sqlite3_vfs_find(NULL); /* sleep and time stay its */
    vfs.zName = "crash";
    vfs.szOsFile = sizeof(VfsFile);
    vfs.xOpen = vfs_open;
    vfs.xDelete = vfs_delete;
    vfs.xAccess = vfs_access;
    vfs.xFullPathname = vfs_full_path;
    vfs.xRandomness = vfs_random;
    sqlite3_vfs_register(&vfs, 1);
    sqlite3_auto_extension((void (*)(void))note_connection);
}

void crash_vfs_seed(uint64_t seed)
{
    dice = dice_of(seed);
    sqlite3_randomness(0, NULL);
}

void crash_vfs_mount(Disk *disk)
{
    mounted = disk;
}

sqlite3 *crash_vfs_connection(void)
{
    return g_hash_table_lookup(connections, mounted);
}
