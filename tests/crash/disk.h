/* A disk that can lose its power: what programs see, what is certainly on the platter, and the log
 * of everything in between. Holds whole paths; a folder is a file without content.
 *
 * Strict where POSIX is: fsync of a file keeps its content, not its name; fsync of a folder keeps
 * the names in it, not the folder's own. Until then any subset may be lost. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "dice.h"

#define DISK_SECTOR 512

typedef struct Disk Disk;
typedef struct DiskFile DiskFile;

Disk *disk_new(void);
void disk_free(Disk *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Disk, disk_free)
Disk *disk_copy(const Disk *self); /* of one that was just cut: nothing is under way */

/* Called before every change and every sync with the disk as it stands. */
void disk_watch(Disk *self, void (*before)(Disk *disk, void *user), void *user);

DiskFile *disk_find(const Disk *self, const char *path); /* borrowed; NULL when absent */
DiskFile *disk_create(Disk *self, const char *path);     /* borrowed; a new name, an empty file */
void disk_make_folder(Disk *self, const char *path);
bool disk_is_folder(const DiskFile *file);
bool disk_rename(Disk *self, const char *from, const char *to);
bool disk_unlink(Disk *self, const char *path);
void disk_sync_folder(Disk *self, const char *path); /* the names directly in it */

/* An open file outlives its name. */
DiskFile *disk_file_ref(DiskFile *file);
void disk_file_unref(DiskFile *file);
const uint8_t *disk_file_bytes(const DiskFile *file, size_t *ret_length);
void disk_file_write(Disk *self, DiskFile *file, uint64_t offset, const void *bytes, size_t length);
void disk_file_truncate(Disk *self, DiskFile *file, uint64_t length);
void disk_file_sync(Disk *self, DiskFile *file);

/* Faults on purpose, for controls: a sync that only says that it was one. */
typedef enum { DISK_LIES_NOT, DISK_LIES_FILES = 1, DISK_LIES_FOLDERS = 2 } DiskLies;
void disk_lie(Disk *self, DiskLies lies);

/* The power goes: a new disk with what is on the platter and a random part of what was under way,
 * sector by sector, now and then one full of noise; ends of files may be cut off or read as zeros.
 * `self` goes on untouched. */
Disk *disk_cut(const Disk *self, Dice *dice);
/* A worse disk: overwrites a few places of every file with anything. */
void disk_damage(Disk *self, Dice *dice);
/* Text for people: every file, what is durable of it and what is under way. */
char *disk_describe(const Disk *self);
/* All paths, folders before what is in them; char*. */
GPtrArray *disk_list(const Disk *self);
