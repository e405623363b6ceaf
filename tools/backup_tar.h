/* One header block of a tar file. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "backup_format.h"

#define TAR_BLOCK    512
#define TAR_NAME_MAX 99

/* Mode 0600, no owner. `path` is at most TAR_NAME_MAX long. */
void tar_header_make(char ret_block[TAR_BLOCK], const char *path, uint64_t size, int64_t when_s);
/* True with an empty `ret_path` for the zeros at the end. False for a wrong checksum and for
 * anything but a plain file. */
bool tar_header_read(const char block[TAR_BLOCK], char ret_path[TAR_NAME_MAX + 1],
                     uint64_t *ret_size);
