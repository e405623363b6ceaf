/* Two states, one byte, one fsync per change. */
#include "journal/lost_mark.h"

#include <fcntl.h>
#include <glib.h>
#include <unistd.h>

struct LostMark {
    int file; /* -1: nowhere to keep it */
    bool was_set, is_set;
};

static bool write_mark(const LostMark *self, bool lost)
{
    return self->file >= 0 && pwrite(self->file, lost ? "1" : "0", 1, 0) == 1 &&
           fdatasync(self->file) == 0;
}

LostMark *lost_mark_open(const char *path)
{
    LostMark *self = g_new0(LostMark, 1);
    char kept = '0';
    self->file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    bool there = self->file >= 0 && pread(self->file, &kept, 1, 0) == 1;
    self->was_set = self->is_set = there && kept == '1';
    if (!there)
        (void)!write_mark(self, false);
    return self;
}

void lost_mark_free(LostMark *self)
{
    if (!self)
        return;
    if (self->file >= 0)
        close(self->file);
    g_free(self);
}

bool lost_mark_was_set(const LostMark *self)
{
    return self && self->was_set;
}

void lost_mark_set(LostMark *self, bool lost)
{
    if (self && self->is_set != lost && write_mark(self, lost))
        self->is_set = lost;
}
