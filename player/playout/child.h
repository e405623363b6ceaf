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

/* Since when a child gets nowhere though its ring has room. A child that waits for the processor is
 * not at fault: on a board that is busy with something else that time does not count. */
typedef struct ChildWatch {
    uint64_t progress; /* of the ring when it last moved */
    int64_t since_us;  /* monotonic */
    int64_t waited_us; /* child_waited_us() when it was first seen to get nowhere; -1 = not yet */
} ChildWatch;

/* With the start of the child. */
void child_watch_begin(ChildWatch *self, const Ring *ring);
/* Monotonic time now; true with what counts and what passed, when it gets nowhere. */
bool child_watch_is_still(ChildWatch *self, const Ring *ring, pid_t pid, int64_t now_us,
                          int64_t *ret_counts_us, int64_t *ret_passed_us);
