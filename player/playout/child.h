/* One `loa-decode` process: confined between fork and exec, with the ring as descriptor 3 and, for
 * a file, the media as descriptor 4. It opens no other path and dies with us. */
#pragma once

#include "playout/ring.h"

#include <gio/gio.h>
#include <sys/types.h>

typedef struct ChildSettings {
    const char *program;
    const char *const *arguments; /* NULL-terminated */
    const Ring *ring;
    int media_fd;       /* taken over, -1 = none */
    unsigned cpu_s;     /* processor time, seconds */
    unsigned space_mib; /* address space */
} ChildSettings;

GSubprocess *child_spawn(const ChildSettings *settings, GError **error);
pid_t child_pid(GSubprocess *child); /* 0 = dead already */
/* How long the thread of it that waited most was ready to run but others had the processor, since
 * it began; 0 where the kernel does not tell. */
int64_t child_waited_us(pid_t pid);
