/* The kernel's name for this boot: what tells a power cut from a restart of the daemon. */
#pragma once

#include <glib.h>

#define BOOT_ID_HEX 32

/* 32 lower-case hexadecimal digits, as receipts carry them. `path` NULL = the kernel's own file. */
char *boot_id_read(const char *path, GError **error);
