/* Shutting this process in before it reads a byte that came from outside. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct SandboxLimits {
    uint64_t memory_bytes; /* address space */
    unsigned cpu_seconds;  /* of processor time; then the process dies */
    uint64_t file_bytes;   /* largest file it may write */
    unsigned files;        /* open files, inherited ones included */
} SandboxLimits;

/* First thing in main(), while there is one thread: an empty network of its own, where the kernel
 * lets us. False changes nothing: the system-call filter of sandbox_enter() is the wall. */
bool sandbox_leave_network(void);

/* After this: no file can be opened, no program started, no process made, no socket used, no
 * memory made executable; descriptors that are open stay usable. Asking for a socket, a program or
 * another process's memory ends this process with SIGSYS. Holds for every thread. */
bool sandbox_enter(const SandboxLimits *limits, GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef enum { SANDBOX_ERROR_REFUSED } SandboxError;
#define SANDBOX_ERROR (sandbox_error_quark())
GQuark sandbox_error_quark(void);
