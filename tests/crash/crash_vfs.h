/* SQLite on a Disk: the default VFS of this process. */
#pragma once

#include "disk.h"

struct sqlite3;

void crash_vfs_install(void);
/* SQLite's own random numbers (salts of the WAL) from here on. */
void crash_vfs_seed(uint64_t seed);
/* Files opened from now on lie on `disk`; those that are open stay where they are. */
void crash_vfs_mount(Disk *disk);
/* The connection that was opened last on the mounted disk, for pragmas of controls: a state that is
 * judged in the middle of an opening has one of its own, on its own disk. */
struct sqlite3 *crash_vfs_connection(void);
