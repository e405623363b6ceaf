/* The program `age` at the end of a pipe: https://age-encryption.org/v1, Debian package age. */
#pragma once

#include <gio/gio.h>
#include <stdbool.h>

typedef struct AgePipe {
    GPid pid;
    int in;  /* -1 where it reads a file by itself */
    int out; /* what it gives */
} AgePipe;

bool age_pipe_encrypt(AgePipe *pipe, const char *recipients_file,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool age_pipe_decrypt(AgePipe *pipe, const char *identity_file, const char *file,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* No more input. */
void age_pipe_end_input(AgePipe *pipe);
/* Waits; false unless age was content. What it says goes to stderr. */
bool age_pipe_close(AgePipe *pipe, GError **error) G_GNUC_WARN_UNUSED_RESULT;
