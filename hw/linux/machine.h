/* The machine below the Linux board: its files, and the one call that a test answers itself. */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef struct Machine {
    const char *root; /* stands before every path; "" = the real one */
    int (*ioctl)(void *user, int fd, unsigned long request, void *argument); /* as ioctl(2) */
    void *user;
} Machine;

/* The machine that this program runs on. */
extern const Machine machine_real;

char *machine_path(const Machine *self, const char *path);
/* As open(2), close-on-exec. -1 and errno. */
int machine_open(const Machine *self, const char *path, int flags);
/* Tried again after a signal. -1 and errno. */
int machine_ioctl(const Machine *self, int fd, unsigned long request, void *argument);

/* A small file without the white space at its ends; NULL when it cannot be read. `path` is whole.
 */
char *machine_read_text(const char *path);
bool machine_write_text(const char *path, const char *text);
/* "what: reason", the reason from errno. */
void machine_fail(GError **error, const char *what);
