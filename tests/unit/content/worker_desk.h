/* A folder with speech.wav in it, and the content worker to try files on. */
#pragma once

#include "json.h"

#include <glib.h>
#include <stdint.h>

void worker_desk_open(void);
void worker_desk_close(void);

char *worker_path(const char *name);
/* In the folder; must succeed. */
void worker_shell(const char *format, ...) G_GNUC_PRINTF(1, 2);
/* Runs the worker on a file; `ret_bytes` is the size of what it wrote. */
Json *worker_try(const char *name, const char *output, int64_t *ret_bytes);
/* By ffmpeg's own meter. */
void worker_measure(const char *name, double *ret_lufs, double *ret_dbtp);
