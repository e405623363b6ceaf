/* One run of the content worker as a child process of the loop. */
#pragma once

#include "json.h"

#include <gio/gio.h>

#define WORKER_WALL_SECONDS (20 * 60)
#define WORKER_SAID_MAX     (64 * 1024) /* bytes of JSON lines; more is no worker of ours */

typedef struct WorkerRun WorkerRun;

/* `result` is the line with "ok", or NULL when the child died, said nothing or was killed;
 * borrowed. Called exactly once, from the loop; the run must then be freed. */
typedef void (*WorkerRunDone)(const Json *result, void *user);

/* Reads `input`, writes `output` (both opened here; the child never sees a name). */
WorkerRun *worker_run_start(const char *worker, const char *input, const char *output,
                            WorkerRunDone done, void *user, GError **error);
/* Kills what still runs; `done` is not called any more. */
void worker_run_free(WorkerRun *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WorkerRun, worker_run_free)

double worker_run_progress(const WorkerRun *self); /* 0..1 */
